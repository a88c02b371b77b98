import assert from 'node:assert/strict'
import { argon2Sync } from 'node:crypto'
import { describe, it } from 'node:test'
import { hashPassword, verifyPassword } from './password.ts'

describe('a password', () => {
  it('is known by its hash, and no other is', async () => {
    for (const password of ['correct horse', '牌楼牌楼牌楼牌楼', ' spaces ', 'x'.repeat(1000)]) {
      const hash = await hashPassword(password)
      assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
      assert.equal(await verifyPassword(password, hash), true)
      assert.equal(await verifyPassword(`${password}.`, hash), false)
      assert.equal(await verifyPassword('', hash), false)
    }
  })

  it('has another hash each time', async () => {
    assert.notEqual(await hashPassword('the same'), await hashPassword('the same'))
  })

  it('is checked at the cost that its hash names', async () => {
    const nonce = Buffer.from('somesaltsomesalt')
    const cost = { memory: 64, passes: 3, parallelism: 2 }
    const hash = argon2Sync('argon2id', { message: 'other cost', nonce, tagLength: 24, ...cost })
    const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
    const phc = `$argon2id$v=19$m=64,t=3,p=2$${base64(nonce)}$${base64(hash)}`
    assert.equal(await verifyPassword('other cost', phc), true)
    assert.equal(await verifyPassword('another', phc), false)
  })

  it('is never right for a text that is no hash', async () => {
    const hash = await hashPassword('secret12')
    const texts = [
      '',
      'secret12',
      hash.replace('argon2id', 'argon2i'),
      hash.replace('v=19', 'v=16'),
      `${hash}$`,
      hash.slice(0, 40),
    ]
    for (const text of texts) assert.equal(await verifyPassword('secret12', text), false, text)
  })
})
