import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RefusalRecord } from '../seam/observations.ts'
import { LocalCounters } from './counters/local.ts'
import { createTable } from './counters/shared-table.ts'
import { CannotListen, Fleet, type FleetOptions } from './fleet.ts'
import { valueOf } from './testing/messages.ts'
import { RawClient, exchange, until } from './testing/raw-client.ts'
import { Recorder, okay } from './testing/recorder.ts'
import { hostName, httpBackend, mockBackend, route, snapshotOf } from './testing/snapshots.ts'
import { selfSigned } from './testing/stand.ts'

const get = `GET /x HTTP/1.1\r\nHost: ${hostName}\r\n\r\n`
const saying = (text: string, revision: number) => snapshotOf([route(mockBackend(text))], [], revision)

async function start(change: Partial<FleetOptions> = {}) {
  const records: RefusalRecord[] = []
  const log: string[] = []
  const fleet = await Fleet.start({
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: -1,
    threads: 2,
    tls: undefined,
    refused: record => records.push(record),
    log: event => log.push(event),
    ...change,
  })
  return { fleet, records, log }
}

/** Answers over so many connections that no thread is left out. */
async function bodies(port: number, tls = false): Promise<Set<string>> {
  const all = await Promise.all(Array.from({ length: 24 }, () => exchange(port, get, { tls })))
  return new Set(all.map(([response]) => `${response!.status} ${response!.body.toString()}`))
}

suite('the traffic threads', { concurrency: 1 }, () => {
  test('share their ports, and all serve a snapshot once it is adopted', async () => {
    const { fleet, log } = await start({ httpsPort: 0, tls: await selfSigned() })
    assert.ok(fleet.httpPort > 0 && fleet.httpsPort > 0)
    assert.match([...(await bodies(fleet.httpPort))].join(), /^500 .*APIG\.0606/)
    for (const [text, revision] of [
      ['one', 1],
      ['two', 2],
      ['three', 3],
    ] as const) {
      assert.deepEqual(await fleet.adopt(saying(text, revision)), { everywhere: true })
      assert.deepEqual(await bodies(fleet.httpPort), new Set([`200 ${text}`]))
      assert.deepEqual(await bodies(fleet.httpsPort, true), new Set([`200 ${text}`]))
    }
    assert.deepEqual(
      fleet.observe().threads.map(({ thread, revision }) => [thread, revision]),
      [
        [0, 3],
        [1, 3],
      ],
    )
    await until(() => fleet.observe().threads.every(({ requests }) => requests > 0), 'both threads to have served')
    await fleet.drain(1_000)
    assert.deepEqual(log, [])
    await assert.rejects(RawClient.open(fleet.httpPort))
  })

  test('a thread that dies is replaced, and the new one serves the newest snapshot', async () => {
    const { fleet, log } = await start()
    await fleet.adopt(saying('old', 1))
    await fleet.adopt(saying('new', 2))
    const [first] = fleet.workers
    await first!.terminate()
    assert.deepEqual(await bodies(fleet.httpPort), new Set(['200 new']), 'the other goes on')
    await until(() => fleet.workers.length === 2, 'a new thread')
    await until(() => fleet.observe().threads.every(({ revision }) => revision === 2), 'the snapshot')
    assert.deepEqual(log, ['traffic thread died and is replaced'])
    for (const worker of fleet.workers) assert.notEqual(worker, first)
    assert.deepEqual(await bodies(fleet.httpPort), new Set(['200 new']))
    assert.deepEqual(await fleet.adopt(saying('newer', 3)), { everywhere: true })
    assert.deepEqual(await bodies(fleet.httpPort), new Set(['200 newer']))
    await fleet.drain(1_000)
  })

  test('the threads count together, and one that is replaced goes on where it was', async () => {
    const { fleet } = await start()
    const throttle = { id: 't', name: 'policy', scope: 't', windowMs: 3_600_000, period: '1 hour', api: 30 }
    const limits = { kind: 'limits', settings: { appQuotas: false, throttle } } as const
    await fleet.adopt(snapshotOf([route(mockBackend('in'), {}, [limits])]))
    const passed = async (calls: number) => {
      const all = await Promise.all(Array.from({ length: calls }, () => exchange(fleet.httpPort, get)))
      return all.filter(([response]) => response!.status === 200).length
    }
    assert.equal(await passed(24), 24)
    const [first] = fleet.workers
    await first!.terminate()
    await until(() => fleet.workers.length === 2 && !fleet.workers.includes(first!), 'a new thread')
    await until(() => fleet.observe().threads.every(({ revision }) => revision === 1), 'the snapshot')
    assert.equal(await passed(24), 6)
    await fleet.drain(1_000)
  })

  test('calls that find no room to be counted pass, and the log says so', async () => {
    const counters = createTable({ known: 64, crowd: 64 })
    const others = new LocalCounters(counters)
    for (let i = 0; i < 64; i++) {
      others.take([{ counter: others.counter(`other ${i}`, { lengthMs: 3_600_000 }), limit: 1 }], Date.now())
    }
    const { fleet, log } = await start({ counters })
    const throttle = { id: 't', name: 'policy', scope: 't', windowMs: 1_000, period: '1 second', api: 1 }
    const limits = { kind: 'limits', settings: { appQuotas: false, throttle } } as const
    await fleet.adopt(snapshotOf([route(mockBackend('in'), {}, [limits])]))
    assert.deepEqual(await bodies(fleet.httpPort), new Set(['200 in']))
    await until(() => log.length > 0, 'the log')
    assert.deepEqual(log, ['calls passed without being counted: the table of counters is full'])
    await fleet.drain(1_000)
  })

  test('who has not begun or not finished a handshake keeps no thread that goes down', async () => {
    const { fleet } = await start({ httpsPort: 0, tls: await selfSigned() })
    const silent = await RawClient.open(fleet.httpsPort)
    const halfway = await RawClient.open(fleet.httpsPort)
    halfway.socket.write(Buffer.from([22, 3, 1, 0, 200, 1]))
    let ended = false
    const draining = fleet.drain(60_000).then(() => (ended = true))
    // Well below the time that a greeting may take.
    await Promise.race([draining, sleep(5_000, undefined, { ref: false })])
    assert.equal(ended, true)
    silent.destroy()
    halfway.destroy()
  })

  test('one thread alone comes back on the port that it was given', async () => {
    const { fleet } = await start({ threads: 1 })
    await fleet.adopt(saying('here', 1))
    const { httpPort } = fleet
    await fleet.workers[0]!.terminate()
    await until(() => fleet.observe().threads[0]?.revision === 1, 'the new thread')
    assert.deepEqual(await bodies(httpPort), new Set(['200 here']))
    await fleet.drain(1_000)
  })

  for (const threads of [1, 2]) {
    for (const which of ['httpPort', 'httpsPort'] as const) {
      test(`${threads} do not start on an ${which} that is taken`, async () => {
        const other = createServer().listen(0, '127.0.0.1')
        await once(other, 'listening')
        const { port } = other.address() as AddressInfo
        await assert.rejects(start({ threads, [which]: port, tls: await selfSigned() }), (error: CannotListen) => {
          assert.ok(error instanceof CannotListen)
          assert.equal(error.port, port)
          assert.equal(error.code, 'EADDRINUSE')
          return true
        })
        other.close()
      })
    }
  }

  test('two fleets do not share a port by accident', async () => {
    const { fleet } = await start()
    await assert.rejects(start({ httpPort: fleet.httpPort }), CannotListen)
    await fleet.drain(1_000)
  })

  test('every refusal is told, and remembered by its request id', async () => {
    const { fleet, records } = await start()
    await fleet.adopt(saying('x', 1))
    const [response] = await exchange(fleet.httpPort, 'GET /x HTTP/1.1\r\nHost: unknown.test\r\n\r\n')
    const id = valueOf(response!, 'x-request-id')!
    await until(() => records.length === 1, 'the record')
    assert.equal(records[0]!.requestId, id)
    assert.equal(records[0]!.row, '0101')
    assert.deepEqual(fleet.refusal(id), records[0])
    assert.equal(fleet.refusal('0'.repeat(32)), undefined)
    await fleet.drain(1_000)
  })

  test('going down lets what is under way finish, and takes no longer than that', async () => {
    const recorder = await Recorder.start({ request: () => {} })
    const { fleet, records } = await start()
    await fleet.adopt(snapshotOf([route(httpBackend(recorder.port))]))
    const client = await RawClient.open(fleet.httpPort)
    client.write(get)
    const refused = await RawClient.open(fleet.httpPort)
    await refused.call('GET /x HTTP/1.1\r\nHost: unknown.test\r\n\r\n')
    await until(() => recorder.requests.length === 1, 'the request')
    const begun = Date.now()
    const drained = fleet.drain(20_000)
    await refused.untilOver()
    refused.destroy()
    recorder.connections[0]!.socket.write(okay)
    const [response] = await client.responses(1)
    assert.equal(response!.body.toString(), 'ok')
    client.destroy()
    await drained
    assert.ok(Date.now() - begun < 5_000)
    assert.equal(records.length, 1)
    await recorder.close()
  })

  test('going down ends what does not finish', async () => {
    const recorder = await Recorder.start({ request: () => {} })
    const { fleet } = await start({ threads: 1 })
    await fleet.adopt(snapshotOf([route(httpBackend(recorder.port))]))
    const client = await RawClient.open(fleet.httpPort)
    client.write(get)
    await until(() => recorder.requests.length === 1, 'the request')
    await fleet.drain(100)
    await client.untilOver()
    client.destroy()
    await recorder.close()
  })
})
