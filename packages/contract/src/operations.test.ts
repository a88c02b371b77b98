import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Check } from 'typebox/value'
import { adminErrors } from './admin-errors.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import { readTable } from './testdata/table.ts'

const endpoints = readTable('endpoints.tsv', ['method', 'path', 'operation', 'status', 'family', 'tier'])
const all: Operation[] = Object.values(operations)
/** The rest is the identity service's and Pailou's own. */
const ofContract = all.filter(({ path, family }) => path.startsWith('/v2/') && family !== 'beside the contract')

test('the contract has 216 operations', () => {
  assert.equal(endpoints.length, 216)
  assert.equal(new Set(endpoints.map(({ operation }) => operation)).size, 216)
})

test('every described operation of the contract has its method, path, status, family and tier', () => {
  for (const { id, method, path, status, family, tier } of ofContract) {
    const row = endpoints.find(({ operation }) => operation === id)
    assert.deepEqual(
      row,
      { method, path, operation: id, status: String(status), family, tier: String(tier) },
      `${id} differs from the contract`,
    )
  }
})

const whole = [
  'API groups',
  'group domains',
  'certificates',
  'environments',
  'environment variables',
  'microservice import',
  'ordering (cloud)',
  'VPC endpoint (cloud)',
  'EIP / bandwidth (cloud)',
  'AI API keys',
  'ingress ports',
  'quotas (configs)',
  'instance tags',
  'instances',
  'API tags',
  'instance features',
  'gateway responses',
  'APIs',
  'API publish/versions',
  'debug',
  'apps',
  'app codes',
  'app authorization',
  'app quotas',
  'app ACL',
  'throttles',
  'throttle specials',
  'throttle bindings',
  'ACL policies',
  'ACL bindings',
  'signature keys',
  'signature bindings',
  'custom authorizers',
  'orchestrations',
  'plugins',
  'VPC channels',
  'resource outline',
  'openapi import/export',
]

for (const family of whole) {
  test(`every operation of the family ${family} is described`, () => {
    const rows = endpoints.filter(row => row.family === family).map(({ operation }) => operation)
    assert.ok(rows.length > 0)
    assert.deepEqual(
      ofContract
        .filter(operation => operation.family === family)
        .map(({ id }) => id)
        .toSorted(),
      rows.toSorted(),
    )
  })
}

test('an operation is found under its own id', () => {
  for (const [key, { id }] of Object.entries<Operation>(operations)) assert.equal(id, key)
  assert.equal(all.length, ofContract.length + 1 + 7 + 15 + 6 + 3)
})

test('an answer has a schema unless it has no body', () => {
  for (const { id, status, response } of all) assert.equal(response === undefined, status === 204, id)
})

test('an operation names codes of the table, none twice', () => {
  for (const { id, errors = [] } of all) {
    assert.equal(new Set(errors).size, errors.length, id)
    for (const code of errors) assert.ok(code in adminErrors, `${id}: ${code}`)
  }
})

test('every object of an answer is closed, or has no listed fields', () => {
  const open: string[] = []
  const visit = (schema: unknown, where: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { type, properties, additionalProperties } = schema as Record<string, unknown>
    if (type === 'object' && additionalProperties !== false && Object.keys(properties ?? {}).length > 0)
      open.push(where)
    for (const [key, inner] of Object.entries(schema)) visit(inner, `${where}/${key}`)
  }
  for (const { id, response } of all) visit(response, id)
  const parts = new Set(open.map(where => where.split('/').at(-1)))
  // What a request and an answer share as it stands, and the group inside an API.
  assert.deepEqual([...parts].toSorted(), ['api_group_info', 'auth_opt', 'items', 'vpc_channel_info'])
})

/** The smallest body that Terraform sends for an API, with the zero that it sends for an unset flag. */
const api = {
  auth_opt: { app_code_auth_type: 'DISABLE' },
  auth_type: 'APP',
  backend_api: {
    enable_client_ssl: false,
    req_method: 'GET',
    req_protocol: 'HTTP',
    req_uri: '/getUserAge/{userAge}',
    retry_count: '-1',
    timeout: 30000,
    url_domain: '10.0.0.1:8080',
    vpc_channel_status: 2,
  },
  backend_params: [{ location: 'PATH', name: 'userAge', origin: 'REQUEST', value: 'user_age' }],
  backend_type: 'HTTP',
  cors: false,
  group_id: '5f918d104dc84480a75166ba99efff21',
  is_send_fg_body_base64: true,
  match_mode: 'NORMAL',
  name: 'tf_api',
  req_method: 'GET',
  req_params: [{ location: 'PATH', max_num: 200, name: 'user_age', pass_through: 2, required: 1, type: 'NUMBER' }],
  req_protocol: 'HTTP',
  req_uri: '/user_info/{user_age}',
  type: 1,
}

const groupName = 'API分组（测试）-1.0/甲：乙、丙'

const bodies: [name: string, id: keyof typeof operations, body: unknown, ok: boolean][] = [
  ['an API as Terraform sends it', 'createApiV2', api, true],
  ['an unknown field', 'createApiV2', { ...api, roma_app_id: 'x' }, true],
  ['a backend of a kind that may not be supported', 'createApiV2', { ...api, backend_type: 'FUNCTION' }, true],
  ['an unknown kind of backend', 'createApiV2', { ...api, backend_type: 'SOAP' }, false],
  ['an unknown method', 'createApiV2', { ...api, req_method: 'TRACE' }, false],
  ['a method in lower case', 'createApiV2', { ...api, req_method: 'get' }, false],
  ['a retry count as a number', 'createApiV2', { ...api, backend_api: { ...api.backend_api, retry_count: 1 } }, false],
  ['a timeout of none', 'createApiV2', { ...api, backend_api: { ...api.backend_api, timeout: 0 } }, false],
  ['a timeout of ten minutes', 'createApiV2', { ...api, backend_api: { ...api.backend_api, timeout: 600000 } }, true],
  ['a timeout of more', 'createApiV2', { ...api, backend_api: { ...api.backend_api, timeout: 600001 } }, false],
  ['a type in text', 'createApiV2', { ...api, type: '1' }, false],
  ['a path without its slash', 'createApiV2', { ...api, req_uri: 'user_info' }, false],
  ['a path with a query', 'createApiV2', { ...api, req_uri: '/a?b=c' }, false],
  ['a path of 512', 'createApiV2', { ...api, req_uri: `/${'a'.repeat(511)}` }, true],
  ['a path of 513', 'createApiV2', { ...api, req_uri: `/${'a'.repeat(512)}` }, false],
  ['eleven tags', 'createApiV2', { ...api, tags: Array.from({ length: 11 }, (_, n) => `tag${n}`) }, false],
  ['a tag that begins with a digit', 'createApiV2', { ...api, tags: ['1st'] }, false],
  ['a Chinese tag', 'createApiV2', { ...api, tags: ['标签#1'] }, true],
  ['a Chinese group name with full-width marks', 'createApiGroupV2', { name: groupName }, true],
  ['a group name of two letters', 'createApiGroupV2', { name: 'ab' }, false],
  ['a group name that begins with a dash', 'createApiGroupV2', { name: '-abc' }, false],
  ['a group without a name', 'createApiGroupV2', { remark: 'x' }, false],
  ['a remark of 256', 'createApiGroupV2', { name: 'abc', remark: 'x'.repeat(256) }, false],
  ['an app with a Chinese name', 'createAnAppV2', { name: '应用_1' }, true],
  ['an app name with a dash', 'createAnAppV2', { name: 'my-app' }, false],
  ['a key of seven', 'createAnAppV2', { name: 'app', app_key: 'abcdefg' }, false],
  ['a secret with marks', 'createAnAppV2', { name: 'app', app_secret: 'abcdefg!@#$%_-' }, true],
  ['a secret that begins with a mark', 'createAnAppV2', { name: 'app', app_secret: '!abcdefgh' }, false],
  ['an AppCode of 64', 'createAppCodeV2', { app_code: `+${'a'.repeat(62)}=` }, true],
  ['an AppCode of 63', 'createAppCodeV2', { app_code: 'a'.repeat(63) }, false],
  ['an environment with a Chinese name', 'createEnvironmentV2', { name: '环境一' }, false],
  ['an environment that begins with a digit', 'createEnvironmentV2', { name: '1st' }, false],
  ['an environment', 'createEnvironmentV2', { name: 'BETA_1' }, true],
  ['both ingress ports off', 'associateDomainV2', { url_domain: 'a.com', ingress_http_port: -1 }, true],
  ['a port below the range', 'associateDomainV2', { url_domain: 'a.com', ingress_https_port: 1023 }, false],
  ['no app to authorise', 'createAuthorizingAppsV2', { env_id: 'e', app_ids: [], api_ids: ['a'] }, false],
  ['an unknown action', 'createOrDeletePublishRecordForApiV2', { action: 'up', api_id: 'a', env_id: 'e' }, false],
]

for (const [name, id, body, ok] of bodies) {
  test(`${id} ${ok ? 'takes' : 'refuses'} ${name}`, () => {
    assert.equal(Check((operations[id] as Operation).body ?? {}, body), ok)
  })
}

test('the password and token bodies that clients send are taken', () => {
  const { body } = operations.keystoneCreateToken
  const user = { domain: { name: 'pailou' }, name: 'admin', password: 'pw' }
  const scope = { project: { domain: { name: 'pailou' }, name: 'pailou-1' } }
  assert.ok(Check(body, { auth: { identity: { methods: ['password'], password: { user } }, scope } }))
  assert.ok(
    Check(body, { auth: { identity: { methods: ['token'], token: { id: 't' } }, scope: { domain: { id: 'd' } } } }),
  )
  assert.equal(Check(body, { auth: { identity: { methods: ['saml2'] } } }), false)
})
