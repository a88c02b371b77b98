import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { toByteString } from './bytes.ts'
import { emptyPayloadHash, prepareKey, sha256Hex } from './index.ts'

test('hashes equal those of OpenSSL at every length around the block sizes, as bytes and as a byte string', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255)
    const expected = createHash('sha256').update(bytes).digest('hex')
    assert.equal(sha256Hex(bytes), expected)
    assert.equal(sha256Hex(Buffer.from(bytes).toString('latin1')), expected)
  }
  assert.equal(sha256Hex(''), emptyPayloadHash)
})

test('a megabyte is hashed as it should be', () => {
  const bytes = new Uint8Array(1 << 20).fill(0xa5)
  assert.equal(sha256Hex(bytes), createHash('sha256').update(bytes).digest('hex'))
})

test('text that is not a byte string is refused instead of being hashed as something else', () => {
  assert.throws(() => sha256Hex('牌楼'), RangeError)
  assert.throws(() => sha256Hex(`${'a'.repeat(64)}${'牌'.repeat(64)}`), RangeError)
  assert.equal(sha256Hex(toByteString('牌楼')), createHash('sha256').update('牌楼').digest('hex'))
  assert.equal(sha256Hex(toByteString('é')), createHash('sha256').update('é').digest('hex'))
})

test('signatures equal those of OpenSSL for secrets shorter, as long as, and longer than a block', () => {
  for (const secret of ['s', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(200), '牌楼'.repeat(30)]) {
    const key = prepareKey(secret)
    for (const message of ['', 'a', 'm'.repeat(55), 'm'.repeat(56), 'm'.repeat(97), 'm'.repeat(600)]) {
      const expected = createHmac('sha256', secret).update(message).digest('hex')
      assert.equal(key.sign(message), expected)
      assert.equal(key.matches(message, expected), true)
    }
  }
})

test('a signature that differs anywhere, or has another length, does not match', () => {
  const key = prepareKey('secret')
  const right = key.sign('message')
  for (let i = 0; i < 64; i++) {
    const wrong = right.slice(0, i) + (right[i] === '0' ? '1' : '0') + right.slice(i + 1)
    assert.equal(key.matches('message', wrong), false)
  }
  for (const wrong of ['', right.slice(1), `${right}0`, right.toUpperCase()])
    assert.equal(key.matches('message', wrong), false)
})

test('a prepared key shows nothing of itself', () => {
  const key = prepareKey('secret')
  assert.equal(inspect(key, { depth: 9, showHidden: true }), 'SigningKey {}')
  assert.equal(JSON.stringify(key), '{}')
})
