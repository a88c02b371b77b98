import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  canonicalRequest,
  emptyPayloadHash,
  formatAuthorization,
  parseAuthorization,
  parseDate,
  prepareKey,
  sha256Hex,
  sign,
  signWithDetails,
  toByteString,
  verify,
  type Authorization,
  type ReceivedRequest,
  type Reading,
  type SecondReading,
  type VerifyOptions,
} from './index.ts'
import { vectors, type Vector } from './vectors.testdata.ts'

const readingOf: Record<SecondReading, Reading> = {
  'plus-as-space': { plus: 'space' },
  'bare-empty-values': { emptyValues: 'bare' },
  'path-encoded-twice': { encodedPath: true },
}

function received(vector: Vector): ReceivedRequest {
  const headers = new Map(Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]))
  headers.set('host', vector.host).set('x-sdk-date', vector.date)
  const bodyHash = sha256Hex(toByteString(vector.body))
  return { method: vector.method, path: vector.path, query: vector.query, headers: name => headers.get(name), bodyHash }
}

function check(vector: Vector, change: Partial<ReceivedRequest> = {}, options: Partial<VerifyOptions> = {}) {
  const { key: access, signedHeaders, signature } = vector
  const now = parseDate(vector.date)!
  return verify({ ...received(vector), ...change }, { access, signedHeaders, signature }, prepareKey(vector.secret), {
    now,
    ...options,
  })
}

const named = (name: string) => vectors.find(vector => vector.name === name)!
const strict = vectors.filter(vector => !vector.reading)

describe('the golden vectors', () => {
  test('are all there', () => assert.equal(vectors.length, 14))

  for (const vector of vectors) {
    test(`${vector.name}, ${vector.title}: the canonical request and its hash are reproduced`, () => {
      const { signedHeaders } = vector
      const request = received(vector)
      const payloadHash = vector.headers['X-Sdk-Content-Sha256'] ?? request.bodyHash!
      const text = canonicalRequest(
        { ...request, signedHeaders, payloadHash },
        vector.reading && readingOf[vector.reading],
      )
      assert.equal(text, vector.canonicalRequest)
      const hash = sha256Hex(text)
      assert.equal(hash, createHash('sha256').update(text, 'latin1').digest('hex'))
      if (vector.canonicalRequestHash) assert.equal(hash, vector.canonicalRequestHash)
      const toSign = `SDK-HMAC-SHA256\n${vector.date}\n${hash}`
      assert.equal(prepareKey(vector.secret).sign(toSign), vector.signature)
    })

    test(`${vector.name}: the signature is accepted, by the reading with which it was made`, () => {
      const unsigned = vector.headers['X-Sdk-Content-Sha256'] === 'UNSIGNED-PAYLOAD'
      const readings = vector.reading ? [vector.reading] : []
      assert.deepEqual(check(vector), { ok: true, readings, payload: unsigned ? 'unsigned' : 'compared' })
      assert.equal(check(vector, {}, { strict: true }).ok, !vector.reading)
      assert.equal(check(vector, {}, { readings: [] }).ok, !vector.reading)
    })
  }

  for (const vector of strict) {
    test(`${vector.name}: signing gives the same signature, from a URL as from its parts`, () => {
      const { method, host, path, query, headers, body, signedHeaders } = vector
      const rest = { method, headers, body, signedHeaders, date: parseDate(vector.date)! }
      const authorization = formatAuthorization({ access: vector.key, signedHeaders, signature: vector.signature })
      if (vector.authorization) assert.equal(authorization, vector.authorization)
      const url = `${vector.scheme}://${host}${path}${query && `?${query}`}`
      const added = { 'X-Sdk-Date': vector.date, Host: host, Authorization: authorization }
      assert.deepEqual(sign({ url, ...rest }, vector), added)
      assert.deepEqual(
        sign({ path, query, host, ...rest }, { key: vector.key, secret: prepareKey(vector.secret) }),
        added,
      )
      const details = signWithDetails({ url, ...rest }, vector)
      assert.equal(details.canonicalRequest, vector.canonicalRequest)
      assert.equal(details.stringToSign, `SDK-HMAC-SHA256\n${vector.date}\n${sha256Hex(vector.canonicalRequest)}`)
    })
  }

  test('without a choice, all given headers are signed, and the host and the date', () => {
    for (const vector of strict.filter(vector => vector.name !== 'V12')) {
      const { method, host, path, query, headers, body } = vector
      const { Authorization } = sign(
        { method, host, path, query, headers, body, date: parseDate(vector.date)! },
        vector,
      )
      assert.equal((parseAuthorization(Authorization!) as Authorization).signature, vector.signature, vector.name)
    }
  })
})

describe('a vector with one thing changed', () => {
  const at = parseDate(named('V1').date)!
  const minute = 60_000
  const withHeaders = (
    vector: Vector,
    change: Record<string, string | string[] | undefined>,
  ): Partial<ReceivedRequest> => {
    const { headers } = received(vector)
    return { headers: name => (name in change ? change[name] : headers(name)) }
  }
  type Case = [
    title: string,
    vector: string,
    change: Partial<ReceivedRequest>,
    options: Partial<VerifyOptions>,
    check: string,
  ]
  const cases: Case[] = [
    ['another path', 'V1', { path: '/test2' }, {}, 'signature'],
    ['another method', 'V1', { method: 'POST' }, {}, 'signature'],
    ['one more parameter', 'V1', { query: 'a=1' }, {}, 'signature'],
    ['another host', 'V1', withHeaders(named('V1'), { host: 'api.example.org' }), {}, 'signature'],
    ['another body', 'V5', { bodyHash: emptyPayloadHash }, {}, 'signature'],
    [
      'a second value of a signed header',
      'V3',
      withHeaders(named('V3'), { 'x-stage': ['BETA', 'RELEASE'] }),
      {},
      'signature',
    ],
    ['a signed header taken away', 'V3', withHeaders(named('V3'), { 'x-stage': undefined }), {}, 'header-absent'],
    ['no date', 'V1', withHeaders(named('V1'), { 'x-sdk-date': undefined }), {}, 'date-missing'],
    [
      'another form of date',
      'V1',
      withHeaders(named('V1'), { 'x-sdk-date': '2026-01-15T03:36:55Z' }),
      {},
      'date-malformed',
    ],
    [
      'two dates',
      'V1',
      withHeaders(named('V1'), { 'x-sdk-date': ['20260115T033655Z', '20260115T033655Z'] }),
      {},
      'date-malformed',
    ],
    ['a date a second later', 'V1', withHeaders(named('V1'), { 'x-sdk-date': '20260115T033656Z' }), {}, 'signature'],
    ['15:01 too late', 'V1', {}, { now: at + 15 * minute + 1000 }, 'window'],
    ['15:01 too early', 'V1', {}, { now: at - 15 * minute - 1000 }, 'window'],
  ]
  for (const [title, name, change, options, expected] of cases) {
    test(`${name} with ${title} fails at ${expected}`, () => {
      const result = check(named(name), change, options)
      assert.equal(result.ok ? 'accepted' : result.check, expected)
    })
  }

  test('V1 passes at the ends of the window', () => {
    for (const now of [at + 15 * minute, at + 15 * minute + 999, at - 15 * minute]) {
      assert.equal(check(named('V1'), {}, { now }).ok, true)
    }
  })

  test('V6 passes with any body, and with one that is not known', () => {
    assert.equal(check(named('V6'), { bodyHash: emptyPayloadHash }).ok, true)
    const { bodyHash: _, ...unknown } = received(named('V6'))
    const { key: access, signedHeaders, signature, secret, date } = named('V6')
    const result = verify(unknown, { access, signedHeaders, signature }, prepareKey(secret), { now: parseDate(date)! })
    assert.deepEqual(result, { ok: true, readings: [], payload: 'unsigned' })
  })
})
