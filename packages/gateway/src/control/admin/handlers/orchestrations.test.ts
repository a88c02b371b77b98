import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const param = { mapped_param_name: 'shared-tag', mapped_param_type: 'string', mapped_param_location: 'header' } as const
const listMap = [
  { map_param_list: ['ValueA', 'b-_1'], mapped_param_value: 'ValueAA' },
  { map_param_list: ['ValueB'], mapped_param_value: 'ValueBB' },
]
const rangeMap = [{ map_param_range: { range_start: '0', range_end: '9223372036854775807' }, mapped_param_value: '1' }]
const least = {
  orchestration_name: 'least',
  orchestration_strategy: 'list',
  orchestration_mapped_param: param,
  orchestration_map: listMap,
} as const
const body = (more: object = {}) => structuredClone({ ...least, ...more }) as never
const show = (orchestration_id: string) => gateway.ask('showDetailsOfOrchestration', { params: { orchestration_id } })

test('a rule is created, read, replaced, listed without its map, and deleted', async () => {
  const created = await gateway.ask('createOrchestration', { body: body() })
  const { orchestration_id, orchestration_create_time } = created
  const times = { orchestration_create_time, orchestration_update_time: orchestration_create_time }
  assert.deepEqual(created, { orchestration_id, ...least, is_preprocessing: false, ...times })
  assert.deepEqual(await show(orchestration_id), created)
  gateway.clock.at += 1000
  const params = { orchestration_id }
  const change = { orchestration_name: 'renamed', orchestration_strategy: 'range', orchestration_map: rangeMap }
  const updated = await gateway.ask('updateOrchestration', { params, body: body(change) })
  const { orchestration_update_time } = updated
  assert.deepEqual(updated, { ...created, ...change, orchestration_update_time })
  assert.ok(orchestration_update_time > orchestration_create_time)

  const { orchestration_map: _, ...outline } = updated
  const filters: [query: Record<string, string>, found: unknown[]][] = [
    [{ orchestration_id }, [outline]],
    [{ orchestration_name: 'RENAM' }, [outline]],
    [{ orchestration_name: 'renam', precise_search: 'orchestration_name' }, []],
  ]
  for (const [query, found] of filters) {
    assert.deepEqual((await gateway.ask('listOrchestrations', { query })).orchestrations, found, JSON.stringify(query))
  }
  await gateway.ask('deleteOrchestration', { params })
  const gone = { status: 404, code: 'APIG.3095', text: 'The orchestrations does not exist' }
  for (const path of ['', '/attached-apis']) {
    assertRefused(await gateway.inside('GET', `orchestrations/${orchestration_id}${path}`), gone)
  }
  assertRefused(await gateway.inside('PUT', `orchestrations/${orchestration_id}`, { body: least }), gone)
  assertRefused(await gateway.inside('DELETE', `orchestrations/${orchestration_id}`), gone)
})

describe('a map comes back with the keys with which it was sent, for', () => {
  const cases: [strategy: string, map: object[] | undefined][] = [
    ['list', listMap],
    ['range', rangeMap],
    ['hash', undefined],
    ['hash', []],
    ['hash_range', rangeMap],
    ['none_value', [{ mapped_param_value: 'None' }]],
    ['default', [{ mapped_param_value: '0' }]],
    ['head_n', [{ intercept_length: 5, mapped_param_value: '' }]],
    ['tail_n', [{ intercept_length: 100 }]],
  ]
  for (const [index, [strategy, map]] of cases.entries()) {
    test(`${strategy} ${JSON.stringify(map)?.slice(0, 40) ?? 'without a map'}`, async () => {
      const change = { orchestration_name: `rule_${index}`, orchestration_strategy: strategy }
      const created = await gateway.ask('createOrchestration', { body: body({ ...change, orchestration_map: map }) })
      assert.deepEqual((await show(created.orchestration_id)).orchestration_map, map ?? [])
    })
  }
})

test('a rule that prepares the next one needs no parameter', async () => {
  const change = { orchestration_name: 'prepares', is_preprocessing: true, orchestration_mapped_param: undefined }
  const created = await gateway.ask('createOrchestration', { body: body(change) })
  assert.equal(created.is_preprocessing, true)
  assert.equal('orchestration_mapped_param' in created, false)
})

test('fields that nobody knows are left out', async () => {
  const odd = { $sealed: 'x', secret: 'y' }
  const change = {
    orchestration_name: 'odd',
    orchestration_mapped_param: { ...param, ...odd },
    orchestration_strategy: 'range',
    orchestration_map: [{ ...rangeMap[0], ...odd, map_param_range: { ...rangeMap[0]!.map_param_range, ...odd } }],
  }
  const created = await gateway.ask('createOrchestration', { body: body(change) })
  assert.deepEqual([created.orchestration_mapped_param, created.orchestration_map], [param, rangeMap])
})

test('a rule that an API uses stays, and so does its parameter', async () => {
  const { orchestration_id } = await gateway.ask('createOrchestration', { body: body({ orchestration_name: 'used' }) })
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'orchestrated' } })
  const made = await gateway.ask('createApiV2', { body: mockApi(group.id, 'uses', '/uses') })
  const draft = gateway.desk.catalog().get('api', made.id)!
  const definition = Object.assign({}, draft.definition, { req_params: [{ orchestrations: [orchestration_id] }] })
  await gateway.desk.write(() => ({ edits: [{ put: 'api', document: { ...draft, definition } }], result: undefined }))

  const params = { orchestration_id }
  const { apis } = await gateway.ask('listOrchestrationAttachedApis', { params, query: { api_name: 'USE' } })
  assert.deepEqual(apis, [
    {
      api_id: made.id,
      api_name: 'uses',
      req_method: 'GET',
      req_uri: '/uses',
      auth_type: 'NONE',
      match_mode: 'NORMAL',
      group_id: group.id,
      group_name: 'orchestrated',
      attached_time: made.update_time,
    },
  ])
  assert.equal((await gateway.ask('listOrchestrationAttachedApis', { params, query: { api_id: 'other' } })).total, 0)

  const path = `orchestrations/${orchestration_id}`
  await assertNothingStored(gateway, { status: 409, code: 'APIG.3716' }, () => gateway.inside('DELETE', path))
  const changed = { orchestration_mapped_param: { ...param, mapped_param_location: 'query' } }
  await assertNothingStored(gateway, { status: 412, code: 'APIG.3713' }, () =>
    gateway.inside('PUT', path, { body: body({ orchestration_name: 'used', ...changed }) }),
  )
  const map = { orchestration_name: 'used', orchestration_map: [listMap[0]] }
  assert.equal((await gateway.ask('updateOrchestration', { params, body: body(map) })).orchestration_map.length, 1)
})

describe('a rule is refused', () => {
  before(() => gateway.ask('createOrchestration', { body: body({ orchestration_name: 'taken' }) }))
  const map = (strategy: string, ...orchestration_map: object[]) => ({
    orchestration_strategy: strategy,
    orchestration_map,
  })
  const [entry] = listMap
  const range = (range_start: unknown, range_end: unknown) =>
    map('range', { map_param_range: { range_start, range_end }, mapped_param_value: '1' })
  const many = Array.from({ length: 1501 }, (_, n) => `v${n}`)
  const cases: [what: string, change: object, code: string, field?: string][] = [
    ['with a name that is taken', { orchestration_name: 'taken' }, 'APIG.3331'],
    ['with a Chinese name', { orchestration_name: '编排规则' }, 'APIG.2011', 'orchestration_name'],
    ['with an unknown strategy', { orchestration_strategy: 'INVALID' }, 'APIG.2011', 'orchestration_strategy'],
    ['without a parameter', { orchestration_mapped_param: undefined }, 'APIG.2001', 'orchestration_mapped_param'],
    [
      'with a parameter that has no type',
      { orchestration_mapped_param: { ...param, mapped_param_type: undefined } },
      'APIG.2001',
      'orchestration_mapped_param.mapped_param_type',
    ],
    [
      'with a parameter in a path',
      { orchestration_mapped_param: { ...param, mapped_param_location: 'path' } },
      'APIG.2004',
      'orchestration_mapped_param.mapped_param_location',
    ],
    ['without a map', { orchestration_map: undefined }, 'APIG.2001', 'orchestration_map'],
    [
      'with 301 entries',
      map('list', ...Array.from({ length: 301 }, (_, n) => ({ map_param_list: [`v${n}`], mapped_param_value: 'v' }))),
      'APIG.2011',
      'orchestration_map',
    ],
    [
      'with 3001 items',
      map(
        'list',
        { map_param_list: many, mapped_param_value: 'a' },
        { map_param_list: many.slice(1), mapped_param_value: 'b' },
        { map_param_list: ['w'], mapped_param_value: 'c' },
      ),
      'APIG.2003',
      'orchestration_map',
    ],
    [
      'with an entry without a list',
      map('list', { mapped_param_value: 'v' }),
      'APIG.2001',
      'orchestration_map[0].map_param_list',
    ],
    [
      'with an entry without a value',
      map('list', { map_param_list: ['a'] }),
      'APIG.2001',
      'orchestration_map[0].mapped_param_value',
    ],
    [
      'with an item that has a space',
      map('list', { ...entry, map_param_list: ['a b'] }),
      'APIG.2011',
      'orchestration_map[0].map_param_list',
    ],
    [
      'with an item twice',
      map('list', { ...entry, map_param_list: ['a', 'a'] }),
      'APIG.2011',
      'orchestration_map[0].map_param_list',
    ],
    [
      'with an entry twice',
      map('list', entry!, { ...entry, mapped_param_value: 'other' }),
      'APIG.2011',
      'orchestration_map[1]',
    ],
    [
      'with a value that has a dash',
      map('default', { mapped_param_value: 'a-b' }),
      'APIG.2011',
      'orchestration_map[0].mapped_param_value',
    ],
    [
      'with two last resorts',
      map('default', { mapped_param_value: 'a' }, { mapped_param_value: 'b' }),
      'APIG.2003',
      'orchestration_map',
    ],
    ['with a range of numbers', range(0, 1), 'APIG.2011', 'orchestration_map[0].map_param_range.range_start'],
    [
      'with a range that ends before it begins',
      range('2', '1'),
      'APIG.2011',
      'orchestration_map[0].map_param_range.range_end',
    ],
    [
      'with a range beyond the largest number',
      range('0', '9223372036854775808'),
      'APIG.2003',
      'orchestration_map[0].map_param_range.range_end',
    ],
    [
      'without the end of a range',
      range('0', undefined),
      'APIG.2001',
      'orchestration_map[0].map_param_range.range_end',
    ],
    [
      'without a length',
      map('head_n', { mapped_param_value: '' }),
      'APIG.2001',
      'orchestration_map[0].intercept_length',
    ],
    [
      'with a length of 101',
      map('tail_n', { intercept_length: 101 }),
      'APIG.2003',
      'orchestration_map[0].intercept_length',
    ],
    [
      'that prepares as a last resort',
      { ...map('none_value', { mapped_param_value: 'a' }), is_preprocessing: true },
      'APIG.2011',
      'is_preprocessing',
    ],
  ]
  for (const [what, change, code, field] of cases) {
    test(what, async () => {
      const text =
        field === undefined ? {} : { text: new RegExp(`parameterName:${field.replaceAll(/[.[\]]/g, '\\$&')}\\. `) }
      const sent = body({ orchestration_name: 'refused', ...change })
      await assertNothingStored(gateway, { status: 400, code, ...text }, () =>
        gateway.inside('POST', 'orchestrations', { body: sent }),
      )
    })
  }
})
