import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDate, parseDate } from './index.ts'

test('a date is read and written in the same form, in UTC', () => {
  const ms = Date.UTC(2026, 0, 15, 3, 36, 55)
  assert.equal(formatDate(ms + 999), '20260115T033655Z')
  assert.equal(parseDate('20260115T033655Z'), ms)
  assert.equal(parseDate('20240229T235959Z'), Date.UTC(2024, 1, 29, 23, 59, 59))
})

test('what has another form, or is no real moment, is not a date', () => {
  const wrong = [
    '',
    '20260115T033655',
    '20260115 033655Z',
    '2026-01-15T03:36:55Z',
    '20260115t033655z',
    ' 20260115T033655Z',
    '20260115T033655Z\n',
    '20250229T000000Z',
    '20260230T000000Z',
    '20260431T000000Z',
    '20261301T000000Z',
    '20260001T000000Z',
    '20260100T000000Z',
    '20260115T240000Z',
    '20260115T036000Z',
    '20260115T033660Z',
    '00000115T033655Z',
    '２０260115T033655Z',
  ]
  for (const text of wrong) assert.equal(parseDate(text), undefined, JSON.stringify(text))
})
