import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { valueOf } from './testing/messages.ts'
import { RawClient, aMoment, until } from './testing/raw-client.ts'
import { Recorder, okay } from './testing/recorder.ts'
import { hostName, httpBackend, mockBackend, route, snapshotOf } from './testing/snapshots.ts'
import { Stand } from './testing/stand.ts'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${hostName}\r\n\r\n`

async function open(): Promise<{ stand: Stand; recorder: Recorder }> {
  const recorder = await Recorder.start({ request: () => {} })
  const routes = [route(httpBackend(recorder.port)), route(mockBackend(), { path: '/mock' })]
  return { stand: await Stand.open({ snapshot: snapshotOf(routes) }), recorder }
}

suite('going down', { concurrency: 1 }, () => {
  test('what is idle ends at once, what is busy after its response, and nobody new is let in', async () => {
    const { stand, recorder } = await open()
    const idle = await RawClient.open(stand.port)
    await idle.call(get('/mock'))
    const busy = await RawClient.open(stand.port)
    busy.write(get('/x'))
    const half = await RawClient.open(stand.port)
    half.write('GET /mock HTTP/1.1\r\n')
    await until(() => recorder.requests.length === 1, 'the request')
    await aMoment()

    const begun = Date.now()
    const drained = stand.traffic.drain(stand.servers, 10_000)
    await idle.untilOver()
    await assert.rejects(RawClient.open(stand.port))
    assert.equal(busy.over, false)
    half.write(`Host: ${hostName}\r\n\r\n`)
    const [late] = await half.responses(1)
    assert.equal(valueOf(late!, 'connection'), 'close')
    recorder.connections[0]!.socket.write(okay)
    const [response] = await busy.responses(1)
    assert.equal(response!.body.toString(), 'ok')
    assert.equal(valueOf(response!, 'connection'), 'close')
    for (const client of [idle, busy, half]) {
      await client.untilOver()
      client.destroy()
    }
    await drained
    assert.ok(Date.now() - begun < 5_000, 'no longer than it takes')
    await until(() => recorder.connections[0]!.closed, 'the backend connection to be closed')
    await recorder.close()
  })

  test('what has not finished by then is ended', async () => {
    const { stand, recorder } = await open()
    const busy = await RawClient.open(stand.port)
    busy.write(get('/x'))
    await until(() => recorder.requests.length === 1, 'the request')
    await stand.traffic.drain(stand.servers, 50)
    await busy.untilOver()
    assert.equal(busy.received.length, 0)
    await until(() => stand.traffic.connectionCount === 0, 'every connection to be closed')
    busy.destroy()
    await recorder.close()
  })

  test('who is under way when a snapshot comes keeps the one he began with', async () => {
    const { stand, recorder } = await open()
    const client = await RawClient.open(stand.port)
    client.write(get('/x') + get('/x'))
    await until(() => recorder.requests.length === 1, 'the request')
    stand.traffic.adopt(snapshotOf([route(mockBackend('new'))], [], 2))
    assert.equal(stand.traffic.revision, 2)
    recorder.connections[0]!.socket.write(okay)
    const found = await client.responses(2)
    assert.deepEqual(
      found.map(({ body }) => body.toString()),
      ['ok', 'new'],
    )
    client.destroy()
    await stand.close()
    await recorder.close()
  })

  test('without a snapshot everything is 0606, but what cannot be read', async () => {
    const stand = await Stand.open()
    assert.equal(stand.traffic.revision, -1)
    const client = await RawClient.open(stand.port)
    const cases: [bytes: string, code: string, status: number][] = [
      [get('/x'), 'APIG.0606', 500],
      [`GET /x HTTP/1.1\r\nHost: unknown\r\n\r\n`, 'APIG.0606', 500],
      [`POST /x HTTP/1.1\r\nHost: ${hostName}\r\nContent-Length: 3\r\n\r\nabc`, 'APIG.0606', 500],
      [`TRACE /%zz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 'APIG.0606', 500],
    ]
    for (const [bytes, code, status] of cases) {
      const response = await client.call(bytes)
      assert.equal(response.status, status)
      assert.match(response.body.toString(), new RegExp(`"${code}"`))
    }
    await client.untilOver()
    client.destroy()
    const other = await RawClient.open(stand.port)
    assert.equal((await other.call('GET /x\r\n\r\n')).status, 400)
    other.destroy()
    await stand.close()
  })
})
