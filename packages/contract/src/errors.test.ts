import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bilingual, type ErrorEntry, errorMessage, errorRows, errors, rowsOf } from './errors.ts'
import { readTable } from './testdata/table.ts'

const table = readTable('rows.tsv', ['code', 'message', 'status', 'meaning_zh', 'solution_zh'])

function entries(): [row: string, entry: ErrorEntry][] {
  return Object.entries(errors)
}

test('the error table of the contract has 35 rows', () => {
  assert.equal(table.length, 35)
})

test('every row of the error table stands in the catalogue, word for word', () => {
  for (const { code, message, status, meaning_zh, solution_zh } of table) {
    const found = entries().filter(([, entry]) => entry.code === code && entry.status === Number(status))
    assert.equal(found.length, 1, `${code} with status ${status}`)
    const [[, entry]] = found as [[string, ErrorEntry]]
    assert.deepEqual([entry.message, entry.meaning.zh, entry.solution.zh], [message, meaning_zh, solution_zh], code)
  }
})

test('every row of the catalogue stands in the error table', () => {
  for (const [row, entry] of entries()) {
    assert.ok(
      table.some(line => line.code === entry.code && Number(line.status) === entry.status),
      row,
    )
  }
})

test('a row is named after its code, and after its status where the code has several', () => {
  for (const [row, entry] of entries()) {
    const several = entries().filter(([, other]) => other.code === entry.code).length > 1
    const digits = entry.code.slice('APIG.'.length)
    assert.equal(row, several ? `${digits}/${entry.status}` : digits)
  }
})

test('every text is there in both languages', () => {
  for (const [row, entry] of entries()) {
    for (const text of [entry.meaning, entry.solution, entry.nextStep] satisfies Bilingual[]) {
      assert.match(text.zh, /\p{Script=Han}/u, row)
      assert.doesNotMatch(text.en, /\p{Script=Han}|[，。；：（）]/u, row)
      assert.match(text.en, /^[A-Z].+\.$/, row)
    }
  }
})

test('a next step is something that one can do oneself', () => {
  for (const [row, { nextStep, solution }] of entries()) {
    assert.doesNotMatch(nextStep.en, /contact|support team|technical support/i, row)
    assert.doesNotMatch(nextStep.zh, /联系|技术支持/, row)
    assert.notEqual(nextStep.en, solution.en, row)
    assert.ok(nextStep.en.length > 60, row)
  }
})

test('a fault of the caller has a status of the caller, and no other row has', () => {
  const exceptions = new Set(['0103', '0104', '0105', '0404']) // the contract answers 4xx where the gateway is set up wrongly
  for (const [row, entry] of entries()) {
    if (!exceptions.has(row)) assert.equal(entry.fault === 'caller', entry.status < 500, row)
  }
})

test('the message of 0607 names the protocol', () => {
  assert.equal(errorMessage('0607', { xxx: 'HTTPS' }), 'Unsupported protocol. Supported protocol: HTTPS')
  assert.equal(errorMessage('0607'), 'Unsupported protocol. Supported protocol: {xxx}')
  assert.equal(errorMessage('0101', { xxx: 'HTTPS' }), errors['0101'].message)
})

test('rows are found by code, by digits and by row', () => {
  assert.deepEqual(rowsOf('APIG.0303'), ['0303'])
  assert.deepEqual(rowsOf('0303'), ['0303'])
  assert.deepEqual(rowsOf('0201/413'), ['0201/413'])
  assert.deepEqual(rowsOf('APIG.0201/413'), ['0201/413'])
  assert.deepEqual(rowsOf('APIG.0201').length, 6)
  for (const unknown of ['', 'APIG.9999', '0201/', '020', 'APIG.', 'constructor']) assert.deepEqual(rowsOf(unknown), [])
  assert.equal(errorRows.length, 35)
})
