import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { valueOf, type Message, type Response } from '../testing/messages.ts'
import { RawClient, aMoment, exchange, until } from '../testing/raw-client.ts'
import { Recorder, okay } from '../testing/recorder.ts'
import { hostName, httpBackend, mockBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const get = (target = '/x', lines = '') => `GET ${target} HTTP/1.1\r\n${host}${lines}\r\n`
const codeOf = (response: Response) => (JSON.parse(response.body.toString()) as { error_code: string }).error_code

for (const tls of [false, true]) {
  suite(`a caller's connection over ${tls ? 'TLS' : 'TCP'}`, { concurrency: 1 }, () => {
    let stand: Stand
    let recorder: Recorder
    let port: number

    before(async () => {
      recorder = await Recorder.start()
      const routes = [
        route(httpBackend(recorder.port)),
        route(mockBackend('made here'), { path: '/mock', matchMode: 'NORMAL' }),
        route(httpBackend(recorder.port, { method: 'GET' }), { path: '/as-get', matchMode: 'NORMAL' }),
        route(httpBackend(recorder.port, { method: 'HEAD' }), { path: '/as-head', matchMode: 'NORMAL' }),
      ]
      stand = await Stand.open({ snapshot: snapshotOf(routes), tls: true })
      port = tls ? stand.tlsPort : stand.port
    })
    beforeEach(async () => {
      recorder.behaviour = {}
      // Each test begins without a connection to the backend.
      for (const { socket } of recorder.connections) socket.destroy()
      await until(() => recorder.connections.every(({ closed }) => closed), 'the backend connections to be closed')
      await aMoment()
      recorder.clear()
      stand.records.length = 0
    })
    after(async () => {
      await stand.close()
      await recorder.close()
    })

    const answers = (bytes: string) => {
      recorder.behaviour = { request: ({ socket }) => void socket.write(Buffer.from(bytes, 'latin1')) }
    }

    test('what travels on to the backend is the request without what belongs to the connection', async () => {
      const lines =
        'X-A: 1\r\nConnection: x-hop, keep-alive\r\nX-Hop: gone\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nUpgrade: h2c\r\n' +
        'Proxy-Authorization: gone\r\nX-Request-Id: gone\r\nX-Real-IP: gone\r\nX-Forwarded-For: 10.1.1.1\r\nX-a: 2\r\n'
      const [response] = await exchange(port, get('/a%20b?c=d&c', lines), { tls })
      const [request] = recorder.requests
      assert.equal(request!.start, 'GET /a%20b?c=d&c HTTP/1.1')
      assert.deepEqual(request!.fields, [
        ['host', `127.0.0.1:${recorder.port}`],
        ['x-a', '1'],
        ['x-a', '2'],
        ['x-forwarded-for', '10.1.1.1, 127.0.0.1'],
        ['x-forwarded-proto', tls ? 'https' : 'http'],
        ['x-forwarded-port', String(port)],
        ['x-real-ip', '127.0.0.1'],
        ['x-request-id', valueOf(response!, 'x-request-id')],
      ])
    })

    test('what travels back is the response without what belongs to the connection', async () => {
      answers(
        'HTTP/1.1 299 Quite Fine\r\nServer: other\r\nX-A: 1\r\nConnection: x-hop\r\nX-Hop: gone\r\nX-Request-Id: gone\r\n' +
          'Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nok',
      )
      const [response] = await exchange(port, get(), { tls })
      assert.equal(response!.start, 'HTTP/1.1 299 Quite Fine')
      const id = valueOf(recorder.requests[0]!, 'x-request-id')
      assert.deepEqual(response!.fields, [
        ['x-a', '1'],
        ['date', 'Thu, 01 Jan 2026 00:00:00 GMT'],
        ['set-cookie', 'a'],
        ['set-cookie', 'b'],
        ['server', 'api-gateway'],
        ['x-request-id', id],
        ['content-length', '2'],
      ])
    })

    test('100 Continue comes from the gateway as soon as the body is wanted', async () => {
      const client = await RawClient.open(port, tls)
      client.write(`POST /x HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`)
      await client.until(() => client.received.includes('\r\n\r\n'), '100 Continue')
      assert.equal(client.received.toString(), 'HTTP/1.1 100 Continue\r\n\r\n')
      client.write('abc')
      const [response] = await client.responses(1)
      assert.equal(response!.body.toString(), 'abc')
      assert.equal(valueOf(recorder.requests[0]!, 'expect'), undefined)
      client.destroy()
    })

    test('a refused request gets its final status and no 100', async () => {
      const client = await RawClient.open(port, tls)
      client.write(`POST /x HTTP/1.1\r\nHost: unknown.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`)
      await client.untilOver()
      const { messages } = client.read()
      assert.deepEqual(
        messages.map(({ status }) => status),
        [404],
      )
      assert.equal(valueOf(messages[0]!, 'connection'), 'close')
      client.destroy()
    })

    test('an expectation is nothing to HTTP/1.0', async () => {
      const bytes = `POST /x HTTP/1.0\r\n${host}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc`
      const [response] = await exchange(port, bytes, { tls })
      assert.equal(response!.body.toString(), 'abc')
    })

    test('HEAD is answered with the length and without the body', async () => {
      answers('HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n')
      const client = await RawClient.open(port, tls)
      const response = await client.call(`HEAD /x HTTP/1.1\r\n${host}\r\n`, 'HEAD')
      assert.equal(valueOf(response, 'content-length'), '12345')
      const refused = await client.call(`HEAD /x HTTP/1.1\r\nHost: unknown.test\r\n\r\n`, 'HEAD')
      assert.equal(refused.status, 404)
      assert.notEqual(valueOf(refused, 'content-length'), '0')
      const mock = await client.call(`HEAD /mock HTTP/1.1\r\n${host}\r\n`, 'HEAD')
      assert.equal(valueOf(mock, 'content-length'), '9')
      recorder.behaviour = {}
      assert.equal((await client.call(get())).body.toString(), 'ok', 'nothing is left over')
      client.destroy()
    })

    test('a broken message behind a HEAD is answered with a body', async () => {
      const client = await RawClient.open(port, tls)
      await client.call(`HEAD /mock HTTP/1.1\r\n${host}\r\n`, 'HEAD')
      assert.equal(codeOf(await client.call('BROKEN\r\n\r\n')), 'APIG.0201')
      client.destroy()
    })

    const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
    for (const [framing, body] of [
      [`Content-Length: ${evil.length}\r\n\r\n`, evil],
      ['Transfer-Encoding: chunked\r\n\r\n', evil],
      ['\r\n', evil],
    ] as const) {
      test(`HEAD for which the backend is sent GET: the body after ${JSON.stringify(framing)} stays behind`, async () => {
        let asked = 0
        recorder.behaviour = {
          request: ({ socket }, { start }) => {
            assert.match(start, /^GET /)
            // The body comes when the next request, if it is sent here, waits for its answer.
            if (asked++ === 0) socket.write(`HTTP/1.1 200 OK\r\n${framing}`)
            else socket.write(socket === recorder.connections[0]!.socket ? body : okay)
          },
        }
        const client = await RawClient.open(port, tls)
        const response = await client.call(`HEAD /as-get HTTP/1.1\r\n${host}\r\n`, 'HEAD')
        assert.equal(response.status, 200)
        assert.equal((await client.call(get())).body.toString(), 'ok')
        client.destroy()
      })
    }

    test('GET for which the backend is sent HEAD is answered without a body, and at once', async () => {
      answers('HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n')
      const client = await RawClient.open(port, tls)
      const response = await client.call(get('/as-head'))
      assert.match(recorder.requests[0]!.start, /^HEAD /)
      assert.equal(response.body.length, 0)
      assert.equal(valueOf(response, 'content-length'), '0')
      client.destroy()
    })

    test('204 and 304 have no body', async () => {
      const client = await RawClient.open(port, tls)
      answers('HTTP/1.1 204 No Content\r\n\r\n')
      const empty = await client.call(get())
      assert.equal(empty.status, 204)
      assert.equal(valueOf(empty, 'content-length'), undefined)
      assert.equal(valueOf(empty, 'transfer-encoding'), undefined)
      answers('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n')
      const unchanged = await client.call(get())
      assert.equal(unchanged.status, 304)
      assert.equal(valueOf(unchanged, 'etag'), '"a"')
      recorder.behaviour = {}
      assert.equal((await client.call(get())).body.toString(), 'ok')
      client.destroy()
    })

    test('interim responses of the backend are passed over', async () => {
      answers(
        `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${okay}`,
      )
      const [response, ...more] = await exchange(port, get(), { tls })
      assert.equal(response!.status, 200)
      assert.equal(valueOf(response!, 'link'), undefined)
      assert.deepEqual(more, [])
    })

    test('trailers and chunk extensions stay behind, in both directions', async () => {
      answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0;c\r\nX-Evil: response\r\n\r\n')
      const bytes = `POST /x HTTP/1.1\r\n${host}Transfer-Encoding: Chunked\r\n\r\n003;a="b"\r\nabc\r\n0\r\nX-Evil: request\r\nHost: evil\r\n\r\n`
      const [response] = await exchange(port, bytes, { tls })
      assert.equal(response!.body.toString(), 'ok')
      assert.equal(response!.framing, 'chunked')
      assert.equal(recorder.requests[0]!.body.toString(), 'abc')
      assert.equal(recorder.bytes.includes('Evil'), false)
    })

    const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n'
    for (const [name, pieces] of [
      ['at once', [chunks]],
      ['in two pieces', [chunks.slice(0, 60), chunks.slice(60)]],
      ['byte by byte', [...chunks]],
    ] as const) {
      for (const keep of ['', 'Connection: keep-alive\r\n']) {
        test(`a chunked response ${name} reaches HTTP/1.0${keep && ' that would be kept'} up to the connection's end`, async () => {
          recorder.behaviour = {
            request: async ({ socket }) => {
              for (const piece of pieces) {
                socket.write(piece)
                await aMoment()
              }
            },
          }
          const client = await RawClient.open(port, tls)
          client.write(`GET /x HTTP/1.0\r\n${host}${keep}\r\n`)
          await client.untilOver()
          const [response] = client.read().messages
          assert.equal(response!.framing, 'close')
          assert.equal(valueOf(response!, 'connection'), 'close')
          assert.equal(response!.body.toString(), 'abcdef')
          client.destroy()
        })
      }
    }

    test('HTTP/1.0 is kept open when it asks for it and the length is known', async () => {
      const client = await RawClient.open(port, tls)
      const bytes = `GET /x HTTP/1.0\r\n${host}Connection: keep-alive\r\n\r\n`
      assert.equal(valueOf(await client.call(bytes), 'connection'), 'keep-alive')
      assert.equal((await client.call(bytes)).body.toString(), 'ok')
      const last = await client.call(`GET /x HTTP/1.0\r\n${host}\r\n`)
      assert.equal(valueOf(last, 'connection'), 'close')
      await client.untilOver()
      client.destroy()
    })

    test('a response that ends with its connection reaches HTTP/1.1 in chunks', async () => {
      recorder.behaviour = {
        request: ({ socket }) => {
          socket.write('HTTP/1.1 200 OK\r\n\r\nto the')
          setTimeout(() => socket.end(' end'), 5)
        },
      }
      const client = await RawClient.open(port, tls)
      const response = await client.call(get())
      assert.equal(response.framing, 'chunked')
      assert.equal(response.body.toString(), 'to the end')
      recorder.behaviour = {}
      assert.equal((await client.call(get())).status, 200, 'and the connection lives on')
      client.destroy()
    })

    test('an early answer is relayed while the body is still on its way, and both connections end', async () => {
      recorder.behaviour = { bytes: ({ socket }) => (socket.write(okay), true) }
      const client = await RawClient.open(port, tls)
      client.write(`POST /x HTTP/1.1\r\n${host}Content-Length: 100\r\n\r\nbeginning`)
      const [response] = await client.responses(1)
      assert.equal(response!.status, 200)
      assert.equal(valueOf(response!, 'connection'), 'close')
      client.write('and more')
      await client.untilOver()
      const asked = recorder.connections.find(({ pieces }) => pieces.length > 0)!
      await until(() => asked.closed, 'the backend connection to be closed')
      assert.deepEqual(stand.records, [])
      client.destroy()
    })

    test('who has said his last word still gets his answer', async () => {
      recorder.behaviour = { request: ({ socket }) => void setTimeout(() => socket.write(okay), 10) }
      const client = await RawClient.open(port, tls)
      client.socket.end(get())
      await client.untilOver()
      assert.equal(client.read().messages[0]!.body.toString(), 'ok')
      await until(() => client.closed, 'the connection to be closed')
    })

    test('who has said his last word gets every answer that he asked for', async () => {
      recorder.behaviour = { request: ({ socket }) => void setTimeout(() => socket.write(okay), 10) }
      const client = await RawClient.open(port, tls)
      client.socket.end(get('/1') + get('/2') + get('/3') + '\r\n')
      await client.untilOver()
      assert.deepEqual(
        client.read().messages.map(({ body }) => body.toString()),
        ['ok', 'ok', 'ok'],
      )
      await until(() => stand.traffic.connectionCount === 0, 'the connection to be forgotten')
    })

    for (const [name, bytes] of [
      ['a length', `POST /x HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nhalf`],
      ['chunks', `POST /x HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
      ['a head', `GET /x HTTP/1.1\r\n${host}`],
    ]) {
      test(`a last word within ${name} is a broken message, and has an id of its own`, async () => {
        const client = await RawClient.open(port, tls)
        const before = await client.call(get('/mock'))
        client.write(bytes!)
        await aMoment()
        client.socket.end()
        await client.untilOver()
        const [, response] = client.read().messages
        assert.equal(response!.status, 400)
        assert.equal(codeOf(response!), 'APIG.0201')
        assert.notEqual(valueOf(response!, 'x-request-id'), valueOf(before, 'x-request-id'))
        assert.equal(recorder.requests.length, 0)
        assert.equal(stand.records[0]!.row, '0201/400')
      })
    }

    test('pipelined requests are answered in their order, whoever answers them', async () => {
      recorder.behaviour = {
        request: ({ socket }, { start }) => {
          const name = start.split(' ')[1]!
          setTimeout(
            () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`),
            name === '/slow' ? 30 : 0,
          )
        },
      }
      const body = 'POST /posted HTTP/1.1\r\n' + host + 'Content-Length: 3\r\n\r\nabc'
      const bytes = get('/slow') + get('/mock') + body + get('/quick') + get('/mock') + get('/last')
      const found = await exchange(port, bytes, { tls, count: 6 })
      assert.deepEqual(
        found.map(response => response.body.toString()),
        ['/slow', 'made here', '/posted', '/quick', 'made here', '/last'],
      )
      assert.equal(new Set(found.map(response => valueOf(response, 'x-request-id'))).size, 6)
    })

    test('a request is served that stands behind more pipelined bytes than are held', async () => {
      const client = await RawClient.open(port, tls)
      const many = 1_000
      recorder.behaviour = { request: ({ socket }) => void setImmediate(() => socket.write(okay)) }
      client.write(get('/x', `X-A: ${'a'.repeat(100)}\r\n`).repeat(many) + get('/mock'))
      const found = await client.responses(many + 1, [], 20_000)
      assert.equal(found.length, many + 1)
      assert.equal(found.at(-1)!.body.toString(), 'made here')
      client.destroy()
    })

    test('a refusal keeps the connection, and what of the body is there is passed over', async () => {
      const client = await RawClient.open(port, tls)
      client.write(`POST /x HTTP/1.1\r\nHost: unknown.test\r\nContent-Length: 5\r\n\r\nab\r\n\r` + get('/mock'))
      const found = await client.responses(2)
      assert.deepEqual(
        found.map(({ status }) => status),
        [404, 200],
      )
      client.destroy()
    })

    test('a refusal has the headers, and the id of its record', async () => {
      const [response] = await exchange(port, `GET /x HTTP/1.1\r\nHost: unknown.test\r\n\r\n`, { tls })
      const { fields, body } = response as Message
      const id = valueOf(response!, 'x-request-id')!
      assert.match(id, /^[0-9a-f]{32}$/)
      assert.deepEqual(fields.map(([name]) => name).sort(), [
        'content-length',
        'content-type',
        'date',
        'server',
        'x-request-id',
      ])
      assert.equal(valueOf(response!, 'content-type'), 'application/json')
      assert.equal(valueOf(response!, 'server'), 'api-gateway')
      assert.ok(Math.abs(Date.parse(valueOf(response!, 'date')!) - Date.now()) < 5_000)
      assert.deepEqual(JSON.parse(body.toString()), {
        error_code: 'APIG.0101',
        error_msg: 'API not exist or not published in the environment.',
        request_id: id,
      })
      const [record] = stand.records
      assert.equal(record!.requestId, id)
      assert.equal(record!.scheme, tls ? 'https' : 'http')
      assert.equal(record!.host, 'unknown.test')
      assert.equal(record!.method, 'GET')
      assert.equal(record!.path, '/x')
    })
  })
}
