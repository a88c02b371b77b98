import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operations } from '@pailou/contract'
import fc from 'fast-check'
import { Check } from 'typebox/value'

import { nameFrom, remarkFrom, tagFrom } from './names.ts'

const { name, tags, remark } = operations.createApiV2.body.properties
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 400 }), fc.stringMatching(/^[ -~]{0,5}$/))

test('whatever the text, what is made of it fits the contract', () => {
  fc.assert(
    fc.property(texts, text => {
      assert.ok(Check(name, nameFrom(text)), nameFrom(text))
      assert.ok(Check(remark, remarkFrom(text)))
      const tag = tagFrom(text)
      assert.ok(tag === undefined || Check(tags, [tag]), `${tag}`)
    }),
  )
})

const cases: [text: string, name: string][] = [
  ['getUser3', 'getUser3'],
  ['Swagger Petstore - OpenAPI 3.0', 'Swagger_Petstore_-_OpenAPI_3.0'],
  ['接口（一）', '接口（一）'],
  ['_private', 'private'],
  ['a', 'api_a'],
  ['', 'api_'],
]

for (const [text, made] of cases) {
  test(`${JSON.stringify(text)} makes the name ${made}`, () => assert.equal(nameFrom(text), made))
}

test('a description that is too long for a remark is shortened, and one that fits is not', () => {
  assert.equal(remarkFrom('字'.repeat(255)), '字'.repeat(255))
  assert.equal(remarkFrom('字'.repeat(256)), `${'字'.repeat(254)}…`)
  assert.equal(remarkFrom(undefined), '')
})
