import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { backend } from './testing/admin.ts'
import { ask } from './testing/http.ts'
import { eventually } from './testing/eventually.ts'
import { openBackend } from './testing/listen.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** True once nobody listens. */
const closed = (port: number): Promise<true | undefined> =>
  ask({ port }).then(
    () => undefined,
    ({ code }) => (code === 'ECONNREFUSED' ? true : undefined),
  )

describe('a gateway that is told to stop', () => {
  const dataDir = join(temporaryDirectory(), 'data')
  let waiting: (() => void)[] = []
  let slow: Awaited<ReturnType<typeof openBackend>>
  let domain: string
  before(async () => {
    // Answers in halves, each when the test says so.
    slow = await openBackend((_request, response) => {
      response.writeHead(200, { 'content-length': '12' }).write('first ')
      waiting.push(() => response.end('second'))
    })
    const program = await startProgram({ dataDir })
    const group = await program.admin.makeGroup('slow_group')
    domain = group.sl_domain
    await program.admin.serve(group.id, { name: 'slow', req_uri: '/slow', ...backend(slow.port, '/') })
    await program.stop()
  })
  after(() => slow.close())

  /** A gateway with one request under way: the head and half of the body have come. */
  async function busy(): Promise<{ program: Program; underWay: ReturnType<Program['call']> }> {
    waiting = []
    const program = await startProgram({ dataDir })
    const underWay = program.call(domain, '/slow')
    await eventually('the request to arrive', () => waiting[0])
    return { program, underWay }
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`takes no more connections after ${signal}, finishes the request under way and ends with 0`, async () => {
      const { program, underWay } = await busy()
      program.process.signal(signal)
      await program.process.printed('Stopping')
      for (const port of [program.httpPort, program.httpsPort]) {
        await eventually('the port to close', () => closed(port))
      }
      assert.equal(program.process.child.exitCode, null)
      waiting[0]!()
      const answer = await underWay
      assert.deepEqual([answer.status, answer.text], [200, 'first second'])
      const { code, stderr } = await program.process.ended
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    })
  }

  it('ends at once when it is told twice', async () => {
    const { program, underWay } = await busy()
    const lost = assert.rejects(underWay)
    program.process.signal('SIGINT')
    await program.process.printed('Stopping')
    await delay(100)
    const asked = performance.now()
    program.process.signal('SIGINT')
    const { code } = await program.process.ended
    assert.ok(performance.now() - asked < 2000)
    assert.equal(code, 130)
    await lost
  })

  it('finishes what is under way when nobody reads its output any more', async () => {
    const { program, underWay } = await busy()
    program.process.child.stdout!.destroy()
    program.process.child.stderr!.destroy()
    program.process.signal('SIGINT')
    await eventually('the port to close', () => closed(program.httpPort))
    waiting[0]!()
    assert.equal((await underWay).text, 'first second')
    assert.equal((await program.process.ended).code, 0)
  })

  it('serves what it served when it is started again after that', async () => {
    const program = await startProgram({ dataDir })
    waiting = []
    const answer = program.call(domain, '/slow')
    ;(await eventually('the request to arrive', () => waiting[0]))()
    assert.equal((await answer).status, 200)
    await program.stop()
  })
})
