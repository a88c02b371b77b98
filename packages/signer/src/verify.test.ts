import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  emptyPayloadHash,
  parseAuthorization,
  prepareKey,
  sha256Hex,
  sign,
  toByteString,
  unsignedPayload,
  verify,
  type Authorization,
  type ReceivedRequest,
  type RequestToSign,
  type VerifyOptions,
} from './index.ts'

const now = Date.UTC(2026, 0, 15, 3, 36, 55)
const credentials = { key: 'KEY', secret: 'the-secret' }
const key = prepareKey(credentials.secret)

interface Sent {
  readonly request: ReceivedRequest
  readonly authorization: Authorization
}

/** Signs, and gives what a server would receive. */
function sent(request: Omit<RequestToSign, 'headers'> & { readonly headers?: Record<string, string> }): Sent {
  const added = sign({ host: 'api.example.com', date: now, ...request }, credentials)
  const all = new Map(
    Object.entries({ ...request.headers, ...added }).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { method = 'GET', path = '/', query = '', body = '' } = request
  const bodyHash = sha256Hex(typeof body === 'string' ? toByteString(body) : body)
  return {
    request: { method, path, query, headers: name => all.get(name), bodyHash },
    authorization: parseAuthorization(added['Authorization']!) as Authorization,
  }
}

function check(
  { request, authorization }: Sent,
  change: Partial<ReceivedRequest> = {},
  options: Partial<VerifyOptions> = {},
) {
  return verify({ ...request, ...change }, authorization, key, { now, ...options })
}

test('a refused signature tells what was hashed, and neither the secret nor the right signature', () => {
  const made = sent({ path: '/a', query: 'b=1', headers: { 'X-Security-Token': 'planted-token', 'X-Stage': 'BETA' } })
  const right = made.authorization.signature
  const wrong = { ...made, authorization: { ...made.authorization, signature: '0'.repeat(64) } }
  const result = check(wrong)
  assert.ok(!result.ok && result.check === 'signature')
  assert.equal(
    result.canonicalRequest,
    `GET\n/a/\nb=1\nhost:api.example.com\nx-sdk-date:20260115T033655Z\nx-security-token:[hidden]\nx-stage:BETA\n\nhost;x-sdk-date;x-security-token;x-stage\n${emptyPayloadHash}`,
  )
  assert.match(result.stringToSign, /^SDK-HMAC-SHA256\n20260115T033655Z\n[0-9a-f]{64}$/)
  assert.deepEqual([result.date, result.serverTime, result.tried], ['20260115T033655Z', '20260115T033655Z', []])
  assert.deepEqual(structuredClone(result), result)
  const shown = JSON.stringify(result)
  for (const secret of ['planted-token', 'the-secret', right]) assert.ok(!shown.includes(secret))
})

test('a request out of its time is told by how much', () => {
  const late = check(sent({ path: '/' }), {}, { now: now + 1_000_000 })
  assert.deepEqual(late, {
    ok: false,
    check: 'window',
    date: '20260115T033655Z',
    serverTime: '20260115T035335Z',
    skewSeconds: 1000,
  })
  const early = check(sent({ path: '/' }), {}, { now: now - 1_000_000 })
  assert.ok(!early.ok && early.check === 'window' && early.skewSeconds === -1000)
})

test('a date that is not among the signed headers is refused', () => {
  const made = sent({ path: '/' })
  const result = check({ ...made, authorization: { ...made.authorization, signedHeaders: ['host'] } })
  assert.deepEqual(result, { ok: false, check: 'date-not-signed', date: '20260115T033655Z', signedHeaders: ['host'] })
})

test('a payload hash in the header stands for the body, and is compared once the body is known', () => {
  const claimed = sha256Hex('body')
  const made = sent({ method: 'PUT', path: '/', payloadHash: claimed })
  const { bodyHash: _, ...unknown } = made.request
  assert.deepEqual(check(made, { bodyHash: claimed }), { ok: true, readings: [], payload: 'compared' })
  assert.deepEqual(verify(unknown, made.authorization, key, { now }), { ok: true, readings: [], payload: 'claimed' })
  assert.deepEqual(check(made), { ok: false, check: 'payload', claimed, actual: emptyPayloadHash })
  const unsigned = sent({ method: 'PUT', path: '/', payloadHash: unsignedPayload })
  assert.deepEqual(check(unsigned, { bodyHash: claimed }), { ok: true, readings: [], payload: 'unsigned' })
})

test('a body that is not known never counts as an empty one', () => {
  const {
    request: { bodyHash: _, ...unknown },
    authorization,
  } = sent({ path: '/' })
  assert.deepEqual(verify(unknown, authorization, key, { now }), {
    ok: false,
    check: 'payload',
    claimed: undefined,
    actual: undefined,
  })
})

test('header bytes are compared as they are, whatever they encode', () => {
  const made = sent({ path: '/', headers: { 'x-name': toByteString('牌楼 à') } })
  assert.equal(check(made).ok, true)
  const inLatin1 = new Map([['x-name', '\xe0']])
  const { headers } = made.request
  assert.equal(check(made, { headers: name => inLatin1.get(name) ?? headers(name) }).ok, false)
})

test('readings combine, are told, and can be allowed one by one', () => {
  const strictly = { path: '/a%2520b', query: 'flag&x=a%20b' }
  const asSent = { path: '/a%20b', query: 'flag=&x=a+b' }
  const made = sent(strictly)
  // What the old signers would have signed differs from the strict form only in the query's bare name, so sign that by hand.
  const canonical = `GET\n/a%2520b/\nflag&x=a%20b\nhost:api.example.com\nx-sdk-date:20260115T033655Z\n\nhost;x-sdk-date\n${emptyPayloadHash}`
  const signature = key.sign(`SDK-HMAC-SHA256\n20260115T033655Z\n${sha256Hex(canonical)}`)
  const all = { request: { ...made.request, ...asSent }, authorization: { ...made.authorization, signature } }
  assert.deepEqual(check(all), {
    ok: true,
    readings: ['plus-as-space', 'bare-empty-values', 'path-encoded-twice'],
    payload: 'compared',
  })
  for (const readings of [['plus-as-space'], ['bare-empty-values', 'path-encoded-twice'], []] as const) {
    assert.equal(check(all, {}, { readings }).ok, false)
  }
  assert.equal(check(all, {}, { strict: true }).ok, false)
  const refused = check(all, { method: 'POST' })
  assert.ok(!refused.ok && refused.check === 'signature')
  assert.equal(refused.tried.length, 7)
})
