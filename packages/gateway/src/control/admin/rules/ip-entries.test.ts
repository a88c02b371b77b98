import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isIpEntry } from './ip-entries.ts'

const cases: [text: string, ok: boolean][] = [
  ['192.168.1.5', true],
  ['0.0.0.0', true],
  ['192.168.1.0/24', true],
  ['192.168.1.5/24', true],
  ['0.0.0.0/0', true],
  ['10.0.0.1/32', true],
  ['10.0.0.1-10.0.0.9', true],
  ['10.0.0.1-10.0.0.1', true],
  ['9.255.255.255-10.0.0.0', true],
  ['2001:db8::1', true],
  ['2001:db8::/32', true],
  ['2001:db8::1-2001:db8::ff', true],
  ['::ffff:10.0.0.1', true],
  ['', false],
  [' 10.0.0.1', false],
  ['10.0.0', false],
  ['10.0.0.256', false],
  ['010.0.0.1', false],
  ['10.0.0.1/33', false],
  ['10.0.0.1/08', false],
  ['10.0.0.1/', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.1/255.0.0.0', false],
  ['10.0.0.9-10.0.0.1', false],
  ['10.0.0.1-', false],
  ['10.0.0.1-2001:db8::1', false],
  ['10.0.0.1-10.0.0.2-10.0.0.3', false],
  ['10.0.0.0/24-10.0.1.0/24', false],
  ['2001:db8::/129', false],
  ['2001:db8::ff-2001:db8::1', false],
  ['fe80::1%eth0', false],
  ['example.com', false],
  ['*', false],
]

for (const [text, ok] of cases) {
  test(`${JSON.stringify(text)} is ${ok ? 'an' : 'no'} entry of an address list`, () =>
    assert.equal(isIpEntry(text), ok))
}
