import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { errorMessage, errors, type ErrorRow } from '@pailou/contract'
import { valueOf } from '../testing/messages.ts'
import { RawClient, aMoment, until } from '../testing/raw-client.ts'
import { Recorder, okay } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const get = (lines = '', target = '/x', version = '1.1') => `GET ${target} HTTP/${version}\r\n${host}${lines}\r\n`
const post = (lines: string, body = '', version = '1.1') => `POST /x HTTP/${version}\r\n${host}${lines}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)
const second = `GET /second HTTP/1.1\r\n${host}\r\n`

type Case = [name: string, bytes: string, row: ErrorRow]

const requests: Case[] = [
  // The request line.
  ['four words', 'FOO BAR BAZ QUX\r\n\r\n', '0201/400'],
  ['no version (HTTP/0.9)', `GET /x\r\n${host}\r\n`, '0201/400'],
  ['HTTP/0.9 spelled out', get('', '/x', '0.9'), '0201/400'],
  ['HTTP/1.2', get('', '/x', '1.2'), '0201/400'],
  ['HTTP/2.0', get('', '/x', '2.0'), '0201/400'],
  ['HTTP/11', get('', '/x', '11'), '0201/400'],
  ['http in small letters', `GET /x http/1.1\r\n${host}\r\n`, '0201/400'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '0201/400'],
  ['two spaces behind the method', `GET  /x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['two spaces behind the target', `GET /x  HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['a tab for a space', `GET\t/x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['a space before the method', ` GET /x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['a space behind the version', `GET /x HTTP/1.1 \r\n${host}\r\n`, '0201/400'],
  ['a bare LF behind the request line', `GET /x HTTP/1.1\n${host}\r\n`, '0201/400'],
  ['a bare CR behind the request line', `GET /x HTTP/1.1\r${host}\r\n`, '0201/400'],
  ['CR CR LF', `GET /x HTTP/1.1\r\r\n${host}\r\n`, '0201/400'],
  ['two empty lines before the request', `\r\n\r\n${get()}`, '0201/400'],
  ['a bare LF before the request', `\n${get()}`, '0201/400'],
  ['a method with a delimiter', `GE(T /x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['an endless method', `${'G'.repeat(33)} /x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['no method', `/x HTTP/1.1\r\n${host}\r\n`, '0201/400'],
  ['a control character in the target', get('', '/x\x01'), '0201/400'],
  ['DEL in the target', get('', '/x\x7f'), '0201/400'],
  ['NUL in the target', get('', '/x\0y'), '0201/400'],
  ['a byte above ASCII in the target', get('', '/\xe9'), '0201/400'],
  ['a fragment', get('', '/x#y'), '0201/400'],
  ['a target without a slash', get('', 'x'), '0201/400'],
  ['an asterisk for GET', get('', '*'), '0201/400'],
  ['an absolute target of another host', get('', 'http://other.test/x'), '0201/400'],
  ['an absolute target without a host', get('', 'http:///x'), '0201/400'],
  ['an absolute target with a user', get('', `http://user@${hostName}/x`), '0201/400'],
  ['an absolute target of another scheme', get('', `ftp://${hostName}/x`), '0201/400'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', '0201/400'],

  // The fields.
  ['an empty name', get(': value\r\n'), '0201/400'],
  ['a space in a name', get('X Y: value\r\n'), '0201/400'],
  ['a space before the colon', get('X-A : value\r\n'), '0201/400'],
  ['a tab before the colon', get('X-A\t: value\r\n'), '0201/400'],
  ['no colon', get('X-A\r\n'), '0201/400'],
  ['a byte above ASCII in a name', get('X-\xe9: value\r\n'), '0201/400'],
  ['a delimiter in a name', get('X(A): value\r\n'), '0201/400'],
  ['a folded line', get('X-A: one\r\n two\r\n'), '0201/400'],
  ['a line folded by a tab', get('X-A: one\r\n\ttwo\r\n'), '0201/400'],
  ['a folded first line', `GET /x HTTP/1.1\r\n ${host}\r\n`, '0201/400'],
  ['NUL in a value', get('X-A: a\0b\r\n'), '0201/400'],
  ['a control character in a value', get('X-A: a\x01b\r\n'), '0201/400'],
  ['DEL in a value', get('X-A: a\x7fb\r\n'), '0201/400'],
  ['a bare CR in a value', get('X-A: a\rb\r\n'), '0201/400'],
  ['a bare LF behind a value', get('X-A: a\nX-B: b\r\n'), '0201/400'],
  ['CR CR LF behind a value', get('X-A: a\r\r\n'), '0201/400'],
  ['LF for the empty line', `GET /x HTTP/1.1\r\n${host}\n`, '0201/400'],
  ['CR and something else for the empty line', `GET /x HTTP/1.1\r\n${host}\rX\r\n`, '0201/400'],
  ['more fields than there may be', get('X-A: b\r\n'.repeat(1_000)), '0201/494'],
  ['a line of 33 KB', get(`X-A: ${'a'.repeat(33 * 1024)}\r\n`), '0201/494'],
  ['five lines of 30 KB', get(`X-A: ${'a'.repeat(30 * 1024)}\r\n`.repeat(5)), '0201/494'],
  ['a target of 32769 bytes', get('', `/${'a'.repeat(32_768)}`), '0201/414'],

  // The host.
  ['no Host', 'GET /x HTTP/1.1\r\n\r\n', '0602'],
  ['no Host in HTTP/1.0', 'GET /x HTTP/1.0\r\n\r\n', '0602'],
  ['two Hosts', get(host), '0602'],
  ['two different Hosts', get('Host: other.test\r\n'), '0602'],
  ['256 more Hosts', get(host.repeat(256)), '0602'],
  ['255 more Hosts', get(host.repeat(255)), '0602'],
  ['an empty Host', 'GET /x HTTP/1.1\r\nHost:\r\n\r\n', '0602'],
  ['a Host with a space', 'GET /x HTTP/1.1\r\nHost: a b\r\n\r\n', '0602'],
  ['a Host with a slash', `GET /x HTTP/1.1\r\nHost: ${hostName}/y\r\n\r\n`, '0602'],
  ['a Host with a user', `GET /x HTTP/1.1\r\nHost: user@${hostName}\r\n\r\n`, '0602'],
  ['a Host with a comma', `GET /x HTTP/1.1\r\nHost: ${hostName},other.test\r\n\r\n`, '0602'],
  ['a Host with a port that is none', `GET /x HTTP/1.1\r\nHost: ${hostName}:80a\r\n\r\n`, '0602'],
  ['a Host longer than a name can be', `GET /x HTTP/1.1\r\nHost: ${'a'.repeat(300)}\r\n\r\n`, '0602'],

  // What the gateway does not do.
  ['CONNECT', `CONNECT ${hostName}:443 HTTP/1.1\r\n${host}\r\n`, '0602'],
  ['TRACE', `TRACE /x HTTP/1.1\r\n${host}\r\n`, '0602'],
  ['a method nobody knows', `FOO /x HTTP/1.1\r\n${host}\r\n`, '0602'],
  ['a method in small letters', `get /x HTTP/1.1\r\n${host}\r\n`, '0602'],
  ['an unknown expectation', get('Expect: 200-ok\r\n'), '0602'],
  [
    'an unknown expectation beside the known one',
    post('Expect: 100-continue\r\nExpect: other\r\nContent-Length: 1\r\n', 'a'),
    '0602',
  ],
  ['an escape that is none', get('', '/%zz'), '0602'],
  ['half an escape', get('', '/x%2'), '0602'],
  ['an escaped NUL', get('', '/x%00y'), '0602'],
  ['escapes that are no UTF-8', get('', '/%ff'), '0602'],
  ['dot segments above the root', get('', '/a/../../etc'), '0602'],
  ['escaped dot segments above the root', get('', '/%2e%2e/etc'), '0602'],
  ['a dot segment behind an escaped slash', get('', '/a%2f..%2f..%2fetc'), '0602'],
  ...['host', 'Content-Length', 'transfer-encoding', 'Authorization', 'X-Sdk-Date', 'x-apig-appcode', 'X-Stage'].map(
    (name): Case => [`Connection names ${name}`, get(`Connection: keep-alive, ${name}\r\n`), '0602'],
  ),

  // How long the body is.
  ['two lengths', post('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd'), '0201/400'],
  ['two equal lengths', post('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc'), '0201/400'],
  ['256 lengths', post('Content-Length: 3\r\n'.repeat(256), 'abc'), '0201/400'],
  ['257 lengths', post('Content-Length: 3\r\n'.repeat(257), 'abc'), '0201/400'],
  ['a list of lengths', post('Content-Length: 3, 3\r\n', 'abc'), '0201/400'],
  ['a length with a plus', post('Content-Length: +3\r\n', 'abc'), '0201/400'],
  ['a length with a minus', post('Content-Length: -3\r\n', 'abc'), '0201/400'],
  ['a length in hex', post('Content-Length: 0x3\r\n', 'abc'), '0201/400'],
  ['a length with a blank inside', post('Content-Length: 1 0\r\n', 'a'.repeat(10)), '0201/400'],
  ['a length with a point', post('Content-Length: 3.0\r\n', 'abc'), '0201/400'],
  ['an empty length', post('Content-Length:\r\n', 'abc'), '0201/400'],
  ['a length that overflows', post('Content-Length: 18446744073709551619\r\n', 'abc'), '0201/400'],
  ['length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), '0201/400'],
  ['chunks and length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), '0201/400'],
  [
    'length and chunks in HTTP/1.0',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n', '1.0'),
    '0201/400',
  ],
  ['chunks in HTTP/1.0', post('Transfer-Encoding: chunked\r\n', '0\r\n\r\n', '1.0'), '0602'],
  ...[
    'gzip',
    'identity',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, chunked',
    'chunked;q=1',
    'xchunked',
    '"chunked"',
    '',
    ',chunked',
    'chunked,',
    '\x0bchunked',
  ].map((value): Case => [
    `transfer encoding ${JSON.stringify(value)}`,
    post(`Transfer-Encoding: ${value}\r\n`, '0\r\n\r\n'),
    '0201/400',
  ]),
  [
    'two transfer encodings',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    '0201/400',
  ],
  [
    'an identity beside chunks',
    post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    '0201/400',
  ],
  ['257 transfer encodings', post('Transfer-Encoding: chunked\r\n'.repeat(257), '0\r\n\r\n'), '0201/400'],
  ['a body that is announced too large', post('Content-Length: 12582913\r\n'), '0201/413'],

  // The chunks.
  ['a chunk size that is none', chunked('x\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['no chunk size', chunked('\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a chunk size with 0x', chunked('0x3\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a chunk size with a sign', chunked('+3\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a negative chunk size', chunked('-1\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a blank before a chunk size', chunked(' 3\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a blank behind a chunk size', chunked('3 \r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['nine digits of chunk size', chunked('000000003\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a chunk size that overflows', chunked('100000003\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a bare LF behind a chunk size', chunked('3\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a bare CR behind a chunk size', chunked('3\rabc\r\n0\r\n\r\n'), '0201/400'],
  ['a bare LF in a chunk extension', chunked('3;a\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a bare CR in a chunk extension', chunked('3;a\rb\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['NUL in a chunk extension', chunked('3;a\0\r\nabc\r\n0\r\n\r\n'), '0201/400'],
  ['a chunk extension of 300 bytes', chunked(`3;${'a'.repeat(300)}\r\nabc\r\n0\r\n\r\n`), '0201/400'],
  ['a chunk without its end', chunked('3\r\nabc0\r\n\r\n'), '0201/400'],
  ['a chunk longer than it says', chunked('3\r\nabcd\r\n0\r\n\r\n'), '0201/400'],
  ['a chunk that ends in LF', chunked('3\r\nabc\n0\r\n\r\n'), '0201/400'],
  ['a chunk that ends in CR CR', chunked('3\r\nabc\r\r0\r\n\r\n'), '0201/400'],
  ['a trailer without a name', chunked('0\r\n: a\r\n\r\n'), '0201/400'],
  ['a trailer without a colon', chunked('0\r\nX-A\r\n\r\n'), '0201/400'],
  ['a folded trailer', chunked('0\r\nX-A: a\r\n b\r\n\r\n'), '0201/400'],
  ['a trailer with a space before the colon', chunked('0\r\nX-A : a\r\n\r\n'), '0201/400'],
  ['a trailer with a bare LF', chunked('0\r\nX-A: a\n\r\n'), '0201/400'],
  ['a last chunk that ends in LF', chunked('0\n\n'), '0201/400'],
  ['an empty line of LF behind the trailers', chunked('0\r\nX-A: a\r\n\n'), '0201/400'],
  ['trailers of 17 KB', chunked(`0\r\n${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(17)}\r\n`), '0201/400'],
]

suite('a message that must not be served', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    stand = await Stand.open({ snapshot: snapshotOf([route(httpBackend(recorder.port))]) })
  })
  beforeEach(() => {
    recorder.clear()
    recorder.behaviour = {}
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  for (const [name, bytes, row] of requests) {
    test(`${name}: ${row}, the connection ends, and nothing reaches the backend`, async () => {
      const client = await RawClient.open(stand.port)
      client.write(bytes + second)
      await client.untilOver()
      const { messages, incomplete } = client.read()
      assert.equal(incomplete, false)
      assert.equal(messages.length, 1, 'one response, and none to what stood behind')
      const [response] = messages
      assert.equal(response!.status, errors[row].status)
      assert.equal(valueOf(response!, 'connection'), 'close')
      const body = JSON.parse(response!.body.toString()) as Record<string, string>
      assert.deepEqual(body, {
        error_code: errors[row].code,
        error_msg: errorMessage(row),
        request_id: valueOf(response!, 'x-request-id'),
      })
      assert.deepEqual(
        stand.records.map(record => [record.row, record.requestId]),
        [[row, body['request_id']]],
      )
      assert.equal(recorder.bytes.toString('latin1'), '')
      client.destroy()
    })
  }

  test('a chunk that breaks after good ones leaves the backend without a whole request', async () => {
    const client = await RawClient.open(stand.port)
    await client.writePieces([chunked('3\r\nabc\r\n'), '3\r\nabcd\r\n0\r\n\r\n', second])
    await client.untilOver()
    assert.deepEqual(
      client.read().messages.map(({ status }) => status),
      [400],
    )
    await until(() => recorder.connections.every(({ closed }) => closed), 'the backend connection to be closed')
    assert.equal(recorder.requests.length, 0)
    client.destroy()
  })

  test('one empty line before a request is no harm', async () => {
    const client = await RawClient.open(stand.port)
    client.write(`\r\n${second}`)
    assert.equal((await client.responses(1))[0]!.status, 200)
    client.destroy()
  })
})

type Outcome = '0201/503' | 'broken off' | 'not reused'

const withBody = (lines: string, body = '') => `HTTP/1.1 200 OK\r\n${lines}\r\n${body}`

const responses: [name: string, bytes: string, outcome: Outcome][] = [
  ['no HTTP at all', 'hello\r\n\r\n', '0201/503'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['a bare LF behind the status line', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['a bare CR in the reason', 'HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['NUL in the reason', 'HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n', '0201/503'],
  ['an empty name', withBody(': a\r\nContent-Length: 0\r\n'), '0201/503'],
  ['a space before the colon', withBody('X-A : a\r\nContent-Length: 0\r\n'), '0201/503'],
  ['a folded line', withBody('X-A: a\r\n b\r\nContent-Length: 0\r\n'), '0201/503'],
  ['a bare LF behind a value', withBody('X-A: a\nContent-Length: 0\r\n'), '0201/503'],
  ['a bare CR in a value', withBody('X-A: a\rb\r\nContent-Length: 0\r\n'), '0201/503'],
  ['NUL in a value', withBody('X-A: a\0b\r\nContent-Length: 0\r\n'), '0201/503'],
  ['two lengths', withBody('Content-Length: 2\r\nContent-Length: 3\r\n', 'ok'), '0201/503'],
  ['two equal lengths', withBody('Content-Length: 2\r\nContent-Length: 2\r\n', 'ok'), '0201/503'],
  ['257 lengths', withBody('Content-Length: 2\r\n'.repeat(257), 'ok'), '0201/503'],
  ['a length with a sign', withBody('Content-Length: +2\r\n', 'ok'), '0201/503'],
  ['length and chunks', withBody('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), '0201/503'],
  ['an encoding that is not chunked', withBody('Transfer-Encoding: gzip\r\n', 'ok'), '0201/503'],
  ['two encodings', withBody('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), '0201/503'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '0201/503'],
  [
    'protocols switched unasked',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    '0201/503',
  ],
  ['a head without an end', withBody(`X-A: ${'a'.repeat(140_000)}`), '0201/503'],
  ['a chunk size that is none', withBody('Transfer-Encoding: chunked\r\n', 'x\r\nok\r\n0\r\n\r\n'), 'broken off'],
  ['a chunk longer than it says', withBody('Transfer-Encoding: chunked\r\n', '1\r\nok\r\n0\r\n\r\n'), 'broken off'],
  ['a broken trailer', withBody('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\nX A: a\r\n\r\n'), 'broken off'],
  ['bytes behind the body', `${okay}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`, 'not reused'],
  [
    'bytes behind the last chunk',
    `${withBody('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n')}evil`,
    'not reused',
  ],
  ['a body behind 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil', 'not reused'],
  ['a body behind 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil', 'not reused'],
  ['Connection: close', withBody('Connection: close\r\nContent-Length: 2\r\n', 'ok'), 'not reused'],
  ['Connection: close in a list', withBody('Connection: x-a, Close\r\nContent-Length: 2\r\n', 'ok'), 'not reused'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 'not reused'],
  [
    'HTTP/1.0 that would be kept',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
    'not reused',
  ],
]

suite('a response that must not be relayed, or whose connection must not be used again', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    stand = await Stand.open({ snapshot: snapshotOf([route(httpBackend(recorder.port))]) })
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  for (const [name, bytes, outcome] of responses) {
    test(`${name}: ${outcome}`, async () => {
      recorder.clear()
      stand.records.length = 0
      recorder.behaviour = { request: ({ socket }) => socket.write(Buffer.from(bytes, 'latin1')) }
      const client = await RawClient.open(stand.port)
      client.write(second)
      if (outcome === 'broken off') {
        await client.untilOver()
        assert.equal(client.read().messages.length, 0, 'the caller must notice')
        assert.equal(client.read().incomplete, true)
        assert.equal(stand.records[0]!.row, '0201/503')
      } else {
        const [response] = await client.responses(1)
        assert.equal(client.received.includes('evil'), false)
        if (outcome === '0201/503') {
          assert.equal(response!.status, 503)
          assert.equal((JSON.parse(response!.body.toString()) as { error_code: string }).error_code, 'APIG.0201')
          assert.equal(stand.records[0]!.row, '0201/503')
        } else assert.deepEqual(stand.records, [])
      }
      await until(() => recorder.connections.every(({ closed }) => closed), 'the backend connection to be closed')
      const before = recorder.connections.length
      recorder.behaviour = {}
      const next = await RawClient.open(stand.port)
      assert.equal((await next.call(second)).body.toString(), 'ok')
      assert.equal(recorder.connections.length, before + 1)
      client.destroy()
      next.destroy()
      // It is good, and would be used again: the next case begins with none.
      for (const { socket } of recorder.connections) socket.destroy()
      await until(() => recorder.connections.every(({ closed }) => closed), 'the last connection to be closed')
      await aMoment()
    })
  }

  test('bytes on an idle connection end it', async () => {
    recorder.behaviour = {}
    const client = await RawClient.open(stand.port)
    await client.call(second)
    const connection = recorder.connections.at(-1)!
    connection.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    await until(() => connection.closed, 'the backend connection to be closed')
    assert.equal((await client.call(second)).body.toString(), 'ok')
    client.destroy()
  })
})
