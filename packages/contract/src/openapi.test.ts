import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { op, type Operation } from './operation.ts'
import { openapi, type OpenApiOperation } from './openapi.ts'
import { operations } from './operations.ts'

const document = openapi(operations, { version: '0.1.0', servers: ['http://127.0.0.1:8001'] })

const described: [path: string, method: string, operation: OpenApiOperation][] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]): (typeof described)[number] => [path, method, operation]),
)

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(JSON.parse(JSON.stringify(document)))
  assert.deepEqual(result.errors ?? [], [])
  assert.ok(result.valid)
  assert.equal(validator.version, '3.1')
})

test('an invalid document would be noticed', async () => {
  const broken = { ...document, paths: { '/x': { get: { responses: { 200: {} } } } } }
  assert.equal((await new Validator().validate(JSON.parse(JSON.stringify(broken)))).valid, false)
})

test('the document is plain data that survives JSON unchanged', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document)
})

test('every operation of the table is in the document, once', () => {
  assert.deepEqual(described.map(([, , { operationId }]) => operationId).toSorted(), Object.keys(operations).toSorted())
})

test('every parameter of a path is declared, and nothing else is', () => {
  for (const [path, , { operationId, parameters = [] }] of described) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
    const declared = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name)
    assert.deepEqual(declared.toSorted(), names.toSorted(), operationId)
  }
})

test('no path appears twice under different parameter names', () => {
  const bare = Object.keys(document.paths).map(path => path.replace(/\{\w+\}/g, '{}'))
  assert.equal(new Set(bare).size, bare.length)
})

test('every operation but one asks who calls', () => {
  assert.deepEqual(document.security, [{ token: [] }, { signature: [] }])
  const open = described
    .filter(([, , { security }]) => security !== undefined)
    .map(([, , { operationId }]) => operationId)
  assert.deepEqual(open, ['keystoneCreateToken'])
})

test('a success without content has a status without content', () => {
  for (const [, , { operationId, responses }] of described) {
    assert.equal('content' in ((responses['204'] as object | undefined) ?? {}), false, operationId)
    const success = ['200', '201', '202'].find(status => status in responses)
    if (success !== undefined) assert.ok('content' in (responses[success] as object), operationId)
  }
})

test('refusals carry the body of their service', () => {
  for (const [path, , { operationId, responses }] of described) {
    const refused = Object.entries(responses).filter(([status]) => status >= '400')
    assert.ok(
      refused.some(([status]) => status === '401'),
      operationId,
    )
    for (const [, response] of refused) {
      const text = JSON.stringify(response)
      assert.equal(text.includes('#/components/schemas/IdentityError'), path.startsWith('/v3/'), operationId)
    }
  }
})

test('a body in which nothing is required may be left out', () => {
  const bodyOf = (id: string) => described.find(([, , { operationId }]) => operationId === id)?.[2].requestBody
  assert.equal((bodyOf('resettingAppSecretV2') as { required: boolean }).required, false)
  assert.equal((bodyOf('createApiGroupV2') as { required: boolean }).required, true)
  assert.equal(bodyOf('createAppCodeAutoV2'), undefined)
})

test('two operations with one method and path are refused', () => {
  const twin = (id: string): Operation =>
    op({ id, method: 'GET', path: '/x', family: 'x', tier: 1, summary: 'x', status: 204 })
  assert.throws(() => openapi({ a: twin('a'), b: twin('b') }, { version: '0' }), /GET \/x is described twice/)
})

test('without servers the document says nothing of them', () => {
  assert.equal('servers' in openapi(operations, { version: '0' }), false)
})
