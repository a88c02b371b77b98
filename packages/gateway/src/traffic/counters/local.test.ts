import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { countersContract } from './counters.contract.ts'
import { LocalCounters } from './local.ts'
import { createTable, probes, uncountedCalls } from './shared-table.ts'

countersContract('local', () => new LocalCounters(createTable()))

const small = { known: 64, crowd: 64 }
const now = Date.now()

suite('counters in shared memory', { concurrency: 1 }, () => {
  test('four threads that hammer on few counters get exactly the limit in every window', async () => {
    const table = createTable(small)
    const input = { table, limit: 5_000, calls: 12_000, windows: 4, names: 3, start: now }
    const tallies = await Promise.all(Array.from({ length: 4 }, () => hammer(input)))
    for (let window = 0; window < input.windows; window++) {
      for (let name = 0; name < input.names; name++) {
        const taken = tallies.reduce((sum, tally) => sum + tally[window]![name]!, 0)
        assert.equal(taken, input.limit, `window ${window}, counter ${name}`)
      }
    }
    assert.equal(uncountedCalls(table), 0)
  })

  test('four threads that make each other room take over passed slots without losing a call', async () => {
    const table = createTable(small)
    // Every window brings names of its own, as many as there are slots: each slot changes hands again and again.
    const input = { table, limit: 100, calls: 200, windows: 20, names: 60, start: now, fresh: true }
    const tallies = await Promise.all(Array.from({ length: 4 }, () => hammer(input)))
    for (let window = 0; window < input.windows; window++) {
      for (let name = 0; name < input.names; name++) {
        const taken = tallies.reduce((sum, tally) => sum + tally[window]![name]!, 0)
        assert.equal(taken, input.limit, `window ${window}, counter ${name}`)
      }
    }
    assert.equal(uncountedCalls(table), 0)
  })

  test('a full table lets new names pass and says how often, and gives room once windows have passed', () => {
    const table = createTable(small)
    const counters = new LocalCounters(table)
    const window = { lengthMs: 1_000 }
    const claim = (name: string, crowd: boolean) => [{ counter: counters.counter(name, window, crowd), limit: 1 }]
    for (let i = 0; i < probes; i++) assert.equal(counters.take(claim(`address ${i}`, true), now), undefined)
    assert.equal(uncountedCalls(table), 0)
    for (let i = 0; i < 3; i++) assert.equal(counters.take(claim('late', true), now), undefined)
    assert.equal(uncountedCalls(table), 3)
    assert.ok(counters.take(claim('address 7', true), now), 'who has a slot is counted')
    assert.equal(counters.take(claim('configured', false), now), undefined)
    assert.ok(counters.take(claim('configured', false), now), 'the crowd takes no room from what is configured')
    assert.equal(counters.take(claim('late', true), now + 1_000), undefined)
    assert.ok(counters.take(claim('late', true), now + 1_000))
    assert.equal(uncountedCalls(table), 3)
  })

  test('a thread that died with the lock, or at a slot, is got over', () => {
    const table = createTable(small)
    const counters = new LocalCounters(table)
    new Int32Array(table)[3] = 77
    new BigInt64Array(table, 32, 128).fill(-1n)
    const claims = [{ counter: counters.counter('one', { lengthMs: 1_000 }), limit: 1 }]
    assert.equal(counters.take(claims, now), undefined)
    assert.ok(counters.take(claims, now))
    assert.equal(new Int32Array(table)[3], 0)
  })

  test('tables have seeds of their own, and whoever opens one gets its seed', () => {
    const seeds = [createTable(small), createTable(small)].map(table => new LocalCounters(table))
    const hashes = seeds.map(counters => counters.counter('one', { lengthMs: 1 }))
    assert.notDeepEqual([hashes[0]!.low, hashes[0]!.high], [hashes[1]!.low, hashes[1]!.high])
  })
})

/** Another thread on the same table: how many calls it got through, by window and counter. */
function hammer(input: object): Promise<number[][]> {
  const worker = new Worker(new URL('./hammer.testdata.ts', import.meta.url), { workerData: input })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
