import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let groupId: string
before(async () => {
  gateway = await openForTests()
  groupId = (await gateway.ask('createApiGroupV2', { body: { name: 'apis' } })).id
})
after(() => gateway.close())

/** As Terraform's provider sends it, with its zeros and empty texts. */
const terraformApi = (): Record<string, unknown> => ({
  auth_opt: { app_code_auth_type: 'DISABLE' },
  auth_type: 'APP',
  backend_api: {
    enable_client_ssl: false,
    req_method: 'GET',
    req_protocol: 'HTTP',
    req_uri: '/getUserAge/{userAge}',
    retry_count: '-1',
    timeout: 30_000,
    url_domain: '10.0.0.1:8080',
    vpc_channel_status: 2,
  },
  backend_params: [{ location: 'PATH', name: 'userAge', origin: 'REQUEST', value: 'user_age' }],
  backend_type: 'HTTP',
  cors: false,
  group_id: groupId,
  is_send_fg_body_base64: true,
  match_mode: 'NORMAL',
  name: 'tf_api',
  req_method: 'GET',
  req_params: [
    {
      location: 'PATH',
      max_num: 200,
      name: 'user_age',
      pass_through: 2,
      required: 1,
      sample_value: '',
      type: 'NUMBER',
      valid_enable: 0,
    },
  ],
  req_protocol: 'HTTP',
  req_uri: '/user_info/{user_age}',
  type: 1,
})

test('an API as Terraform writes it reads back as it was written, with the documented defaults', async () => {
  const body = terraformApi()
  const created = await gateway.ask('createApiV2', { body: body as never })
  const read = await gateway.ask('showDetailsOfApiV2', { params: { api_id: created.id } })
  assert.deepEqual(read, created)
  const { backend_api, req_params, backend_params, ...front } = read
  for (const field of [
    'name',
    'type',
    'auth_type',
    'auth_opt',
    'req_uri',
    'req_method',
    'match_mode',
    'cors',
    'req_protocol',
  ] as const) {
    assert.deepEqual(front[field], body[field], field)
  }
  const { id: _, ...backend } = backend_api!
  assert.deepEqual(backend, { ...(body['backend_api'] as object), remark: '', version: '' })
  assert.deepEqual(req_params, [
    {
      id: req_params![0]!.id,
      name: 'user_age',
      type: 'NUMBER',
      location: 'PATH',
      required: 1,
      valid_enable: 2,
      pass_through: 2,
      max_num: 200,
    },
  ])
  assert.equal(backend_params![0]!.req_param_id, req_params![0]!.id)
  assert.deepEqual([front.run_env_id, front.run_env_name, front.publish_id, front.publish_time], ['', '', '', ''])
  assert.equal(front.group_name, 'apis')
})

test('an update replaces: what is left out is gone, what stays keeps its ids, and a published version does not move', async () => {
  const body = mockApi(groupId, 'replaced', '/replaced/{a}', {
    tags: ['t1', 't2'],
    remark: 'r',
    req_params: [
      { name: 'a', type: 'STRING', location: 'PATH' },
      { name: 'q', type: 'STRING', location: 'QUERY', default_value: 'x' },
    ],
  })
  const created = await gateway.ask('createApiV2', { body })
  const params = { api_id: created.id }
  await gateway.ask('createOrDeletePublishRecordForApiV2', {
    body: { action: 'online', api_id: created.id, env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' },
  })
  const next = mockApi(groupId, 'renamed', '/replaced/{a}', {
    req_params: [{ name: 'a', type: 'STRING', location: 'PATH' }],
  })
  const updated = await gateway.ask('updateApiV2', { params, body: next })
  assert.equal(updated.name, 'renamed')
  assert.deepEqual([updated.tags, updated.remark], [[], ''])
  assert.deepEqual(updated.req_params, [created.req_params![0]])
  assert.equal(updated.mock_info!.id, created.mock_info!.id)
  assert.equal(gateway.adopted.at(-1)!.routes.find(({ apiId }) => apiId === created.id)!.apiName, 'replaced')
})

test('lists leave parameters and backends out, and every filter works', async () => {
  const { id } = await gateway.ask('createApiGroupV2', { body: { name: 'filters' } })
  const one = await gateway.ask('createApiV2', {
    body: mockApi(id, 'alpha', '/f/alpha', { tags: ['red'], auth_type: 'APP' }),
  })
  gateway.clock.at += 1000
  const two = await gateway.ask('createApiV2', {
    body: mockApi(id, 'beta', '/f/beta', { type: 2, req_method: 'POST', req_protocol: 'HTTPS' }),
  })
  const env_id = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', api_id: two.id, env_id } })
  const { apis } = await gateway.ask('listApisV2', { query: { group_id: id } })
  assert.deepEqual(
    apis.map(({ name }) => name),
    ['beta', 'alpha'],
  )
  assert.equal('req_params' in apis[0]! || 'mock_info' in apis[0]!, false)
  assert.match(apis[0]!.publish_time, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)

  const cases: [query: Record<string, string>, names: string[]][] = [
    [{ id: one.id }, ['alpha']],
    [{ name: 'LPH' }, ['alpha']],
    [{ name: 'LPH', precise_search: 'name' }, []],
    [{ req_uri: '/f/' }, ['beta', 'alpha']],
    [{ req_uri: '/f/beta', precise_search: 'name,req_uri' }, ['beta']],
    [{ req_method: 'POST' }, ['beta']],
    [{ req_protocol: 'BOTH' }, ['alpha']],
    [{ auth_type: 'APP' }, ['alpha']],
    [{ type: '2' }, ['beta']],
    [{ env_id }, ['beta']],
    [{ tags: 'blue,red' }, ['alpha']],
    [{ tags: '#no_tags#' }, ['beta']],
    [{ vpc_channel_name: 'any' }, []],
    [{ group_id: '', name: '' }, ['beta', 'alpha']],
  ]
  for (const [query, names] of cases) {
    const found = (await gateway.ask('listApisV2', { query: { group_id: id, limit: '500', ...query } })).apis
    const inGroup = found.filter(({ group_id }) => group_id === id)
    assert.deepEqual(
      inGroup.map(({ name }) => name),
      names,
      JSON.stringify(query),
    )
  }
})

describe('two APIs of a group', () => {
  before(async () => {
    await gateway.ask('createApiV2', {
      body: mockApi(groupId, 'first', '/twice/{a}', { req_params: [{ name: 'a', type: 'STRING', location: 'PATH' }] }),
    })
  })
  const b = { req_params: [{ name: 'b', type: 'STRING', location: 'PATH' }] }
  const cases: [what: string, name: string, more: object, code: string | undefined][] = [
    ['may not share a name', 'first', { req_uri: '/other' }, 'APIG.3202'],
    [
      'may not share a route, whatever its parameters are called',
      'second',
      { req_uri: '/twice/{b}', ...b },
      'APIG.3301',
    ],
    ['may not share a route with ANY', 'second', { req_uri: '/twice/{b}', ...b, req_method: 'ANY' }, 'APIG.3301'],
    ['may differ in the method', 'post', { req_uri: '/twice/{b}', ...b, req_method: 'POST' }, undefined],
    ['may differ in the match mode', 'swa', { req_uri: '/twice/{b}', ...b, match_mode: 'SWA' }, undefined],
  ]
  for (const [what, name, more, code] of cases) {
    test(what, async () => {
      const body = { ...mockApi(groupId, name, '/'), ...more }
      if (code === undefined) await gateway.ask('createApiV2', { body: body as never })
      else
        await assertNothingStored(gateway, { status: 400, code, text: /api_name:first$/ }, () =>
          gateway.inside('POST', 'apis', { body }),
        )
    })
  }

  test('are told apart by apis/check', async () => {
    const check = (body: object) => gateway.inside('POST', 'apis/check', { body: { group_id: groupId, ...body } })
    const refusal = { status: 400, code: 'APIG.3301', text: 'The API already exists, api_name:first' }
    assertRefused(await check({ type: 'path', req_method: 'GET', req_uri: '/twice/{x}' }), refusal)
    assertRefused(await check({ type: 'name', name: 'first' }), {
      status: 400,
      code: 'APIG.3202',
      text: 'The API name already exists, api_name:first',
    })
    const [first] = (await gateway.ask('listApisV2', { query: { name: 'first', precise_search: 'name' } })).apis
    assert.equal((await check({ type: 'name', name: 'first', api_id: first!.id })).status, 204)
    assert.equal((await check({ type: 'path', req_method: 'PUT', req_uri: '/twice/{x}' })).status, 204)
    assertRefused(await check({ type: 'path', req_method: 'PUT' }), {
      status: 400,
      code: 'APIG.2001',
      text: /parameterName:req_uri/,
    })
  })
})

const path = (name: string, more: object = {}) => ({ name, type: 'STRING', location: 'PATH', ...more })
const http = (more: object = {}) => ({
  backend_type: 'HTTP',
  mock_info: null,
  backend_api: {
    url_domain: 'a.example',
    req_protocol: 'HTTP',
    req_method: 'GET',
    req_uri: '/',
    timeout: 5000,
    ...more,
  },
})

const refusals: [what: string, more: object, status: number, code: string, field?: string][] = [
  ['no path', { req_uri: undefined }, 400, 'APIG.2001', 'req_uri'],
  ['a path without a slash', { req_uri: 'users' }, 400, 'APIG.2011', 'req_uri'],
  ['a path with a query', { req_uri: '/users?a=b' }, 400, 'APIG.2011', 'req_uri'],
  ['a path with dots', { req_uri: '/a/../b' }, 400, 'APIG.2011', 'req_uri'],
  ['a path with a broken escape', { req_uri: '/a%zz' }, 400, 'APIG.2011', 'req_uri'],
  [
    'a path parameter in the middle of a segment',
    { req_uri: '/a-{b}', req_params: [path('b')] },
    400,
    'APIG.2011',
    'req_uri',
  ],
  ['a path parameter twice', { req_uri: '/{b}/{b}', req_params: [path('b')] }, 400, 'APIG.2011', 'req_uri'],
  ['a rest parameter before the end', { req_uri: '/{b+}/c', req_params: [path('b')] }, 400, 'APIG.2011', 'req_uri'],
  ['a path too long', { req_uri: `/${'x'.repeat(512)}` }, 400, 'APIG.2011', 'req_uri'],
  ['an undeclared path parameter', { req_uri: '/{b}' }, 400, 'APIG.2026'],
  ['a declared path parameter that is not in the path', { req_params: [path('b')] }, 400, 'APIG.2026'],
  ['an unknown method', { req_method: 'TRACE' }, 400, 'APIG.2004', 'req_method'],
  ['a method of the wrong type', { req_method: 5 }, 400, 'APIG.2004', 'req_method'],
  ['an unknown type', { type: 3 }, 400, 'APIG.2004', 'type'],
  [
    'a reserved header',
    { req_params: [{ name: 'X-Sdk-Date', type: 'STRING', location: 'HEADER' }] },
    400,
    'APIG.2011',
    'req_params[0].name',
  ],
  [
    'a framing header',
    { req_params: [{ name: 'Transfer-Encoding', type: 'STRING', location: 'HEADER' }] },
    400,
    'APIG.2011',
    'req_params[0].name',
  ],
  [
    'a parameter twice',
    {
      req_params: [
        { name: 'A', type: 'STRING', location: 'HEADER' },
        { name: 'a', type: 'STRING', location: 'HEADER' },
      ],
    },
    400,
    'APIG.3209',
  ],
  [
    'fifty-one parameters',
    { req_params: Array.from({ length: 51 }, (_, at) => ({ name: `p${at}`, type: 'STRING', location: 'QUERY' })) },
    403,
    'APIG.3111',
  ],
  [
    'limits the wrong way round',
    { req_params: [{ name: 'n', type: 'NUMBER', location: 'QUERY', min_num: 5, max_num: 3 }] },
    400,
    'APIG.2002',
    'req_params[0].max_num',
  ],
  [
    'a default that is no number',
    { req_params: [{ name: 'n', type: 'NUMBER', location: 'QUERY', default_value: 'x' }] },
    400,
    'APIG.2011',
    'req_params[0].default_value',
  ],
  [
    'a backend parameter from nowhere',
    { backend_params: [{ name: 'x', origin: 'REQUEST', location: 'QUERY', value: 'y' }] },
    400,
    'APIG.2028',
  ],
  [
    'a constant with a line break',
    { backend_params: [{ name: 'x', origin: 'CONSTANT', location: 'HEADER', value: 'a\r\nb: c' }] },
    400,
    'APIG.2011',
    'backend_params[0].value',
  ],
  [
    'an unknown system value',
    { backend_params: [{ name: 'x', origin: 'SYSTEM', location: 'QUERY', value: 'sourceIp' }] },
    400,
    'APIG.2011',
    'backend_params[0].value',
  ],
  ['no mock', { mock_info: null }, 400, 'APIG.2001', 'mock_info'],
  [
    'a mock that is too long',
    { mock_info: { result_content: 'x'.repeat(2049) } },
    400,
    'APIG.2003',
    'mock_info.result_content',
  ],
  ['a mock status out of range', { mock_info: { status_code: 99 } }, 400, 'APIG.2002', 'mock_info.status_code'],
  ['no backend', { backend_type: 'HTTP' }, 400, 'APIG.2001', 'backend_api'],
  ['no backend address', http({ url_domain: '' }), 400, 'APIG.2001', 'backend_api.url_domain'],
  ['a backend address with a path', http({ url_domain: 'a.example/x' }), 400, 'APIG.2024'],
  ['a backend address with a user', http({ url_domain: 'u:p@a.example' }), 400, 'APIG.2024'],
  ['a backend port out of range', http({ url_domain: 'a.example:70000' }), 400, 'APIG.2024'],
  ['an unfilled backend path', http({ req_uri: '/{x}' }), 400, 'APIG.2027'],
  ['a timeout that is too long', http({ timeout: 60_001 }), 400, 'APIG.2003', 'backend_api.timeout'],
  ['a negative timeout', http({ timeout: -1 }), 400, 'APIG.2002', 'backend_api.timeout'],
  ['a retry count that is a number', http({ retry_count: 3 }), 400, 'APIG.2011', 'backend_api.retry_count'],
  ['an unknown group', { group_id: 'nope' }, 404, 'APIG.3001'],
  ['eleven tags', { tags: Array.from({ length: 11 }, (_, at) => `t${at}`) }, 400, 'APIG.2011', 'tags'],
  // Of the contract, and not obeyed yet: refused, never ignored.
  ['IAM', { auth_type: 'IAM' }, 412, 'APIG.3458', 'auth_type'],
  ['an authorizer', { auth_type: 'AUTHORIZER', authorizer_id: 'x' }, 412, 'APIG.3458', 'auth_type'],
  ['an authorizer beside another type', { authorizer_id: 'x' }, 412, 'APIG.3458', 'authorizer_id'],
  ['GRPCS', { req_protocol: 'GRPCS' }, 412, 'APIG.3458', 'req_protocol'],
  ['CORS', { cors: true }, 412, 'APIG.3458', 'cors'],
  ['a function', { backend_type: 'FUNCTION' }, 412, 'APIG.3458', 'backend_type'],
  ['gRPC', { backend_type: 'GRPC' }, 412, 'APIG.3458', 'backend_type'],
  [
    'a cookie parameter',
    { req_params: [{ name: 'c', type: 'STRING', location: 'COOKIE' }] },
    412,
    'APIG.3458',
    'req_params[0].location',
  ],
  [
    'an orchestration',
    { req_params: [{ name: 'c', type: 'STRING', location: 'QUERY', orchestrations: ['x'] }] },
    412,
    'APIG.3458',
    'req_params[0].orchestrations',
  ],
  [
    'a channel',
    http({ vpc_channel_status: 1, vpc_channel_info: { vpc_channel_id: 'x' } }),
    412,
    'APIG.3458',
    'backend_api.vpc_channel_status',
  ],
  ['two-way TLS', http({ enable_client_ssl: true }), 412, 'APIG.3458', 'backend_api.enable_client_ssl'],
]
for (const [what, more, status, code, field] of refusals) {
  test(`an API with ${what} is refused and not stored`, () => {
    const text =
      field === undefined ? {} : { text: new RegExp(`parameterName:${field.replaceAll(/[.[\]]/g, '\\$&')}(\\.|$)`) }
    const body = { ...mockApi(groupId, 'refused', '/refused'), ...more }
    return assertNothingStored(gateway, { status, code, ...text }, () => gateway.inside('POST', 'apis', { body }))
  })
}

test('an API is deleted when it is published nowhere, with its versions', async () => {
  const api = await gateway.ask('createApiV2', { body: mockApi(groupId, 'leaving', '/leaving') })
  const body = { api_id: api.id, env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' }
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', ...body } })
  await assertNothingStored(gateway, { status: 403, code: 'APIG.3416' }, () =>
    gateway.inside('DELETE', `apis/${api.id}`),
  )
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'offline', ...body } })
  await gateway.ask('deleteApiV2', { params: { api_id: api.id } })
  const gone = { status: 404, code: 'APIG.3002', text: `API ${api.id} does not exist` }
  assertRefused(await gateway.inside('GET', `apis/${api.id}`), gone)
  assertRefused(await gateway.inside('GET', `apis/publish/${api.id}`), gone)
  assert.equal(
    gateway.desk
      .catalog()
      .all('api-version')
      .some(({ apiId }) => apiId === api.id),
    false,
  )
})

test('an API moves to another group only while it is published nowhere', async () => {
  const other = await gateway.ask('createApiGroupV2', { body: { name: 'other' } })
  const api = await gateway.ask('createApiV2', { body: mockApi(groupId, 'moving', '/moving') })
  const body = { api_id: api.id, env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' }
  const move = mockApi(other.id, 'moving', '/moving')
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', ...body } })
  await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /group_id/ }, () =>
    gateway.inside('PUT', `apis/${api.id}`, { body: move }),
  )
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'offline', ...body } })
  assert.equal((await gateway.ask('updateApiV2', { params: { api_id: api.id }, body: move })).group_name, 'other')
})
