import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sign } from '@pailou/signer'
import { parse } from 'yaml'

import {
  accessKey,
  assertNothingStored,
  assertRefused,
  mockApi,
  openForTests,
  secretKey,
  send,
  type Answer,
  type Gateway,
} from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

type Parts = Readonly<Record<string, string>>

/** Sends a form as clients do that sign before they know the bytes. */
async function post(path: string, file: string | Buffer, parts: Parts = {}): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(parts)) form.set(name, value)
  form.set('file_name', new File([new Uint8Array(Buffer.from(file))], 'apis.yaml'))
  const encoded = new Response(form)
  const body = Buffer.from(await encoded.arrayBuffer())
  const at = `/v2/${gateway.projectId}/apigw/instances/${gateway.instanceId}/${path}`
  const url = `http://127.0.0.1:${gateway.port}${at}`
  const added = sign({ method: 'POST', url, payloadHash: 'UNSIGNED-PAYLOAD' }, { key: accessKey, secret: secretKey })
  const headers = { ...added, 'content-type': encoded.headers.get('content-type')! }
  return send(gateway.port, { method: 'POST', path: at, headers, body })
}

const upload = (document: object | string, parts?: Parts): Promise<Answer> =>
  post('openapi/import', typeof document === 'string' ? document : JSON.stringify(document), parts)

let serial = 0
const newTitle = (): string => `imported_${(serial += 1)}`

const backend = { type: 'MOCK', mockEndpoints: { 'result-content': 'hello' } }

function swagger(paths: object, more: object = {}): object {
  return { swagger: '2.0', info: { title: newTitle(), version: '1' }, paths, ...more }
}

function openapi(paths: object, more: object = {}): object {
  return { openapi: '3.0.3', info: { title: newTitle(), version: '1' }, paths, ...more }
}

const operation = (operationId: string, more: object = {}): object => ({
  operationId,
  responses: {},
  'x-apigateway-backend': backend,
  ...more,
})

const yaml = `
swagger: "2.0"
info:
  title: TITLE
  description: import apis
  version: 1.0
host: api.account.com
basePath: /base/
paths:
  '/http/{userId}':
    parameters:
      - $ref: '#/parameters/user'
    get:
      operationId: getUser3
      description: get user by userId
      security:
      - apig-auth-app: []
      schemes:
      - https
      - http
      tags: [users]
      parameters:
      - { name: size, in: query, type: integer, minimum: 1, maximum: 9, default: 3, enum: [1, 3, 9] }
      responses:
        "200":
          description: user information
          x-apigateway-result-normal-sample: '{}'
      x-apigateway-request-type: private
      x-apigateway-cors: false
      x-apigateway-match-mode: SWA
      x-apigateway-backend:
        type: HTTP
        parameters:
        - { name: userId, value: userId, in: QUERY, origin: REQUEST, description: user id }
        - { name: X-Invoke-User, value: apigateway, in: header, origin: CONSTANT }
        httpEndpoints:
          address: example.com
          scheme: http
          method: GET
          path: /users
          timeout: 30000
parameters:
  user: { name: userId, description: user id, type: string, in: path, required: true, x-apigateway-pass-through: always }
securityDefinitions:
  apig-auth-app: { in: header, name: Authorization, type: apiKey, x-apigateway-auth-type: AppSigv1, x-apigateway-auth-opt: { appcode-auth-type: header } }
`

test('a document of Swagger 2.0 becomes an API group with APIs, published nowhere', async () => {
  const title = newTitle()
  const { status, text, json } = await upload(yaml.replace('TITLE', title))
  assert.equal(status, 200, text)
  assert.deepEqual(json.failure, [])
  assert.deepEqual(json.ignore, [])
  const [{ id, ...made }] = json.success
  assert.deepEqual(made, { path: '/base/http/{userId}', method: 'GET', action: 'create' })
  const group = await gateway.ask('showDetailsOfApiGroupV2', { params: { group_id: json.group_id } })
  assert.equal(group.name, title)
  assert.equal(group.remark, 'import apis')
  const api = await gateway.ask('showDetailsOfApiV2', { params: { api_id: id } })
  assert.equal(api.publish_id, '')
  assert.equal(api.name, 'getUser3')
  assert.equal(api.remark, 'get user by userId')
  assert.equal(api.type, 2)
  assert.equal(api.match_mode, 'SWA')
  assert.equal(api.req_protocol, 'BOTH')
  assert.deepEqual([api.auth_type, api.auth_opt], ['APP', { app_code_auth_type: 'HEADER' }])
  assert.deepEqual(api.tags, ['users'])
  assert.equal(api.result_normal_sample, '{}')
  const [user, size] = api.req_params!
  assert.deepEqual([user!.location, user!.required, user!.pass_through, user!.remark], ['PATH', 1, 1, 'user id'])
  assert.deepEqual(
    [size!.type, size!.min_num, size!.max_num, size!.default_value, size!.enumerations, size!.pass_through],
    ['NUMBER', 1, 9, '3', '1,3,9', 2],
  )
  assert.equal(api.backend_api?.url_domain, 'example.com')
  assert.equal(api.backend_api?.timeout, 30000)
  assert.deepEqual(
    api.backend_params!.map(({ name, location, origin, value }) => [name, location, origin, value]),
    [
      ['userId', 'QUERY', 'REQUEST', 'userId'],
      ['X-Invoke-User', 'HEADER', 'CONSTANT', 'apigateway'],
    ],
  )
})

const app = { type: 'apiKey', in: 'header', name: 'Authorization', 'x-apigateway-auth-type': 'AppSigv1' }
const failures: [name: string, more: object, code: string, text: RegExp][] = [
  ['CORS', { 'x-apigateway-cors': true }, 'APIG.3458', /cors/],
  ['IAM', { security: [{ iam: [] }] }, 'APIG.3458', /auth_type/],
  ['a scheme of its own', { security: [{ other: [] }] }, 'APIG.3458', /security\.other/],
  ['a scheme that is not there', { security: [{ none: [] }] }, 'APIG.3602', /none is not defined/],
  ['a choice of schemes', { security: [{ app: [] }, { iam: [] }] }, 'APIG.3458', /security/],
  ['backend policies', { 'x-apigateway-backend-policies': [{}] }, 'APIG.3458', /backend-policies/],
  ['a channel', { 'x-apigateway-backend': { type: 'HTTP-VPC' } }, 'APIG.3458', /httpVpcEndpoints/],
  ['a function', { 'x-apigateway-backend': { type: 'FUNCTION' } }, 'APIG.3458', /functionEndpoints/],
  ['no backend', { 'x-apigateway-backend': undefined }, 'APIG.2001', /x-apigateway-backend/],
  ['an unknown backend', { 'x-apigateway-backend': { type: 'SOAP' } }, 'APIG.2011', /x-apigateway-backend\.type/],
  ['an unknown response', { 'x-apigateway-response': 'gone' }, 'APIG.3007', /gone/],
  ['a reference to nothing', { parameters: [{ $ref: '#/components/none' }] }, 'APIG.3602', /leads nowhere/],
  ['a reference to itself', { parameters: [{ $ref: '#/components/loop' }] }, 'APIG.3602', /leads to itself/],
  ['a cookie', { parameters: [{ name: 'sid', in: 'cookie', schema: {} }] }, 'APIG.3458', /req_params\[0\]\.location/],
  [
    'a value with a comma',
    { parameters: [{ name: 'a', in: 'query', schema: { enum: ['x,y'] } }] },
    'APIG.2011',
    /enum/,
  ],
  [
    'orchestrations',
    { parameters: [{ name: 'a', in: 'query', 'x-apigateway-orchestrations': ['o'] }] },
    'APIG.3458',
    /orchestr/,
  ],
  ['a parameter of no path', { parameters: [{ name: 'a', in: 'path', schema: {} }] }, 'APIG.2026', /./],
  [
    'a timeout of a day',
    {
      'x-apigateway-backend': {
        type: 'HTTP',
        httpEndpoints: { address: 'a.com', scheme: 'http', method: 'GET', path: '/', timeout: 86_400_000 },
      },
    },
    'APIG.2003',
    /timeout/,
  ],
]

for (const [name, more, code, text] of failures) {
  test(`an operation with ${name} fails alone: ${code}`, async () => {
    const iam = { ...app, 'x-apigateway-auth-type': 'IAM' }
    const components = {
      securitySchemes: { app, iam, other: { type: 'http', scheme: 'basic' } },
      loop: { $ref: '#/components/loop' },
    }
    const paths = { '/bad': { get: operation('bad', more) }, '/good': { get: operation('good') } }
    const { json, text: answered } = await upload(openapi(paths, { components }))
    assert.deepEqual(
      json.success.map(({ path }: { path: string }) => path),
      ['/good'],
      answered,
    )
    assert.equal(json.failure.length, 1)
    const [{ path, method, error_code, error_msg }] = json.failure
    assert.deepEqual([path, method, error_code], ['/bad', 'GET', code], error_msg)
    assert.match(error_msg, text)
  })
}

test('policies that hang on a publication are left out, and the answer says so', async () => {
  const { json } = await upload(openapi({ '/a': { get: operation('plain', { 'x-apigateway-ratelimit': 'slow' }) } }))
  assert.equal(json.success.length, 1)
  assert.deepEqual([json.ignore[0].path, json.ignore[0].error_code], ['/a', 'APIG.3458'])
  assert.match(json.ignore[0].error_msg, /x-apigateway-ratelimit/)
})

test('of two operations that match the same requests, or have one name, the first becomes an API', async () => {
  const paths = {
    '/a/{x}': { parameters: [{ name: 'x', in: 'path', schema: {} }], get: operation('one') },
    '/a/{y}': { parameters: [{ name: 'y', in: 'path', schema: {} }], get: operation('two') },
    '/b': { get: operation('one') },
  }
  const { json } = await upload(openapi(paths))
  assert.equal(json.success.length, 1)
  assert.deepEqual(
    json.failure.map(({ path, error_code }: Record<string, string>) => [path, error_code]),
    [
      ['/a/{y}', 'APIG.3301'],
      ['/b', 'APIG.3202'],
    ],
  )
})

test('into a group that is there, an API it has stays with merge and is replaced with override', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: newTitle() } })
  const old = await gateway.ask('createApiV2', { body: mockApi(group.id, 'old_api', '/a') })
  const kept = await gateway.ask('createApiV2', { body: mockApi(group.id, 'kept_api', '/kept') })
  const document = openapi({ '/a': { get: operation('new_api') }, '/b': { get: operation('another') } })
  const parts = { is_create_group: 'false', group_id: group.id }

  const merged = (await upload(document, parts)).json
  assert.equal(merged.group_id, group.id)
  assert.deepEqual(
    merged.success.map(({ path, action }: Parts) => [path, action]),
    [['/b', 'create']],
  )
  assert.deepEqual(
    merged.ignore.map(({ path, error_code }: Parts) => [path, error_code]),
    [['/a', 'APIG.3301']],
  )

  const { json } = await upload(document, { ...parts, api_mode: 'override' })
  assert.deepEqual(
    json.success.map(({ path, action }: Parts) => [path, action]),
    [
      ['/a', 'update'],
      ['/b', 'update'],
    ],
  )
  assert.equal(json.success[0].id, old.id)
  assert.equal((await gateway.ask('showDetailsOfApiV2', { params: { api_id: old.id } })).name, 'new_api')
  assert.equal((await gateway.ask('showDetailsOfApiV2', { params: { api_id: kept.id } })).name, 'kept_api')
})

test('a document without extensions needs simple_mode, and then its server is the backend', async () => {
  const paths = {
    '/pets/{id}': {
      get: {
        summary: 'A pet',
        tags: ['our pets!'],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'deep', in: 'query', schema: { type: 'boolean' } },
        ],
        security: [{ key: [] }],
        responses: { 200: { description: 'ok' } },
      },
    },
  }
  const components = { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } }
  const plain = (): object => openapi(paths, { servers: [{ url: 'https://pets.example.com/v1/' }], components })
  assert.equal((await upload(plain())).json.failure[0].error_code, 'APIG.2001')
  const { json, text } = await upload(plain(), { simple_mode: 'true' })
  const api = await gateway.ask('showDetailsOfApiV2', { params: { api_id: json.success[0]?.id ?? text } })
  assert.equal(api.name, 'GET_/pets/_id_')
  assert.equal(api.remark, 'A pet')
  assert.deepEqual(api.tags, ['our_pets_'])
  assert.equal(api.auth_type, 'APP')
  assert.equal(api.backend_api?.url_domain, 'pets.example.com')
  assert.equal(api.backend_api?.req_uri, '/v1/pets/{id}')
  assert.deepEqual(
    api.req_params?.map(({ pass_through }) => pass_through),
    [2, 1],
  )
})

test('with mock_mode an operation without a backend answers with its first example', async () => {
  const content = { 'application/json': { example: { id: 1 } } }
  const paths = { '/a': { get: { responses: { 404: { description: 'no' }, 200: { description: 'ok', content } } } } }
  const { json } = await upload(openapi(paths), { mock_mode: 'true' })
  const api = await gateway.ask('showDetailsOfApiV2', { params: { api_id: json.success[0].id } })
  assert.equal(api.mock_info?.result_content, '{"id":1}')
})

test('gateway responses of the document come along, and those of the group give way to override alone', async () => {
  const named = (status: number): object =>
    openapi(
      { '/a': { get: operation('an_api', { 'x-apigateway-response': 'worded' }) } },
      {
        components: {
          'x-apigateway-responses': { default: {}, worded: { THROTTLED: { status, body: 'slower' } } },
        },
      },
    )
  const { json, text } = await upload(named(503))
  assert.deepEqual(json.failure, [], text)
  const { group_id, success } = json
  const shown = async () => {
    const { responses } = await gateway.ask('listGatewayResponsesV2', { params: { group_id } })
    return responses.find(({ name }) => name === 'worded')!
  }
  const api = await gateway.ask('showDetailsOfApiV2', { params: { api_id: success[0].id } })
  assert.equal(api.response_id, (await shown()).id)
  assert.equal((await shown()).responses.THROTTLED?.status, 503)
  const parts = { is_create_group: 'false', group_id, api_mode: 'override' }
  for (const [mode, status] of [
    ['merge', 503],
    ['override', 429],
  ] as const) {
    assert.equal((await upload(named(429), { ...parts, extend_mode: mode })).json.success.length, 1)
    assert.equal((await shown()).responses.THROTTLED?.status, status)
  }
  const many = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`r${n}`, {}]))
  await assertNothingStored(gateway, { status: 403, code: 'APIG.3136' }, () =>
    upload(openapi({}, { 'x-apigateway-responses': many })),
  )
  const wrong = openapi({}, { 'x-apigateway-responses': { worded: { THROTTLED: { status: 5, body: 'x' } } } })
  await assertNothingStored(gateway, { status: 400, code: 'APIG.2002', text: /responses\.THROTTLED\.status/ }, () =>
    upload(wrong),
  )
})

const unreadable: [name: string, file: string | Buffer, code: string, text: RegExp][] = [
  ['nothing', '', 'APIG.3609', /empty/],
  ['blanks', ' \n', 'APIG.3609', /empty/],
  ['neither JSON nor YAML', '{"a": [', 'APIG.3600', /format error/],
  ['a key twice', 'swagger: "2.0"\nswagger: "2.0"\n', 'APIG.3600', /unique at line 2$/],
  ['many errors on one long line', '"'.repeat(200_000), 'APIG.3600', /at line 1$/],
  [
    'many keys and no version',
    Array.from({ length: 50_000 }, (_, n) => `[k${n}]: v`).join('\n'),
    'APIG.3601',
    /version/,
  ],
  ['a circle of anchors', 'swagger: "2.0"\npaths: &a\n  /x: *a\n', 'APIG.3600', /format error/],
  ['another version', '{"swagger":"1.2"}', 'APIG.3601', /version/],
  ['a later version', '{"openapi":"4.0.0"}', 'APIG.3601', /version/],
  ['a list', '[]', 'APIG.3602', /object/],
  ['no title', '{"openapi":"3.1.0","info":{}}', 'APIG.3602', /info\.title/],
  ['a path without its slash', '{"openapi":"3.1.0","info":{"title":"abc"},"paths":{"a":{}}}', 'APIG.3602', /paths\.a/],
  [
    'a reference to elsewhere',
    '{"openapi":"3.0.0","info":{"title":"abc"},"paths":{"/a":{"$ref":"https://a.example/b.json"}}}',
    'APIG.3602',
    /paths\.\/a\.\$ref leads out/,
  ],
  ['a depth without end', `{"openapi":"3.0.0","x":${'['.repeat(1000)}${']'.repeat(1000)}}`, 'APIG.3602', /nested/],
  ['too much', `{"a":"${'a'.repeat(5_000_000)}"}`, 'APIG.3603', /too long/],
  ['too much YAML', `a: ${'a'.repeat(2_500_000)}`, 'APIG.3603', /too long/],
  ['what is no text', Buffer.from([0xff, 0xfe, 0x00]), 'APIG.2000', /UTF-8/],
]

for (const [name, file, code, text] of unreadable) {
  test(`a file that holds ${name} is refused and nothing is stored: ${code}`, async () => {
    await assertNothingStored(gateway, { status: 400, code, text }, () => post('openapi/import', file))
  })
}

test('more operations than a document may have are refused', async () => {
  const paths = Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`/${n}`, { get: operation(`api_${n}`) }]))
  await assertNothingStored(gateway, { status: 400, code: 'APIG.3603' }, () => upload(swagger(paths)))
})

test('the modes are checked, and a group that is to be there has to be', async () => {
  const document = swagger({})
  const cases: [parts: Parts, status: number, code: string, text: RegExp][] = [
    [{ is_create_group: 'perhaps' }, 400, 'APIG.2011', /is_create_group/],
    [{ api_mode: 'replace' }, 400, 'APIG.2004', /api_mode/],
    [{ is_create_group: 'false' }, 400, 'APIG.2001', /group_id/],
    [{ is_create_group: 'false', group_id: 'gone' }, 404, 'APIG.3001', /gone/],
  ]
  for (const [parts, status, code, text] of cases) assertRefused(await upload(document, parts), { status, code, text })
  assert.equal((await upload(document)).status, 200)
  assertRefused(await upload(document), { status: 400, code: 'APIG.3201' })
  const json = await gateway.inside('POST', 'openapi/import', { body: { file_name: '{}' } })
  assertRefused(json, { status: 400, code: 'APIG.2000', text: /multipart/ })
})

test('an export shows what the environment serves, or with dev the drafts, and only the APIs that are asked for', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: newTitle(), remark: 'a group' } })
  const one = await gateway.ask('createApiV2', { body: mockApi(group.id, 'served', '/served') })
  const two = await gateway.ask('createApiV2', { body: mockApi(group.id, 'draft', '/draft') })
  const env_id = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', api_id: one.id, env_id } })
  const exporting = async (more: object, query: Parts = {}): Promise<Answer> =>
    gateway.inside('POST', 'openapi/export', { body: { env_id, group_id: group.id, ...more }, query })

  const plain = await exporting({})
  assert.equal(plain.status, 200, plain.text)
  assert.equal(plain.headers['content-type'], 'application/octet-stream')
  assert.match(String(plain.headers['content-disposition']), /^attachment; filename="[0-9a-f]{32}\.json"$/)
  const document = JSON.parse(plain.text)
  assert.equal(document.swagger, '2.0')
  assert.deepEqual([document.info.title, document.info.description], [group.name, 'a group'])
  assert.deepEqual(Object.keys(document.paths), ['/served'])

  const drafts = parse((await exporting({ define: 'dev', type: 'yaml', version: '7' }, { oas_version: '3.0' })).text)
  assert.equal(drafts.openapi, '3.0.3')
  assert.equal(drafts.info.version, '7')
  assert.deepEqual(Object.keys(drafts.paths), ['/served', '/draft'])
  const some = JSON.parse((await exporting({ define: 'dev', apis: [two.id] })).text)
  assert.deepEqual(Object.keys(some.paths), ['/draft'])
  const spec = await exporting({ define: 'spec' })
  assert.ok(!spec.text.includes('x-'), spec.text)

  assertRefused(await exporting({ env_id: 'gone' }), { status: 404, code: 'APIG.3003' })
  assertRefused(await exporting({ group_id: 'gone' }), { status: 404, code: 'APIG.3001' })
  assertRefused(await exporting({ apis: ['gone'] }), { status: 404, code: 'APIG.3002' })
  assertRefused(await exporting({ define: 'some' }), { status: 400, code: 'APIG.2004' })
  assertRefused(await exporting({}, { oas_version: '1.0' }), { status: 400, code: 'APIG.2012' })
})

test('a task tells how an import has ended, also one that failed, and the newest twenty are remembered', async () => {
  const done = await post('openapi/async-import', JSON.stringify(swagger({ '/a': { get: operation('an_api') } })))
  assert.equal(done.status, 202, done.text)
  const show = (task_id: string) => gateway.ask('showAsyncTaskResult', { params: { task_id } })
  const task = await show(done.json.task_id)
  assert.deepEqual([task.task_status, task.task_type], ['succeed', 'import_api'])
  assert.equal(JSON.parse(task.task_result).success.length, 1)

  const failed = await show((await post('openapi/async-import', 'no document')).json.task_id)
  assert.equal(failed.task_status, 'failed')
  assert.equal(JSON.parse(failed.task_result).error_code, 'APIG.3602')

  const group_id = JSON.parse(task.task_result).group_id
  const body = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id, define: 'dev' } as const
  for (let n = 0; n < 20; n += 1) {
    const exported = await show((await gateway.ask('exportApiDefinitionsAsync', { body })).task_id)
    assert.deepEqual([exported.task_status, exported.task_type], ['succeed', 'export_api'])
    const { file } = JSON.parse(exported.task_result)
    assert.deepEqual(Object.keys(JSON.parse(file).paths), ['/a'])
  }
  const forgotten = await gateway.inside('GET', `async-tasks/${task.task_id}`)
  assertRefused(forgotten, { status: 404, code: 'APIG.3007', text: /does not exist/ })
})

test('the official client imports and exports', async t => {
  // The client writes a file into the home directory of whoever runs it.
  const home = mkdtempSync(join(tmpdir(), 'pailou-home-'))
  const before = process.env['HOME']
  process.env['HOME'] = home
  t.after(() => {
    if (before === undefined) delete process.env['HOME']
    else process.env['HOME'] = before
    rmSync(home, { recursive: true, force: true })
  })
  const require = createRequire(import.meta.url)
  const coreFile = require.resolve('@huaweicloud/huaweicloud-sdk-core')
  const { BasicCredentials } = require(coreFile)
  const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js')
  const FormData = createRequire(coreFile)('form-data')
  const credentials = new BasicCredentials().withAk(accessKey).withSk(secretKey).withProjectId(gateway.projectId)
  const client = new ClientBuilder((each: object) => each)
    .withCredential(credentials)
    .withEndpoint(`http://127.0.0.1:${gateway.port}`)
    .build()
  const url = '/v2/{project_id}/apigw/instances/{instance_id}/openapi'
  const request = (path: string, contentType: string, data: unknown) => ({
    method: 'POST',
    url: `${url}/${path}`,
    contentType,
    queryParams: {},
    pathParams: { instance_id: gateway.instanceId },
    headers: {},
    data,
  })
  const form = new FormData()
  form.append('is_create_group', 'true')
  form.append('file_name', Buffer.from(JSON.stringify(swagger({ '/a': { get: operation('an_api') } }))), 'apis.json')
  const imported = await client.sendRequest(request('import', 'multipart/form-data', form))
  assert.equal(imported.httpStatusCode, 200)
  assert.equal(imported.success.length, 1)
  const body = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: imported.group_id, define: 'dev' }
  const exported = await client.sendRequest(request('export', 'application/json', body))
  assert.equal(exported.httpStatusCode, 200)
  // Below it a library reads whatever looks like JSON.
  assert.deepEqual(Object.keys(exported.body.paths), ['/a'])
})
