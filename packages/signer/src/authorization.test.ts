import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAuthorization, parseAuthorization } from './index.ts'

const signature = '0123456789abcdef'.repeat(4)
const good = `SDK-HMAC-SHA256 Access=KEY, SignedHeaders=host;x-sdk-date, Signature=${signature}`

test('a well-formed header is read, with or without spaces behind its commas', () => {
  const expected = { access: 'KEY', signedHeaders: ['host', 'x-sdk-date'], signature }
  assert.deepEqual(parseAuthorization(good), expected)
  assert.deepEqual(parseAuthorization(good.replaceAll(', ', ',')), expected)
  assert.deepEqual(parseAuthorization(good.replaceAll(', ', ',   ')), expected)
  assert.equal(formatAuthorization(expected), good)
})

test('a header that cannot be used says which part is wrong', () => {
  const cases: [value: string, check: string][] = [
    ['', 'algorithm'],
    ['Basic S0VZOlNFQ1JFVA==', 'algorithm'],
    [good.replace('SHA256', 'SM3'), 'algorithm'],
    [good.replace('SDK-HMAC-SHA256', 'sdk-hmac-sha256'), 'algorithm'],
    ['SDK-HMAC-SHA256', 'access'],
    [good.replace('KEY', ''), 'access'],
    [good.replace('KEY', ' '), 'access'],
    [good.replace('KEY', 'K EY'), 'access'],
    [good.replace('Access=KEY, ', ''), 'access'],
    [good.replace('host;x-sdk-date', ''), 'signed-headers'],
    [good.replace('host;', 'Host;'), 'signed-headers'],
    [good.replace('host;', 'host;;'), 'signed-headers'],
    [good.replace('host;', 'host:;'), 'signed-headers'],
    [good.replace('host;', 'ho\nst;'), 'signed-headers'],
    [good.replace(signature, ''), 'signature'],
    [good.replace(signature, signature.slice(1)), 'signature'],
    [good.toUpperCase().replace('ACCESS', 'Access'), 'signed-headers'],
    [good.replace(signature, signature.toUpperCase()), 'signature'],
    [`${good}, Signature=${signature}`, 'signature'],
    [`${good},`, 'signature'],
    [good.replace('host;', 'a;'.repeat(64)), 'size'],
    [good.replace('KEY', 'K'.repeat(9000)), 'size'],
  ]
  for (const [value, check] of cases) {
    const found = parseAuthorization(value)
    assert.equal('check' in found ? found.check : 'accepted', check, value.slice(0, 120))
  }
  assert.equal('check' in parseAuthorization(good.replace('host;', 'a;'.repeat(63))), false)
})

test('what is told about a wrong header repeats nothing of it', () => {
  const found = parseAuthorization('SDK-HMAC-SHA256 Access=PLANTED, SignedHeaders=planted, Signature=PLANTED')
  assert.ok('problem' in found)
  assert.doesNotMatch(found.problem, /planted/i)
})

test('a hostile header is refused in no time', () => {
  const started = performance.now()
  for (const part of [' ', ', ', 'Access=', 'a;', '\t'])
    parseAuthorization(`SDK-HMAC-SHA256 ${part.repeat(4000)}`.slice(0, 8192))
  assert.ok(performance.now() - started < 200)
})
