import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './report.ts'
import { median, spread } from './statistics.ts'

const medians: [values: number[], expected: number][] = [
  [[3], 3],
  [[3, 1], 2],
  [[5, 1, 3], 3],
  [[10, 9, 100, 1], 9.5],
  [[], NaN],
]
for (const [values, expected] of medians) {
  test(`the median of [${values.join(', ')}] is ${expected}`, () => assert.equal(median(values), expected))
}

test('a spread keeps the order of its values', () => {
  const values = [3, 1, 2]
  assert.deepEqual(spread(values), { median: 2, min: 1, max: 3 })
  assert.deepEqual(values, [3, 1, 2])
})

test('a table is as wide as its widest cells', () => {
  assert.equal(
    table([
      ['', 'a'],
      ['name', '100'],
    ]),
    '        a\nname  100',
  )
})
