import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { valueOf } from '../testing/messages.ts'
import { RawClient, aMoment, until } from '../testing/raw-client.ts'
import { Recorder, type Recorded } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const get = `GET /x HTTP/1.1\r\n${host}\r\n`
const limit = 12_582_912
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** The value at which something that grows comes to rest. */
async function rest(value: () => number): Promise<number> {
  for (let before = -1, still = 0; still < 4; before = value()) {
    await wait(40)
    still = value() === before ? still + 1 : 0
  }
  return value()
}

/** What sockets of the system's own keep between two ends, at most. */
const inTheSystem = 12 * 1024 * 1024

for (const tls of [false, true]) {
  suite(`large bodies and slow readers over ${tls ? 'TLS' : 'TCP'}`, { concurrency: 1 }, () => {
    let stand: Stand
    let recorder: Recorder
    let port: number

    before(async () => {
      recorder = await Recorder.start()
      stand = await Stand.open({ snapshot: snapshotOf([route(httpBackend(recorder.port))]), tls: true })
      port = tls ? stand.tlsPort : stand.port
    })
    after(async () => {
      await stand.close()
      await recorder.close()
    })

    /** Writes as fast as the gateway takes it, and says how much that was. */
    function pour(connection: Recorded, body: Buffer): { readonly sent: number } {
      const { socket } = connection
      const progress = { sent: 0 }
      const more = () => {
        while (progress.sent < body.length) {
          const piece = body.subarray(progress.sent, progress.sent + 65_536)
          progress.sent += piece.length
          if (!socket.write(piece)) {
            socket.once('drain', more)
            return
          }
        }
      }
      more()
      return progress
    }

    for (const framing of ['length', 'chunked'] as const) {
      test(`a response of 50 MB (${framing}) waits for a caller who does not read, and arrives whole`, async () => {
        const body = randomBytes(50 * 1024 * 1024)
        let progress = { sent: 0 }
        recorder.behaviour = {
          request: connection => {
            if (framing === 'length') {
              connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
              progress = pour(connection, body)
            } else {
              const size = body.length.toString(16)
              connection.socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n`)
              progress = pour(connection, Buffer.concat([body, Buffer.from('\r\n0\r\n\r\n')]))
            }
          },
        }
        const client = await RawClient.open(port, tls)
        client.socket.pause()
        client.write(get)
        await until(() => progress.sent > 0, 'the backend to begin')
        const stoppedAt = await rest(() => progress.sent)
        assert.ok(stoppedAt < inTheSystem, `the backend is paused: it got rid of ${stoppedAt} bytes`)
        client.socket.resume()
        await until(() => client.length > body.length, 'all of it', 20_000)
        const [response] = await client.responses(1)
        assert.equal(sha256(response!.body), sha256(body))
        client.destroy()
      })
    }

    test('what waits for one caller is not overwritten by what the next one gets over the same backend connection', async () => {
      const size = 60_000
      recorder.behaviour = {
        request: ({ socket }, { start }) => {
          const letter = start.startsWith('GET /x ') ? 'a' : 'b'
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${letter.repeat(size)}`)
        },
      }
      recorder.clear()
      // Asks for more than the system keeps between the two: in the end one whole response waits in the gateway.
      const count = 300
      const slow = await RawClient.open(port, tls)
      slow.socket.pause()
      slow.write(get.repeat(count))
      assert.ok((await rest(() => recorder.requests.length)) < count, 'nobody who does not read gets more to read')
      const other = get.replace('/x', '/y')
      const quick = await RawClient.open(port, tls)
      for (let i = 0; i < 5; i++) assert.equal((await quick.call(other)).body.toString(), 'b'.repeat(size))
      slow.socket.resume()
      await until(() => slow.length > count * size, 'all of it', 20_000)
      const responses = await slow.responses(count)
      assert.equal(responses.length, count)
      for (const { body } of responses) assert.equal(body.indexOf('b'), -1)
      slow.destroy()
      quick.destroy()
    })

    test('an upload waits for a backend that does not read, and arrives whole', async () => {
      const body = randomBytes(limit)
      recorder.clear()
      let held: Recorded | undefined
      recorder.behaviour = {
        bytes: connection => {
          if (held === undefined) connection.socket.pause()
          held ??= connection
        },
      }
      const client = await RawClient.open(port, tls)
      client.write(`POST /x HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n`)
      client.write(body)
      await until(() => held !== undefined, 'the first bytes')
      await wait(100)
      assert.ok(client.socket.writableLength > 0, 'the caller is paused')
      held!.socket.resume()
      const [response] = await client.responses(1, [], 20_000)
      assert.equal(sha256(response!.body), sha256(body))
      client.destroy()
    })

    for (const framing of ['length', 'chunked'] as const) {
      const request = (body: Buffer) =>
        framing === 'length'
          ? [`POST /x HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n`, body]
          : [
              `POST /x HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
              body,
              '\r\n0\r\n\r\n',
            ]

      test(`a body of exactly 12582912 bytes passes (${framing})`, async () => {
        recorder.behaviour = {
          request: ({ socket }, { body }) =>
            void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n${sha256(body)}`),
        }
        const body = Buffer.alloc(limit, 'a')
        const client = await RawClient.open(port, tls)
        for (const piece of request(body)) client.write(piece)
        const [response] = await client.responses(1, [], 20_000)
        assert.equal(response!.body.toString(), sha256(body))
        client.destroy()
      })

      test(`one byte more is refused with 0201/413 (${framing}), and the caller gets to read it`, async () => {
        recorder.clear()
        recorder.behaviour = {}
        stand.records.length = 0
        const client = await RawClient.open(port, tls)
        for (const piece of request(Buffer.alloc(limit + 1, 'a'))) client.write(piece)
        const [response] = await client.responses(1, [], 20_000)
        assert.equal(response?.status, 413)
        assert.equal(valueOf(response, 'connection'), 'close')
        assert.equal(stand.records[0]!.row, '0201/413')
        await until(
          () => recorder.connections.every(({ closed, pieces }) => closed || pieces.length === 0),
          'the backend connection to be closed',
        )
        assert.equal(recorder.requests.length, 0, 'the backend has no whole request')
        client.destroy()
      })
    }

    test('who says all he has before he reads gets to read why it was refused', async () => {
      const client = await RawClient.open(port, tls)
      client.socket.pause()
      client.write(`POST /x HTTP/1.1\r\n${host}Content-Length: ${2 * limit}\r\n\r\n`)
      await new Promise(resolve => client.socket.write(Buffer.alloc(2 * limit), resolve))
      assert.equal(client.error, undefined)
      client.socket.resume()
      assert.equal((await client.responses(1))[0]!.status, 413)
      client.destroy()
    })

    test('a target of exactly 32768 bytes passes', async () => {
      recorder.behaviour = {}
      const client = await RawClient.open(port, tls)
      const target = `/${'a'.repeat(32_767)}`
      const response = await client.call(`GET ${target} HTTP/1.1\r\n${host}\r\n`)
      assert.equal(response.status, 200)
      assert.equal(recorder.requests.at(-1)!.start, `GET ${target} HTTP/1.1`)
      client.destroy()
    })

    test('header lines of 32768 bytes and headers of 131072 bytes pass, wherever they are cut', async () => {
      const client = await RawClient.open(port, tls)
      const line = (size: number) => `X-A: ${'a'.repeat(size - 5)}\r\n`
      const lines = host + line(32_768).repeat(3) + line(131_072 - host.length - 3 * 32_770 - 2)
      assert.equal(lines.length, 131_072)
      const start = 'GET /x HTTP/1.1\r\n'
      assert.equal((await client.call(`${start}${lines}\r\n`)).status, 200)
      client.write(`${start}${lines}\r`)
      await aMoment(6)
      assert.equal((await client.call('\n')).status, 200, 'cut before the last byte')
      assert.equal((await client.call(`${start}${lines}X:\r\n\r\n`)).status, 494)
      client.destroy()
    })
  })
}
