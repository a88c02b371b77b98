import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operations } from '@pailou/contract'
import { coverage, page, storedFamilies } from './coverage.ts'

const rows = coverage()

test('every operation of the contract has a line, and those that are described are there', () => {
  assert.equal(rows.length, 216)
  for (const { operation, state } of rows) assert.equal(state === 'not yet', !(operation in operations), operation)
  const text = page(rows)
  for (const { operation } of rows) assert.equal(text.split(`| \`${operation}\` |`).length, 2, operation)
})

test('the numbers of the page add up', () => {
  const all = [...page(rows).matchAll(/^\| \*\*.*\| (\d+) \|$/gm)].map(match => Number(match[1]))
  assert.equal(all.length, 4)
  assert.equal(
    all.reduce((sum, number) => sum + number, 0),
    216,
  )
})

test('what is said to be stored only is a family of the contract', () => {
  const families = new Set(rows.map(({ family }) => family))
  for (const family of storedFamilies) assert.ok(families.has(family), family)
  assert.equal(new Set(storedFamilies).size, storedFamilies.length)
})

test('what only a cloud can do is refused, and not served', () => {
  const refused = rows.filter(({ state }) => state === 'refused')
  assert.deepEqual(new Set(refused.map(({ tier }) => tier)), new Set(['3']))
  assert.ok(refused.some(({ operation }) => operation === 'addEipV2'))
})
