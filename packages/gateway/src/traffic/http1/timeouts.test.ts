import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { RawClient, aMoment, until } from '../testing/raw-client.ts'
import { Recorder, okay } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const get = `GET /x HTTP/1.1\r\n${host}\r\n`
const upload = (length: number) => `POST /x HTTP/1.1\r\n${host}Content-Length: ${length}\r\n\r\n`
const limits = { headMs: 1_000, idleMs: 3_000, bodySilenceMs: 2_000, stallMs: 4_000, lingerMs: 500 }
/** Longer than a turn of the wheel is off. */
const little = 60

suite('how long the gateway waits', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    const routes = [
      route(httpBackend(recorder.port, { timeoutMs: 1_500 })),
      route(httpBackend(recorder.port, { timeoutMs: 60_000 }), { path: '/patient' }),
    ]
    stand = await Stand.open({ snapshot: snapshotOf(routes), limits, turned: true })
  })
  beforeEach(() => {
    recorder.behaviour = {}
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  const row = () => stand.records.map(record => record.row)

  test('a connection without a request is closed without a word', async () => {
    const client = await RawClient.open(stand.port)
    await aMoment()
    stand.pass(limits.idleMs - little)
    await aMoment()
    assert.equal(client.over, false)
    stand.pass(2 * little)
    await client.untilOver()
    assert.equal(client.received.length, 0)
    assert.deepEqual(row(), [])
    client.destroy()
  })

  test('a kept connection is closed when it is idle', async () => {
    const client = await RawClient.open(stand.port)
    await client.call(get)
    stand.pass(limits.idleMs + little)
    await client.untilOver()
    client.destroy()
  })

  test('a head that comes too slowly is a broken message, however often a byte comes', async () => {
    const client = await RawClient.open(stand.port)
    for (const byte of get.slice(0, 20)) {
      client.write(byte)
      await aMoment()
      stand.pass(limits.headMs / 15)
    }
    await client.untilOver()
    assert.equal(client.read().messages[0]!.status, 400)
    assert.deepEqual(row(), ['0201/400'])
    client.destroy()
  })

  test('a body that stops is a broken message', async () => {
    const client = await RawClient.open(stand.port)
    client.write(`POST /patient HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nabc`)
    await aMoment(4)
    stand.pass(limits.bodySilenceMs + little)
    await client.untilOver()
    assert.equal(client.read().messages[0]!.status, 400)
    assert.deepEqual(row(), ['0201/400'])
    await until(() => recorder.connections.at(-1)!.closed, 'the backend connection to be closed')
    client.destroy()
  })

  test('a caller who is silent within a body is not the backend being slow', async () => {
    const client = await RawClient.open(stand.port)
    client.write(`${upload(9)}abc`)
    await aMoment(4)
    stand.pass(limits.bodySilenceMs - little)
    await aMoment()
    client.write('def')
    await aMoment(4)
    assert.deepEqual(row(), [])
    stand.pass(limits.bodySilenceMs - little)
    client.write('ghi')
    const [response] = await client.responses(1)
    assert.equal(response!.body.toString(), 'abcdefghi')
    client.destroy()
  })

  test('a slow body passes as long as something comes', async () => {
    const client = await RawClient.open(stand.port)
    client.write(upload(10))
    for (let i = 0; i < 10; i++) {
      await aMoment(3)
      stand.pass(limits.bodySilenceMs / 2)
      client.write(String(i))
    }
    const [response] = await client.responses(1)
    assert.equal(response!.body.toString(), '0123456789')
    client.destroy()
  })

  test('a backend that does not answer in time: 0201/504', async () => {
    recorder.behaviour = { request: () => {} }
    const client = await RawClient.open(stand.port)
    client.write(get)
    await until(() => recorder.requests.length > 0, 'the request')
    stand.pass(1_500 - little)
    await aMoment()
    assert.equal(client.received.length, 0)
    stand.pass(2 * little)
    const [response] = await client.responses(1)
    assert.equal(response!.status, 504)
    assert.match(response!.body.toString(), /"APIG\.0201"/)
    assert.match(response!.body.toString(), /Backend timeout\./)
    assert.deepEqual(row(), ['0201/504'])
    await until(() => recorder.connections.at(-1)!.closed, 'the backend connection to be closed')
    recorder.behaviour = {}
    assert.equal((await client.call(get)).status, 200, 'the caller keeps his connection')
    client.destroy()
  })

  test('a backend that only says interim things in time: 0201/504', async () => {
    recorder.behaviour = { request: ({ socket }) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n') }
    const client = await RawClient.open(stand.port)
    client.write(get)
    await until(() => recorder.requests.length > 0, 'the request')
    const { socket } = recorder.connections.at(-1)!
    for (let i = 0; i < 20; i++) {
      await aMoment(3)
      stand.pass(100)
      if (!socket.destroyed) socket.write('HTTP/1.1 102 Processing\r\n\r\n')
    }
    assert.equal((await client.responses(1))[0]!.status, 504)
    client.destroy()
  })

  test('a backend that takes no body in time: 0201/504', async () => {
    recorder.behaviour = { opened: ({ socket }) => void socket.pause() }
    for (const { socket } of recorder.connections) socket.destroy()
    await aMoment(4)
    const client = await RawClient.open(stand.port)
    client.write(upload(12_000_000))
    for (let i = 0; i < 200; i++) client.write(Buffer.alloc(60_000))
    let before = -1
    await until(() => {
      const now = client.socket.bytesWritten - client.socket.writableLength
      const still = now === before
      before = now
      return still && now > 100_000
    }, 'nothing to move')
    await new Promise(resolve => setTimeout(resolve, 50))
    stand.pass(1_500 + little)
    const [response] = await client.responses(1)
    assert.equal(response!.status, 504)
    client.destroy()
  })

  test('a backend that trickles is waited for', async () => {
    recorder.behaviour = { request: ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n') }
    const client = await RawClient.open(stand.port)
    client.write(get)
    await until(() => client.received.length > 0, 'the head')
    for (const byte of 'slow!') {
      stand.pass(30_000)
      await aMoment(3)
      recorder.connections.at(-1)!.socket.write(byte)
      await aMoment(3)
    }
    assert.equal((await client.responses(1))[0]!.body.toString(), 'slow!')
    client.destroy()
  })

  test('a backend that stops within its body breaks the response off', async () => {
    recorder.behaviour = {
      request: ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'),
    }
    const client = await RawClient.open(stand.port)
    client.write(get)
    await until(() => client.received.includes('ab'), 'the beginning')
    stand.pass(60_000 + 1_000)
    await client.untilOver()
    assert.equal(client.read().incomplete, true)
    assert.deepEqual(row(), ['0201/503'])
    client.destroy()
  })

  test('a caller who never reads loses his connection, and one who reads slowly does not', async () => {
    const body = Buffer.alloc(30_000_000, 'a')
    recorder.behaviour = {
      request: ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
        socket.write(body)
      },
    }
    const [never, slow] = [await RawClient.open(stand.port), await RawClient.open(stand.port)]
    for (const client of [never, slow]) {
      client.socket.pause()
      client.write(get)
    }
    await until(() => recorder.requests.length === 2, 'the requests')
    for (let i = 0; i < 4; i++) {
      await new Promise(resolve => setTimeout(resolve, 30))
      const before = slow.length
      slow.socket.resume()
      await until(() => slow.length > before + 5_000_000, 'a part')
      slow.socket.pause()
      await new Promise(resolve => setTimeout(resolve, 30))
      stand.pass(limits.stallMs - little)
    }
    slow.socket.resume()
    await until(() => slow.length > body.length, 'the rest')
    assert.equal((await slow.responses(1))[0]!.body.length, body.length)
    assert.equal(stand.traffic.connectionCount, 1, 'only the one that reads is left')
    never.destroy()
    slow.destroy()
  })

  test('after the last response what still comes is read for a while, and then no more', async () => {
    const client = await RawClient.open(stand.port)
    client.write('BROKEN\r\n\r\n')
    await client.untilOver()
    await aMoment()
    assert.equal(stand.traffic.connectionCount, 1)
    client.write('more')
    await aMoment()
    stand.pass(limits.lingerMs + little)
    await until(() => stand.traffic.connectionCount === 0, 'the connection to be closed')
    client.destroy()
  })

  test('an idle backend connection is closed in time, and sooner when the backend says so', async () => {
    recorder.behaviour = {
      request: ({ socket }) =>
        void socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3\r\nContent-Length: 0\r\n\r\n'),
    }
    for (const { socket } of recorder.connections) socket.destroy()
    await aMoment(4)
    const client = await RawClient.open(stand.port)
    await client.call(get)
    const short = recorder.connections.at(-1)!
    stand.pass(2_000 + little)
    await until(() => short.closed, 'the backend connection to be closed')
    recorder.behaviour = { request: ({ socket }) => void socket.write(okay) }
    await client.call(get)
    const long = recorder.connections.at(-1)!
    stand.pass(2_500)
    await aMoment()
    assert.equal(long.closed, false)
    stand.pass(13_000)
    await until(() => long.closed, 'the backend connection to be closed')
    client.destroy()
  })
})
