import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { PolicyPlan } from '../../seam/plans.ts'
import type { App } from '../../seam/snapshot.ts'
import { valueOf, type Response } from '../testing/messages.ts'
import { RawClient, exchange, until } from '../testing/raw-client.ts'
import { Recorder } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const { AKSKSigner } = createRequire(import.meta.url)('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js') as {
  AKSKSigner: { sign(request: object, credential: { getAk(): string; getSk(): string }): Record<string, string> }
}

const app: App = {
  id: 'app-1',
  name: 'one',
  key: 'key-of-one',
  secret: { secret: 'planted-secret-of-one' },
  codes: [{ secret: 'planted-code-of-one' }, { secret: 'planted-second-code' }],
}
const stranger: App = {
  id: 'app-2',
  name: 'two',
  key: 'key-of-two',
  secret: { secret: 'planted-secret-of-two' },
  codes: [{ secret: 'planted-code-of-two' }],
}

interface Call {
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly data?: unknown
  readonly key?: string
  readonly secret?: string
  /** A change to what was signed, before it is sent. */
  readonly tamper?: (message: string) => string
  readonly chunked?: boolean
}

/** Signed by the official signer, and put onto the wire as it stands. */
function signed({
  method = 'GET',
  path = '/signed',
  query = {},
  headers = {},
  data,
  key = app.key,
  secret = app.secret.secret,
  tamper,
  chunked,
}: Call): string {
  const request = {
    method,
    endpoint: `http://${hostName}${path}`,
    queryParams: query,
    headers: { 'content-type': 'application/json', ...headers },
    data,
  }
  const lines = Object.entries(AKSKSigner.sign(request, { getAk: () => key, getSk: () => secret }))
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  const body = data === undefined ? '' : JSON.stringify(data)
  const framing =
    data === undefined ? '' : chunked ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${body.length}\r\n`
  const message =
    `${method} ${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`} HTTP/1.1\r\n` +
    lines.map(([name, value]) => `${name}: ${value}\r\n`).join('') +
    `${framing}\r\n${chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body}`
  return tamper === undefined ? message : tamper(message)
}

/** The date of so many minutes from now, as it is signed and sent. */
const dated = (minutes: number) => ({
  'X-Sdk-Date': `${new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:]|\.\d+/g, '')}`,
})

const codeOf = (response: Response) => (JSON.parse(response.body.toString()) as { error_code: string }).error_code

suite("an app's credentials", { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    const signature: PolicyPlan = { kind: 'app-signature', settings: {} }
    const code: PolicyPlan = { kind: 'app-code', settings: {} }
    const authorized: PolicyPlan = { kind: 'app-authorization', settings: { appIds: [app.id] } }
    const required: PolicyPlan = {
      kind: 'parameters',
      settings: {
        request: [{ name: 'page', location: 'QUERY', required: true, type: 'NUMBER', passThrough: true }],
        backend: [{ name: 's-app', location: 'HEADER', origin: 'SYSTEM', value: 'appId' }],
      },
    }
    const https: PolicyPlan = { kind: 'protocol', settings: { allowed: 'HTTPS' } }
    const http: PolicyPlan = { kind: 'protocol', settings: { allowed: 'HTTP' } }
    const at = (path: string, ...policies: PolicyPlan[]) => route(httpBackend(recorder.port), { path }, policies)
    const routes = [
      at('/signed', authorized, signature),
      at('/code', authorized, code),
      at('/either', code, authorized, signature),
      at('/checked', required, authorized, signature),
      at('/https', required, authorized, signature, https),
      at('/http', http),
    ]
    stand = await Stand.open({ snapshot: snapshotOf(routes, [app, stranger]), tls: true })
  })
  beforeEach(() => {
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  async function outcome(bytes: string, tls = false): Promise<string> {
    const [response] = await exchange(tls ? stand.tlsPort : stand.port, bytes, { tls })
    if (response!.status < 300) {
      assert.deepEqual(stand.records, [])
      return String(response!.status)
    }
    assert.equal(recorder.requests.length, 0, 'nothing of it reaches the backend')
    assert.equal(JSON.stringify(stand.records).includes('planted'), false, 'no secret is told')
    assert.equal(stand.records[0]!.requestId, valueOf(response!, 'x-request-id'))
    return `${response!.status} ${codeOf(response!).slice(5)}`
  }

  const data = { a: 1, text: 'body' }
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex')
  const cases: [what: string, call: Call, outcome: string][] = [
    ['a GET', {}, '200'],
    ['a path and a query', { path: '/signed/a/b', query: { b: '1 2', a: 'x/y&z' } }, '200'],
    ['a body', { method: 'POST', data }, '200'],
    ['a body in chunks', { method: 'POST', data, chunked: true }, '200'],
    ['a body whose hash is in a header', { method: 'POST', data, headers: { 'X-Sdk-Content-Sha256': hash } }, '200'],
    [
      'a body that is not signed',
      { method: 'POST', data, headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } },
      '200',
    ],
    [
      'a body that is not signed, and is another',
      {
        method: 'POST',
        data,
        headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' },
        tamper: m => m.replace('"text"', '"TEXT"'),
      },
      '200',
    ],
    ['14 minutes ago', { headers: dated(-14) }, '200'],
    ['16 minutes ago', { headers: dated(-16) }, '401 0303'],
    ['in 16 minutes', { headers: dated(16) }, '401 0303'],
    ['another body', { method: 'POST', data, tamper: m => m.replace('"text"', '"TEXT"') }, '401 0303'],
    [
      'a hash of another body',
      { method: 'POST', data, headers: { 'X-Sdk-Content-Sha256': hash.replace(/^./, c => (c === '0' ? '1' : '0')) } },
      '401 0303',
    ],
    ['a hash of a body that is not there', { headers: { 'X-Sdk-Content-Sha256': hash } }, '401 0303'],
    ['another query', { query: { a: '1' }, tamper: m => m.replace('a=1', 'a=2') }, '401 0303'],
    ['one more in the query', { query: { a: '1' }, tamper: m => m.replace('a=1', 'a=1&b=2') }, '401 0303'],
    ['another path', { tamper: m => m.replace('/signed', '/signed/x') }, '401 0303'],
    ['another method', { tamper: m => m.replace('GET', 'PUT') }, '401 0303'],
    [
      'another value of a signed header',
      { headers: { 'x-a': '1' }, tamper: m => m.replace('x-a: 1', 'x-a: 2') },
      '401 0303',
    ],
    [
      'a signed header twice',
      { headers: { 'x-a': '1' }, tamper: m => m.replace('x-a: 1', 'x-a: 1\r\nx-a: 2') },
      '401 0303',
    ],
    ['a signed header that is gone', { headers: { 'x-a': '1' }, tamper: m => m.replace('x-a: 1\r\n', '') }, '401 0303'],
    ['a dot segment that was not signed', { tamper: m => m.replace('/signed', '/other/../signed') }, '401 0303'],
    ['one digit of the signature', { tamper: m => m.replace(/Signature=./, 'Signature=x') }, '401 0303'],
    ['another secret', { secret: 'wrong' }, '401 0303'],
    ['a key that nobody has', { key: 'unknown' }, '401 0303'],
    ['no Authorization', { tamper: m => m.replace(/Authorization: .*\r\n/, '') }, '401 0303'],
    ['another algorithm', { tamper: m => m.replace('SDK-HMAC-SHA256', 'SDK-HMAC-SM3') }, '401 0303'],
    ['Basic', { tamper: m => m.replace(/Authorization: .*/, 'Authorization: Basic cGxhbnRlZA==') }, '401 0303'],
    ['no date', { tamper: m => m.replace(/X-Sdk-Date: .*\r\n/, '') }, '401 0303'],
    ['an app that is not authorised', { key: stranger.key, secret: stranger.secret.secret }, '403 0304'],
    ['nothing that is checked later, when the signature is wrong', { path: '/checked', secret: 'wrong' }, '401 0303'],
    [
      'nothing that is checked later, when the app may not',
      { path: '/checked', key: stranger.key, secret: stranger.secret.secret },
      '403 0304',
    ],
    ['the parameters in the end', { path: '/checked' }, '400 0106'],
    ['the scheme first of all', { path: '/https', secret: 'wrong' }, '400 0607'],
  ]
  for (const [what, call, expected] of cases) {
    test(`a signature: ${what}: ${expected}`, async () => assert.equal(await outcome(signed(call)), expected))
  }

  test('the body that was signed is the body that the backend gets', async () => {
    for (const chunked of [false, true]) {
      recorder.clear()
      assert.equal(await outcome(signed({ method: 'POST', data, chunked })), '200')
      const [request] = recorder.requests
      assert.equal(request!.body.toString(), JSON.stringify(data))
      assert.equal(request!.framing, 'length')
    }
  })

  test('a signed body that comes in pieces is put together, with 100 Continue', async () => {
    const client = await RawClient.open(stand.port)
    const bytes = signed({ method: 'POST', data: { text: 'x'.repeat(100_000) }, headers: { Expect: '100-continue' } })
    const headEnd = bytes.indexOf('\r\n\r\n') + 4
    client.write(bytes.slice(0, headEnd))
    await client.until(() => client.length > 0, '100 Continue')
    const pieces = bytes.slice(headEnd).match(/.{1,30000}/gs)!
    await client.writePieces(pieces)
    const [response] = await client.responses(1)
    assert.equal(response!.status, 200)
    assert.equal(response!.body.toString(), bytes.slice(headEnd))
    client.destroy()
  })

  test('what is not signed travels on before it has all come', async () => {
    const client = await RawClient.open(stand.port)
    const bytes = signed({ method: 'POST', data, headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } })
    client.write(bytes.slice(0, -3))
    await until(() => recorder.bytes.includes('"text"'), 'the beginning at the backend')
    client.write(bytes.slice(-3))
    assert.equal((await client.responses(1))[0]!.status, 200)
    client.destroy()
  })

  test('a signed body that is too large, broken or cut off is that, and not a wrong signature', async () => {
    const announced = signed({
      method: 'POST',
      data,
      tamper: m => m.replace(/Content-Length: \d+/, 'Content-Length: 12582913'),
    })
    assert.equal(await outcome(announced), '413 0201')
    stand.records.length = 0
    const broken = signed({ method: 'POST', data, chunked: true, tamper: m => m.replace('\r\n0\r\n', 'x\r\n0\r\n') })
    assert.equal(await outcome(broken), '400 0201')
    stand.records.length = 0
    const client = await RawClient.open(stand.port)
    client.socket.end(signed({ method: 'POST', data }).slice(0, -2))
    await client.untilOver()
    assert.equal(client.read().messages[0]!.status, 400)
    assert.equal(stand.records[0]!.row, '0201/400')
  })

  const withCode = (code: string | undefined, path = '/code', lines = '') =>
    `GET ${path} HTTP/1.1\r\nHost: ${hostName}\r\n${code === undefined ? '' : `X-Apig-AppCode: ${code}\r\n`}${lines}\r\n`

  for (const [what, code, tls, expected] of [
    ['one of the app', 'planted-code-of-one', true, '200'],
    ['another of the app', 'planted-second-code', true, '200'],
    ['one of an app that is not authorised', 'planted-code-of-two', true, '403 0304'],
    ['one that nobody has', 'planted-code-of-nobody', true, '401 0303'],
    ['a part of one', 'planted-code-of', true, '401 0303'],
    ['an empty one', '', true, '401 0303'],
    ['none', undefined, true, '401 0303'],
    ['none, over plain HTTP', undefined, false, '401 0303'],
    ['one over plain HTTP', 'planted-code-of-one', false, '400 0607'],
  ] as const) {
    test(`an AppCode: ${what}: ${expected}`, async () =>
      assert.equal(await outcome(withCode(code, '/code'), tls), expected))
  }

  test('an AppCode does not travel on', async () => {
    await outcome(withCode('planted-code-of-one'), true)
    assert.equal(recorder.bytes.includes('planted'), false)
  })

  test('the message of 0607 names the scheme that would do', async () => {
    const [code] = await exchange(stand.port, withCode('planted-code-of-one'))
    assert.match(code!.body.toString(), /"Unsupported protocol. Supported protocol: HTTPS"/)
    const [http] = await exchange(stand.tlsPort, withCode(undefined, '/http'), { tls: true })
    assert.match(http!.body.toString(), /"Unsupported protocol. Supported protocol: HTTP"/)
  })

  test('where both are accepted either will do, and a wrong signature is not made good by a code', async () => {
    assert.equal(await outcome(signed({ path: '/either' })), '200')
    assert.equal(await outcome(withCode('planted-code-of-one', '/either'), true), '200')
    const both = signed({
      path: '/either',
      secret: 'wrong',
      tamper: m => m.replace('\r\n', '\r\nX-Apig-AppCode: planted-code-of-one\r\n'),
    })
    recorder.clear()
    assert.equal(await outcome(both, true), '401 0303')
  })

  test('what is told of a refused request names app, API and rule, and holds no secret', async () => {
    const bytes = signed({
      method: 'POST',
      path: '/signed/x',
      query: { page: '1' },
      headers: { Cookie: 'planted-cookie', 'X-Auth-Token': 'planted-token' },
      data: { password: 'planted-password' },
      secret: 'wrong',
    })
    assert.equal(await outcome(bytes), '401 0303')
    const [record] = stand.records
    assert.equal(record!.row, '0303')
    assert.equal(record!.status, 401)
    assert.equal(record!.fault, 'caller')
    assert.equal(record!.path, '/signed/x')
    assert.equal(record!.environment, 'RELEASE')
    assert.ok(record!.apiId)
    assert.deepEqual(record!.evidence['app'], { id: app.id, name: app.name })
    assert.equal(record!.evidence['check'], 'signature')
    const signature = /Signature=(\w+)/.exec(bytes)![1]!
    assert.equal(JSON.stringify(record).includes(signature), false, 'not even the wrong signature')
    assert.doesNotThrow(() => structuredClone(record))
  })
})
