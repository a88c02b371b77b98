import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { Snapshot } from '../seam/snapshot.ts'
import { valueOf } from './testing/messages.ts'
import { exchange } from './testing/raw-client.ts'
import { Recorder } from './testing/recorder.ts'
import { groupId, httpBackend, mockBackend, route } from './testing/snapshots.ts'
import { Stand } from './testing/stand.ts'

const other = 'f'.repeat(32)
const beta = { id: 'beta', name: 'BETA' }

suite('the life of a request', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    const mock = (text: string, change: Parameters<typeof route>[1]) =>
      route(mockBackend(text), { matchMode: 'NORMAL', ...change })
    const snapshot: Snapshot = {
      revision: 1,
      hosts: [
        { name: 'a.test', groupId, kind: 'independent' },
        { name: '*.wild.test', groupId: other, kind: 'independent' },
        { name: '*.local', groupId: other, kind: 'independent' },
        { name: 'exact.wild.test', groupId, kind: 'independent' },
        { name: 'empty.test', groupId: 'e'.repeat(32), kind: 'independent' },
        { name: `${groupId}.apig.localhost`, groupId, kind: 'debugging' },
      ],
      routes: [
        mock('release', { path: '/x', method: 'GET' }),
        mock('beta', { path: '/x', method: 'GET', environment: beta }),
        mock('only beta', { path: '/beta', environment: beta }),
        mock('other', { path: '/x', groupId: other }),
        mock('牌楼', { path: '/utf8' }),
        mock('{"a":1}', { path: '/json' }),
        mock('created', { path: '/created' }),
        route(mockBackend('', 204), { path: '/nothing', matchMode: 'NORMAL' }),
        mock('slash', { path: '/a/b' }),
        route(httpBackend(recorder.port, { path: '/backend/' }), { path: '/prefix' }),
        route(httpBackend(recorder.port, { method: 'PUT' }), { path: '/as-put' }),
        // Two with the same pattern: the first stands.
        mock('first', { path: '/twice' }),
        mock('second', { path: '/twice' }),
      ],
      apps: [],
    }
    stand = await Stand.open({ snapshot })
  })
  beforeEach(() => {
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  const cases: [request: string, host: string, lines: string, outcome: string][] = [
    ['GET /x', 'a.test', '', 'release'],
    ['GET /x', 'A.Test', '', 'release'],
    ['GET /x', 'a.test:8000', '', 'release'],
    ['GET /x', 'a.test.', '', 'release'],
    ['GET /x', 'a.test.:80', '', 'release'],
    ['GET /x', `${groupId}.apig.localhost:8000`, '', 'release'],
    ['GET http://a.test/x', 'a.test', '', 'release'],
    ['GET http://A.TEST/x', 'a.test', '', 'release'],
    ['GET /x?y', 'a.test', '', 'release'],
    ['GET /x', 'b.wild.test', '', 'other'],
    ['GET /x', 'exact.wild.test', '', 'release'],
    ['GET /x', 'c.b.wild.test', '', '404 0101'],
    ['GET /x', 'wild.test', '', '404 0101'],
    ['GET /x', '.wild.test', '', '404 0101'],
    ['GET /x', 'local', '', '404 0101'],
    ['GET /x', 'unknown.test', '', '404 0101'],
    ['GET /x', 'empty.test', '', '404 0101'],
    ['GET /x', '127.0.0.1', '', '404 0101'],
    ['GET /x', '[::1]:80', '', '404 0101'],
    ['GET /y', 'a.test', '', '404 0101'],
    ['POST /x', 'a.test', '', '404 0101'],
    ['GET /x/', 'a.test', '', '404 0101'],
    ['GET /X', 'a.test', '', '404 0101'],
    ['GET /x', 'a.test', 'X-Stage: RELEASE\r\n', 'release'],
    ['GET /x', 'a.test', 'x-stage:  BETA \r\n', 'beta'],
    ['GET /beta', 'a.test', 'X-Stage: BETA\r\n', 'only beta'],
    ['GET /beta', 'a.test', '', '404 0101'],
    ['GET /x', 'a.test', 'X-Stage: GAMMA\r\n', '404 0101'],
    ['GET /x', 'a.test', 'X-Stage: beta\r\n', '404 0101'],
    ['GET /x', 'a.test', 'X-Stage: 1\r\n', '400 0602'],
    ['GET /x', 'a.test', 'X-Stage:\r\n', '400 0602'],
    ['GET /x', 'a.test', 'X-Stage: __proto__\r\n', '400 0602'],
    ['GET /x', 'a.test', 'X-Stage: constructor\r\n', '404 0101'],
    ['GET /a%2Fb', 'a.test', '', 'slash'],
    ['GET /a/./c/../b', 'a.test', '', 'slash'],
    ['GET /twice', 'a.test', '', 'first'],
    ['OPTIONS *', 'a.test', '', '404 0101'],
    ['GET /utf8', 'a.test', '', '牌楼'],
  ]
  for (const [request, host, lines, expected] of cases) {
    test(`${request} at ${host} ${lines.trim()}: ${expected}`, async () => {
      const [response] = await exchange(stand.port, `${request} HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\n`)
      const body = response!.body.toString()
      if (response!.status === 200) assert.equal(body, expected)
      else {
        const { error_code } = JSON.parse(body) as { error_code: string }
        assert.equal(`${response!.status} ${error_code.slice(5)}`, expected)
      }
    })
  }

  test('a mock says what it is', async () => {
    const get = async (path: string) => (await exchange(stand.port, `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`))[0]!
    assert.equal(valueOf(await get('/json'), 'content-type'), 'application/json')
    assert.equal(valueOf(await get('/utf8'), 'content-type'), 'text/plain; charset=utf-8')
    const nothing = await get('/nothing')
    assert.equal(nothing.status, 204)
    assert.equal(valueOf(nothing, 'content-length'), undefined)
  })

  test('what stands behind a prefix goes behind the path of the backend', async () => {
    for (const [path, sent] of [
      ['/prefix', '/backend/'],
      ['/prefix/', '/backend/'],
      ['/prefix/a/b%20c?d', '/backend/a/b%20c?d'],
      ['/prefix/a%2F..%2Fb', '/backend/b'],
      ['/prefix//evil.test/x', '/backend//evil.test/x'],
      ['/prefix/a%252e', '/backend/a%252e'],
      ['/prefix/a%3Fb', '/backend/a%3Fb'],
    ]) {
      recorder.clear()
      await exchange(stand.port, `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`)
      assert.equal(recorder.requests[0]!.start, `GET ${sent} HTTP/1.1`)
    }
  })

  test('the backend may want a method of its own', async () => {
    await exchange(stand.port, 'GET /as-put HTTP/1.1\r\nHost: a.test\r\n\r\n')
    assert.match(recorder.requests[0]!.start, /^PUT /)
  })

  test('who is refused can be told why', async () => {
    await exchange(stand.port, 'POST /beta?planted=planted HTTP/1.1\r\nHost: a.test\r\nX-A: planted\r\n\r\n')
    const [record] = stand.records
    assert.deepEqual(record!.evidence, {
      check: 'method and path',
      group: groupId,
      environment: 'RELEASE',
      method: 'POST',
      path: '/beta',
      methodsOfThisPath: [],
      environmentsThatHaveIt: ['BETA'],
    })
    assert.equal(JSON.stringify(record).includes('planted'), false)
    assert.ok(Math.abs(record!.at - Date.now()) < 5_000)
  })

  test('what is told of a broken request holds no secret', async () => {
    for (const bytes of [
      'GET x?planted HTTP/1.1\r\nHost: a.test\r\n\r\n',
      'GET http://user:planted@a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n',
      'GET /x HTTP/1.1\r\nHost: user:planted@a.test\r\n\r\n',
      'GET /x HTTP/1.1\r\nHost: a.test\r\nAuthorization : planted\r\n\r\n',
      'GET /x HTTP/1.1\r\nHost: a.test\r\nCookie: plan\x01ted planted\r\n\r\n',
      'POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nContent-Length: 3\r\nAuthorization: planted\r\n\r\nplanted',
      'POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\nplanted\r\n',
      'GET /%zz?planted HTTP/1.1\r\nHost: a.test\r\n\r\n',
    ]) {
      await exchange(stand.port, bytes)
      assert.notEqual(stand.records.length, 0)
      assert.equal(
        JSON.stringify(stand.records).includes('planted'),
        false,
        `${bytes}: ${JSON.stringify(stand.records.at(-1))}`,
      )
    }
  })
})
