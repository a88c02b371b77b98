import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { after, before, beforeEach, suite, test } from 'node:test'
import { valueOf, type Response } from '../testing/messages.ts'
import { RawClient, aMoment, exchange, until } from '../testing/raw-client.ts'
import { Recorder, okay, type Behaviour } from '../testing/recorder.ts'
import { hostName, httpBackend, mockBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand, selfSigned } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const get = (path = '/x') => `GET ${path} HTTP/1.1\r\n${host}\r\n`
const post = (path = '/x') => `POST ${path} HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`

function assertRefused(response: Response | undefined, status: number, code: string): void {
  assert.equal(response?.status, status)
  const body = JSON.parse(response.body.toString()) as Record<string, string>
  assert.equal(body['error_code'], code)
  assert.equal(body['request_id'], valueOf(response, 'x-request-id'))
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

suite('a backend that is not as it should be', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder
  let secure: Recorder

  before(async () => {
    recorder = await Recorder.start()
    secure = await Recorder.start({}, await selfSigned())
    const at = (path: string, backend: ReturnType<typeof httpBackend>) => route(backend, { path })
    const routes = [
      route(httpBackend(recorder.port)),
      at('/refused', httpBackend(await freePort())),
      at('/no-such-name', httpBackend(80, { host: 'nope.invalid' })),
      at('/retried', httpBackend(recorder.port, { retries: 2 })),
      at('/by-default', httpBackend(recorder.port, { retries: -1 })),
      at('/secure', httpBackend(secure.port, { scheme: 'HTTPS' })),
      at('/secure-by-name', httpBackend(secure.port, { scheme: 'HTTPS', host: 'localhost' })),
      at('/tls-to-plain', httpBackend(recorder.port, { scheme: 'HTTPS' })),
      at('/plain-to-tls', httpBackend(secure.port)),
      at('/mock', mockBackend()),
    ]
    stand = await Stand.open({ snapshot: snapshotOf(routes) })
  })
  beforeEach(async () => {
    recorder.behaviour = {}
    for (const { socket } of recorder.connections) socket.destroy()
    await until(() => recorder.connections.every(({ closed }) => closed), 'the backend connections to be closed')
    await aMoment()
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
    await secure.close()
  })

  test('nobody listens: 0201/503', async () => {
    const [response] = await exchange(stand.port, get('/refused'))
    assertRefused(response, 503, 'APIG.0201')
    const [record] = stand.records
    assert.equal(record!.fault, 'backend')
    assert.match(JSON.stringify(record!.evidence), /ECONNREFUSED/)
  })

  test('its name cannot be resolved: 0605', async () => {
    const [response] = await exchange(stand.port, get('/no-such-name'))
    assertRefused(response, 500, 'APIG.0605')
  })

  const failures: [name: string, behaviour: Behaviour][] = [
    ['it resets the connection', { request: ({ socket }) => void socket.resetAndDestroy() }],
    ['it closes before the head', { request: ({ socket }) => void socket.end() }],
    ['it closes within the head', { request: ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-') }],
    ['it closes when it is called', { opened: ({ socket }) => void socket.destroy() }],
    ['it speaks another language', { request: ({ socket }) => void socket.end('220 smtp.test ESMTP\r\n') }],
    ['it speaks first', { opened: ({ socket }) => void socket.write('220 smtp.test ESMTP\r\n') }],
  ]
  for (const [name, behaviour] of failures) {
    for (const [method, bytes] of [
      ['GET', get()],
      ['POST', post()],
    ] as const) {
      test(`${name}: 0201/503 for ${method}, and the caller keeps his connection`, async () => {
        recorder.behaviour = behaviour
        const client = await RawClient.open(stand.port)
        assertRefused(await client.call(bytes), 503, 'APIG.0201')
        assert.equal((await client.call(get('/mock'))).body.toString(), 'mock')
        assert.deepEqual(
          stand.records.map(record => record.row),
          ['0201/503'],
        )
        assert.equal(recorder.connections.length, 1, 'asked once')
        client.destroy()
      })
    }
  }

  for (const [name, end] of [
    ['closes', (recorded: { socket: import('node:net').Socket }) => recorded.socket.end()],
    ['resets', (recorded: { socket: import('node:net').Socket }) => recorded.socket.resetAndDestroy()],
  ] as const) {
    test(`it ${name} within a body of known length: the caller notices`, async () => {
      recorder.behaviour = {
        request: recorded => {
          recorded.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
          setTimeout(() => end(recorded), 20)
        },
      }
      const client = await RawClient.open(stand.port)
      client.write(get() + get('/mock'))
      await client.untilOver()
      assert.equal(client.read().messages.length, 0)
      assert.equal(client.read().incomplete, true)
      assert.equal(stand.records[0]!.row, '0201/503')
      client.destroy()
    })
  }

  test('it resets within a body that ends with the connection: the caller notices', async () => {
    recorder.behaviour = {
      request: ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
        setTimeout(() => socket.resetAndDestroy(), 20)
      },
    }
    const client = await RawClient.open(stand.port)
    client.write(get())
    await client.untilOver()
    assert.equal(client.read().messages.length, 0)
    client.destroy()
  })

  /** The backend answers once, and closes the kept connection as soon as the next request comes. */
  const stale: Behaviour = {
    request: ({ socket, number, requests }) => {
      if (number === 0 && requests.length > 1) socket.destroy()
      else socket.write(okay)
    },
  }

  test('a kept connection that turns out to be closed is no failure for GET: it is asked again on a new one', async () => {
    recorder.behaviour = stale
    const client = await RawClient.open(stand.port)
    await client.call(get())
    assert.equal((await client.call(get())).body.toString(), 'ok')
    assert.equal(recorder.connections.length, 2)
    assert.deepEqual(stand.records, [])
    client.destroy()
  })

  test('for POST it is a failure: nobody knows whether it was done', async () => {
    recorder.behaviour = stale
    const client = await RawClient.open(stand.port)
    await client.call(get())
    assertRefused(await client.call(post()), 503, 'APIG.0201')
    assert.equal(recorder.connections.length, 1)
    client.destroy()
  })

  test('a connection that was closed while nobody used it is not used', async () => {
    const client = await RawClient.open(stand.port)
    await client.call(get())
    recorder.connections[0]!.socket.end()
    await until(() => recorder.connections[0]!.closed, 'the connection to be closed')
    assert.equal((await client.call(post())).body.toString(), 'abc')
    assert.equal(recorder.connections.length, 2)
    client.destroy()
  })

  for (const [path, bytes, attempts] of [
    ['/x', get, 1],
    ['/retried', get, 3],
    ['/by-default', get, 2],
    ['/by-default', post, 1],
  ] as const) {
    test(`${bytes('').slice(0, 4).trim()} ${path} is tried ${attempts} times in all`, async () => {
      recorder.behaviour = { request: ({ socket }) => void socket.destroy() }
      const [response] = await exchange(stand.port, bytes(path))
      assertRefused(response, 503, 'APIG.0201')
      assert.equal(recorder.connections.length, attempts)
      assert.equal((stand.records[0]!.evidence['attempts'] as unknown[]).length, attempts)
    })
  }

  test('the second attempt is as good as the first', async () => {
    recorder.behaviour = {
      request: ({ socket, number }) => void (number === 0 ? socket.destroy() : socket.write(okay)),
    }
    const [response] = await exchange(stand.port, get('/retried'))
    assert.equal(response!.body.toString(), 'ok')
    const [first, second] = recorder.requests
    assert.deepEqual(first, second)
  })

  test('one connection serves many requests, one after the other', async () => {
    const client = await RawClient.open(stand.port)
    for (let i = 0; i < 20; i++) await client.call(i % 2 === 0 ? get() : post())
    assert.equal(recorder.connections.length, 1)
    assert.equal(recorder.requests.length, 20)
    client.destroy()
  })

  for (const path of ['/secure', '/secure-by-name']) {
    test(`over TLS it is asked like any other (${path})`, async () => {
      secure.clear()
      const big = 'b'.repeat(300_000)
      secure.behaviour = {
        request: ({ socket }) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${big.length}\r\n\r\n${big}`),
      }
      const client = await RawClient.open(stand.port)
      assert.equal((await client.call(get(path))).body.toString(), big)
      secure.behaviour = {}
      assert.equal((await client.call(post(path))).body.toString(), 'abc')
      assert.equal(secure.connections.filter(({ pieces }) => pieces.length > 0).length, 1, 'on one connection')
      client.destroy()
    })
  }

  test('HTTPS towards a backend that speaks HTTP: 0201/503', async () => {
    recorder.behaviour = { bytes: ({ socket }) => (socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), true) }
    assertRefused((await exchange(stand.port, get('/tls-to-plain')))[0], 503, 'APIG.0201')
  })

  test('HTTP towards a backend that speaks HTTPS: 0201/503', async () => {
    assertRefused((await exchange(stand.port, get('/plain-to-tls')))[0], 503, 'APIG.0201')
  })

  test('a caller who leaves takes the backend request with him', async () => {
    recorder.behaviour = { request: () => {} }
    const client = await RawClient.open(stand.port)
    client.write(get())
    await until(() => recorder.requests.length === 1, 'the request')
    client.socket.resetAndDestroy()
    await until(() => recorder.connections[0]!.closed, 'the backend connection to be closed')
    assert.deepEqual(stand.records, [])
  })
})
