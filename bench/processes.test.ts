import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf, descendants, machineCpu, memoryOf, ownCpu, start, threadsOf, type Running } from './processes.ts'

/** A program that uses `busy` milliseconds of CPU in the way that `where` says, prints that it is done, and stays. */
async function worker(t: TestContext, where: 'itself' | 'thread' | 'child', busy = 300): Promise<Running> {
  // By its own clock of CPU time: on a busy machine a third of a second may pass without any work.
  const burn = `const from = process.threadCpuUsage(); while (process.threadCpuUsage(from).user < ${busy * 1000}); `
  const code = {
    itself: `${burn} console.log('done'); setInterval(() => {}, 1000)`,
    thread: `const { Worker } = require('node:worker_threads')
      new Worker(${JSON.stringify(`${burn} console.log('done'); setInterval(() => {}, 1000)`)}, { eval: true })`,
    child: `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${burn} console.log('done'); setInterval(() => {}, 1000)`)}], { stdio: 'inherit' })
      process.on('SIGTERM', () => process.kill(-process.pid, 'SIGKILL')); setInterval(() => {}, 1000)`,
  }[where]
  const running = start({ command: [process.execPath, '-e', code], core: 0 })
  t.after(async () => {
    for (const pid of descendants(running.pid).slice(1)) process.kill(pid, 'SIGKILL')
    await running.stop()
  })
  while (!running.printed().includes('done')) await sleep(20)
  return running
}

// Less a few ticks of the kernel's clock, which counts in hundredths of a second.
const enough = 250_000

test('counts what a process itself has used', async t => {
  const { pid } = await worker(t, 'itself')
  assert.ok(ownCpu(pid) >= enough, String(ownCpu(pid)))
})

test('counts a thread, and shows it apart from the first', async t => {
  const { pid } = await worker(t, 'thread')
  assert.ok(ownCpu(pid) >= enough)
  assert.ok(Math.max(...threadsOf(pid).values()) >= enough)
  assert.ok(!threadsOf(pid).has(pid))
})

test('counts a child that still runs', async t => {
  const { pid } = await worker(t, 'child')
  assert.equal(descendants(pid).length, 2)
  assert.ok(cpuOf(pid) - ownCpu(pid) >= enough)
})

test('knows memory, and the time of the whole machine', async () => {
  assert.ok(memoryOf(process.pid) > 20 && memoryOf(process.pid) < 4000)
  const before = machineCpu()
  await sleep(100)
  const after = machineCpu()
  assert.ok(after.total > before.total)
  assert.ok(after.busy >= before.busy && after.busy - before.busy <= after.total - before.total)
})

test('a process that has ended has used nothing', async t => {
  const { pid, stop } = await worker(t, 'itself', 1)
  await stop()
  assert.equal(ownCpu(pid), 0)
})

test('a program that does not exist says so instead of taking the benchmark down', async () => {
  const running = start({ command: ['/nowhere/at-all'], core: 0 })
  await sleep(200)
  assert.match(running.printed(), /nowhere/)
  await running.stop()
})
