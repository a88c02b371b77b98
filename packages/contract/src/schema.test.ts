import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { withoutBlanks } from './blanks.ts'
import { operations } from './operations.ts'
import { listOf, listQueryBy, pageOf, Time } from './schema.ts'

const pages: [query: { offset?: number; limit?: number }, offset: number, limit: number][] = [
  [{}, 0, 20],
  [{ offset: 40, limit: 10 }, 40, 10],
  [{ offset: -1, limit: 0 }, 0, 20],
  [{ limit: -5 }, 0, 20],
  [{ limit: 500 }, 0, 500],
  [{ limit: 501 }, 0, 500],
]

for (const [query, offset, limit] of pages) {
  test(`the page ${JSON.stringify(query)} begins at ${offset} and holds ${limit}`, () => {
    assert.deepEqual(pageOf(query), { offset, limit })
  })
}

test('a list has its key even when it is empty', () => {
  const list = listOf('groups', Type.String())
  assert.ok(Check(list, { total: 3, size: 0, groups: [] }))
  assert.equal(Check(list, { total: 0, size: 0 }), false)
  assert.equal(Check(list, { total: 0, size: 0, groups: [], extra: 1 }), false)
})

test('a list that belongs to something asks for it', () => {
  const query = listQueryBy(['app_id'], 'env_id')
  assert.ok(Check(query, { app_id: 'a', limit: 1 }))
  assert.equal(Check(query, { env_id: 'e' }), false)
})

test('times are whole seconds in UTC', () => {
  assert.ok(Check(Time, '2020-07-31T12:42:51Z'))
  for (const time of ['2020-07-31T12:42:51.383Z', '2020-07-31T12:42:51+08:00', '2020-07-31 12:42:51']) {
    assert.equal(Check(Time, time), false)
  }
})

const schema = Type.Object({
  name: Type.String(),
  limit: Type.Integer({ minimum: 1 }),
  remark: Type.Optional(Type.String()),
  flag: Type.Optional(Type.Enum([1, 2])),
  weight: Type.Optional(Type.Integer({ minimum: 0 })),
  number: Type.Optional(Type.Integer()),
  port: Type.Optional(Type.Union([Type.Enum([-1, 80]), Type.Integer({ minimum: 1024 })])),
  enabled: Type.Optional(Type.Boolean()),
  tags: Type.Optional(Type.Array(Type.String())),
  inner: Type.Optional(Type.Object({ key: Type.String(), note: Type.Optional(Type.String()) })),
  members: Type.Optional(
    Type.Array(Type.Object({ host: Type.String(), port: Type.Optional(Type.Integer({ minimum: 1 })) })),
  ),
})

const blanks: [name: string, value: unknown, left: unknown][] = [
  [
    'drops null, an empty text and a 0 that is not allowed',
    { remark: '', flag: 0, tags: null, inner: null, port: 0 },
    {},
  ],
  [
    'keeps a 0 that is allowed, and false',
    { weight: 0, number: 0, enabled: false },
    { weight: 0, number: 0, enabled: false },
  ],
  ['keeps what is required, so that it can be refused', { name: '', limit: 0 }, { name: '', limit: 0 }],
  ['keeps unknown fields', { other: null, more: '' }, { other: null, more: '' }],
  ['looks into objects', { inner: { key: '', note: '' } }, { inner: { key: '' } }],
  ['looks into lists', { members: [{ host: 'a', port: 0 }, null] }, { members: [{ host: 'a' }, null] }],
  ['leaves items of lists alone', { tags: ['', 'a'] }, { tags: ['', 'a'] }],
  ['leaves another shape alone', [1, 2], [1, 2]],
  ['leaves a text alone', 'x', 'x'],
  ['leaves null alone', null, null],
  ['leaves a wrong inner shape alone', { inner: 5, members: {} }, { inner: 5, members: {} }],
]

for (const [name, value, left] of blanks) {
  test(`withoutBlanks ${name}`, () => assert.deepEqual(withoutBlanks(schema, value), left))
}

test('withoutBlanks does not change what it was given', () => {
  const given = Object.freeze({ remark: '', inner: Object.freeze({ key: 'k', note: null }) })
  assert.deepEqual(withoutBlanks(schema, given), { inner: { key: 'k' } })
  assert.equal(given.remark, '')
})

test('a field named __proto__ is a field like any other', () => {
  const left = withoutBlanks(schema, JSON.parse('{"__proto__":{"remark":"x"},"name":"n"}')) as object
  assert.equal(Object.getPrototypeOf(left), Object.prototype)
  assert.deepEqual(Object.keys(left), ['__proto__', 'name'])
})

test('what Terraform sends for unset flags of a parameter means nothing', () => {
  const sent = {
    req_params: [{ name: 'a', type: 'STRING', location: 'QUERY', valid_enable: 0, sample_value: '', min_num: 0 }],
  }
  assert.deepEqual(withoutBlanks(operations.createApiV2.body, sent), {
    req_params: [{ name: 'a', type: 'STRING', location: 'QUERY', min_num: 0 }],
  })
})
