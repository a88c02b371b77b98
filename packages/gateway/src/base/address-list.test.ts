import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { AddressList } from './address-list.ts'

const cases: [entry: string, on: string[], off: string[]][] = [
  ['192.0.2.7', ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:192.0.2.7'], ['192.0.2.8', '192.0.2.70', '2001:db8::7']],
  ['192.0.2.0/24', ['192.0.2.0', '192.0.2.255'], ['192.0.1.255', '192.0.3.0', '::1']],
  ['192.0.2.130/25', ['192.0.2.128', '192.0.2.255'], ['192.0.2.127']],
  ['192.0.2.7/32', ['192.0.2.7'], ['192.0.2.6', '192.0.2.8']],
  ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::', '2001:db8::1']],
  ['192.0.2.9-192.0.3.1', ['192.0.2.9', '192.0.2.200', '192.0.3.1'], ['192.0.2.8', '192.0.3.2']],
  ['192.0.2.9-192.0.2.9', ['192.0.2.9'], ['192.0.2.10']],
  ['::ffff:192.0.2.7', ['192.0.2.7'], ['192.0.2.8']],
  ['::ffff:c000:207', ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8']],
  ['::ffff:192.0.2.0/120', ['192.0.2.0', '192.0.2.255'], ['192.0.3.0', '::1']],
  ['::ffff:192.0.2.7-::ffff:192.0.2.9', ['192.0.2.7', '192.0.2.9'], ['192.0.2.6', '192.0.2.10']],
  ['2001:db8::7', ['2001:db8::7', '2001:DB8:0:0::7'], ['2001:db8::8', '192.0.2.7']],
  ['2001:db8::/32', ['2001:db8::', '2001:db8:ffff::1'], ['2001:db9::', '192.0.2.7']],
  ['::/0', ['::1', 'fe80::1'], ['192.0.2.7', '0.0.0.0']],
  ['2001:db8::1-2001:db8::ff', ['2001:db8::1', '2001:db8::80', '2001:db8::ff'], ['2001:db8::', '2001:db8::100']],
]

suite('a list of addresses', () => {
  for (const [entry, on, off] of cases) {
    test(`${entry} holds ${on.join(', ')} and not ${off.join(', ')}`, () => {
      const list = new AddressList([entry])
      for (const address of on) assert.equal(list.has(address), true, address)
      for (const address of off) assert.equal(list.has(address), false, address)
    })
  }

  test('tells which of its entries holds an address', () => {
    const list = new AddressList(['192.0.2.1', '10.0.0.0/8', '10.1.0.0/16'])
    for (let round = 0; round < 2; round++) assert.equal(list.entryWith('10.1.2.3'), '10.0.0.0/8')
    for (let at = 0; at < 2_000; at++) assert.equal(list.entryWith(`10.0.${at >> 8}.${at & 255}`), '10.0.0.0/8')
    assert.equal(list.entryWith('11.1.2.3'), undefined)
  })

  test('says nothing of what is no address', () => {
    const list = new AddressList(['0.0.0.0/0', '::/0'])
    for (const text of ['', 'unknown', '192.0.2', '192.0.2.1:80', '[::1]'])
      assert.equal(list.has(text), undefined, text)
  })

  test('refuses what is no entry', () => {
    for (const entry of ['', 'nobody', '192.0.2.1/33', '192.0.2.9-192.0.2.1', '192.0.2.1-::1', '2001:db8::/129'])
      assert.throws(() => new AddressList([entry]), entry)
  })
})
