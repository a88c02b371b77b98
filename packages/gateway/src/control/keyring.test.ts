import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { openKeyring } from './keyring-file.ts'
import { KeyringError, keyringOf, parseMasterKey } from './keyring.ts'

const key = randomBytes(32)

describe('a keyring', () => {
  it('opens what it has sealed, also the empty text', () => {
    const ring = keyringOf(key)
    for (const value of ['', 'a', '牌楼', 'x'.repeat(100_000)])
      assert.equal(ring.open(ring.seal(value, 'app a1'), 'app a1'), value)
  })

  it('seals the same value differently each time', () => {
    const ring = keyringOf(key)
    assert.equal(new Set(Array.from({ length: 100 }, () => ring.seal('value', 'app a1'))).size, 100)
  })

  it('opens what the same key sealed in another process', () => {
    assert.equal(keyringOf(key).open(keyringOf(Buffer.from(key)).seal('value', 'app a1'), 'app a1'), 'value')
  })

  it('opens nothing at another place', () => {
    const ring = keyringOf(key)
    assert.throws(() => ring.open(ring.seal('value', 'app a1'), 'app a2'), KeyringError)
  })

  it('notices each changed bit', () => {
    const ring = keyringOf(key)
    const [id, text] = ring.seal('value', 'app a1').split('.') as [string, string]
    const sealed = Buffer.from(text, 'base64url')
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      assert.throws(() => ring.open(`${id}.${changed.toString('base64url')}`, 'app a1'), KeyringError)
    }
  })

  it('refuses envelopes that are none', () => {
    const ring = keyringOf(key)
    for (const text of ['', '.', ring.keyId, `${ring.keyId}.`, `${ring.keyId}.AAAA`]) {
      assert.throws(() => ring.open(text, 'app a1'), KeyringError)
    }
  })

  it('names both keys, and neither value nor key, when another one has sealed', () => {
    const other = keyringOf(randomBytes(32))
    const ring = keyringOf(key)
    assert.throws(
      () => ring.open(other.seal('planted', 'app a1'), 'app a1'),
      (error: Error) =>
        error instanceof KeyringError &&
        error.message.includes(other.keyId) &&
        error.message.includes(ring.keyId) &&
        !error.message.includes('planted'),
    )
  })

  it('derives one key for one purpose', () => {
    const ring = keyringOf(key)
    assert.deepEqual(ring.derive('tokens'), keyringOf(key).derive('tokens'))
    assert.notDeepEqual(ring.derive('tokens'), ring.derive('seal'))
    assert.equal(ring.derive('tokens').length, 32)
  })
})

describe('a master key in text', () => {
  const good: [title: string, text: string][] = [
    ['hex', key.toString('hex')],
    ['upper-case hex with an end of line', `${key.toString('hex').toUpperCase()}\n`],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
  ]
  for (const [title, text] of good) {
    it(`may be ${title}`, () => assert.deepEqual(parseMasterKey(text, 'the text'), key))
  }

  for (const text of [
    '',
    'planted',
    key.toString('hex').slice(1),
    randomBytes(31).toString('base64'),
    'z'.repeat(64),
  ]) {
    it(`is refused, unshown, when it is ${text.length} characters like ${text.slice(0, 7)}…`, () => {
      assert.throws(
        () => parseMasterKey(text, 'PAILOU_MASTER_KEY'),
        (error: Error) =>
          error.message.startsWith('PAILOU_MASTER_KEY') && (text === '' || !error.message.includes(text)),
      )
    })
  }
})

describe('the key file', () => {
  function place(t: TestContext): string {
    const directory = mkdtempSync(join(tmpdir(), 'pailou-key-'))
    t.after(() => rmSync(directory, { recursive: true }))
    return join(directory, 'data')
  }
  const nothingSealed = () => undefined

  it('is made once, for its owner alone, in a directory of its own', t => {
    const directory = place(t)
    const first = openKeyring({ directory, sealedWith: nothingSealed })
    const text = readFileSync(join(directory, 'master.key'), 'utf8')
    assert.equal(statSync(join(directory, 'master.key')).mode & 0o777, 0o600)
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    assert.deepEqual(readdirSync(directory), ['master.key'])
    const second = openKeyring({ directory, sealedWith: () => assert.fail('the file is there') })
    assert.equal(second.keyId, first.keyId)
    assert.equal(readFileSync(join(directory, 'master.key'), 'utf8'), text)
  })

  it('is not made beside sealed data', t => {
    const directory = place(t)
    assert.throws(
      () => openKeyring({ directory, sealedWith: () => 'cafe0123' }),
      (error: Error) =>
        error instanceof KeyringError && /master\.key is missing.*cafe0123.*PAILOU_MASTER_KEY/.test(error.message),
    )
    assert.equal(existsSync(join(directory, 'master.key')), false)
  })

  it('is neither read nor made when the key is given', t => {
    const directory = place(t)
    const ring = openKeyring({ directory, masterKey: key.toString('hex'), sealedWith: nothingSealed })
    assert.equal(ring.keyId, keyringOf(key).keyId)
    assert.equal(existsSync(directory), false)
  })

  it('is never overwritten, also when it is no key', t => {
    const directory = place(t)
    openKeyring({ directory, sealedWith: nothingSealed })
    writeFileSync(join(directory, 'master.key'), 'half a k')
    assert.throws(() => openKeyring({ directory, sealedWith: nothingSealed }), KeyringError)
    assert.equal(readFileSync(join(directory, 'master.key'), 'utf8'), 'half a k')
  })
})
