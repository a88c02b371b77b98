import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BodyReader } from './body-reader.ts'

test('a reader that has read a body knows nothing of it when the next message has none', () => {
  const reader = new BodyReader()
  reader.begin(false, 5, 100)
  reader.read(Buffer.from('hello'), 0, 5)
  assert.deepEqual([reader.from, reader.to, reader.total, reader.done], [0, 5, 5, true])
  reader.begin(false, -1, 100)
  assert.deepEqual([reader.from, reader.to, reader.total, reader.done], [0, 0, 0, true])
})

for (const [framing, chunked, length, bytes] of [
  ['a length', false, 4, 'abcd'],
  ['chunks', true, -1, '2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n'],
] as const) {
  test(`${framing}: exactly the limit passes, one more does not`, () => {
    const readAll = (limit: number) => {
      const reader = new BodyReader()
      reader.begin(chunked, length, limit)
      for (let at = 0; !reader.done && reader.fault === undefined;)
        at = reader.read(Buffer.from(bytes), at, bytes.length)
      return reader.fault?.row
    }
    assert.equal(readAll(4), undefined)
    assert.equal(readAll(3), '0201/413')
  })
}
