import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDate, parseAuthorization, prepareKey, sign, signWithDetails, unsignedPayload } from './index.ts'

const credentials = { key: 'KEY', secret: 'the-secret' }

function signedNames(headers: Record<string, string>): string {
  const authorization = parseAuthorization(headers['Authorization']!)
  assert.ok('access' in authorization)
  return authorization.signedHeaders.join(';')
}

test('the date is now unless it is given, as an option or as a header', () => {
  const before = formatDate(Date.now())
  const { 'X-Sdk-Date': date } = sign({ url: 'http://a.example/' }, credentials)
  assert.ok(before <= date! && date! <= formatDate(Date.now()))
  assert.equal(sign({ url: 'http://a.example/', date: new Date(0) }, credentials)['X-Sdk-Date'], '19700101T000000Z')
  const given = sign({ url: 'http://a.example/', headers: { 'x-sdk-date': '20260115T033655Z' } }, credentials)
  assert.deepEqual(Object.keys(given), ['Host', 'Authorization'])
})

test('headers may come as an object, as pairs or as Headers, and all give the same', () => {
  const date = 0
  const url = 'http://a.example/'
  const expected = sign({ url, date, headers: { 'Content-Type': 'text/plain', Accept: '*/*' } }, credentials)
  const pairs: [string, string][] = [
    ['content-type', 'text/plain'],
    ['accept', '*/*'],
  ]
  assert.deepEqual(sign({ url, date, headers: pairs }, credentials), expected)
  assert.deepEqual(sign({ url, date, headers: new Headers(pairs) }, credentials), expected)
  assert.equal(signedNames(expected), 'accept;content-type;host;x-sdk-date')
})

test('headers of one hop are not signed, nor is an earlier Authorization; a choice signs just that and the date', () => {
  const headers = {
    Connection: 'close',
    'Content-Length': '0',
    TE: 'trailers',
    Authorization: 'old',
    'X-A': '1',
    'X-B': ['2', '1'],
  }
  assert.equal(signedNames(sign({ url: 'http://a.example/', headers }, credentials)), 'host;x-a;x-b;x-sdk-date')
  assert.equal(
    signedNames(sign({ url: 'http://a.example/', headers, signedHeaders: ['X-A'] }, credentials)),
    'x-a;x-sdk-date',
  )
})

test('a URL is signed as it will be sent', () => {
  const { canonicalRequest } = signWithDetails(
    { method: 'post', url: 'HTTP://API.Example.com:80/a/../牌 楼?q=牌#part', date: 0 },
    credentials,
  )
  const [method, path, query, host] = canonicalRequest.split('\n')
  assert.deepEqual(
    [method, path, query, host],
    ['POST', '/%E7%89%8C%20%E6%A5%BC/', 'q=%E7%89%8C', 'host:api.example.com'],
  )
})

test('a payload hash instead of a body is sent along', () => {
  const added = sign({ url: 'http://a.example/', payloadHash: unsignedPayload }, credentials)
  assert.equal(added['X-Sdk-Content-Sha256'], 'UNSIGNED-PAYLOAD')
  assert.equal(signedNames(added), 'host;x-sdk-content-sha256;x-sdk-date')
})

test('a body of text and the same body as bytes give the same signature', () => {
  const request = { method: 'POST', url: 'http://a.example/', date: 0 }
  assert.deepEqual(
    sign({ ...request, body: '牌楼' }, credentials),
    sign({ ...request, body: Buffer.from('牌楼') }, credentials),
  )
  assert.notDeepEqual(sign({ ...request, body: '牌' }, credentials), sign({ ...request, body: '楼' }, credentials))
})

test('what cannot be signed is refused in words, and without the secret', () => {
  const url = 'http://a.example/'
  const cases: [run: () => unknown, message: RegExp][] = [
    [() => sign({ url }, { key: '', secret: 'the-secret' }), /the key is empty/],
    [() => sign({ url }, { key: 'a,b', secret: 'the-secret' }), /a comma/],
    [() => sign({ url }, { key: 'KEY', secret: '' }), /the secret is empty/],
    [() => sign({}, credentials), /a url or a path/],
    [() => sign({ url: 'nonsense' }, credentials), /Invalid URL/],
    [() => sign({ path: '/牌' }, credentials), /percent-encoded/],
    [() => sign({ url, headers: { 'x-name': '牌' } }, credentials), /header x-name .*toByteString/],
    [() => sign({ url, headers: { 'X-Sdk-Date': 'today' } }, credentials), /X-Sdk-Date is not a date/],
    [() => sign({ url, signedHeaders: ['x-missing'] }, credentials), /x-missing is to be signed/],
  ]
  for (const [run, message] of cases) {
    assert.throws(run, (error: Error) => message.test(error.message) && !error.message.includes('the-secret'))
  }
})

test('a prepared key signs like its secret', () => {
  const request = { url: 'http://a.example/', date: 0 }
  assert.deepEqual(sign(request, { key: 'KEY', secret: prepareKey('the-secret') }), sign(request, credentials))
})
