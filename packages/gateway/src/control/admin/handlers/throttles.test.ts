import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'
import { publishForTests, release, takeOfflineForTests, type PublishedForTests } from '../publish-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const perMinute = { api_call_limits: 100, time_unit: 'MINUTE', time_interval: 1 } as const
const gone = (id: string) => ({
  status: 404,
  code: 'APIG.3005',
  text: `Request throttling policy ${id} does not exist`,
})

test('a throttling policy is created, shown, replaced, listed and deleted', async () => {
  // As Terraform sends it: what is unset comes as a zero or as nothing.
  const body = {
    ...perMinute,
    name: '流控_1',
    remark: 'r',
    app_call_limits: 30,
    ip_call_limits: 0,
    user_call_limits: 60,
  }
  const throttle = await gateway.ask('createRequestThrottlingPolicyV2', { body })
  assert.deepEqual(throttle, {
    ...body,
    id: throttle.id,
    create_time: throttle.create_time,
    type: 1,
    enable_adaptive_control: 'FALSE',
    bind_num: 0,
    is_inclu_special_throttle: 2,
  })
  const params = { throttle_id: throttle.id }
  assert.deepEqual(await gateway.ask('showDetailsOfRequestThrottlingPolicyV2', { params }), throttle)
  gateway.clock.at += 1000
  const updated = await gateway.ask('updateRequestThrottlingPolicyV2', {
    params,
    body: { ...perMinute, name: 'renamed', type: 2, time_unit: 'DAY', enable_adaptive_control: 'TRUE' },
  })
  assert.deepEqual(updated, {
    ...throttle,
    name: 'renamed',
    remark: '',
    user_call_limits: 0,
    app_call_limits: 0,
    time_unit: 'DAY',
    type: 2,
    enable_adaptive_control: 'TRUE',
  })
  for (const query of [{ id: throttle.id }, { name: 'NAME' }, { name: 'renamed', precise_search: 'name' }]) {
    assert.deepEqual((await gateway.ask('listRequestThrottlingPolicyV2', { query })).throttles, [updated])
  }
  const none = await gateway.ask('listRequestThrottlingPolicyV2', { query: { name: 'name', precise_search: 'name' } })
  assert.deepEqual(none, { total: 0, size: 0, throttles: [] })
  await gateway.ask('deleteRequestThrottlingPolicyV2', { params })
  assertRefused(await gateway.inside('GET', `throttles/${throttle.id}`), gone(throttle.id))
  assertRefused(await gateway.inside('GET', `throttles/${throttle.id}/throttle-specials`), gone(throttle.id))
  assertRefused(await gateway.inside('DELETE', `throttles/${throttle.id}`), gone(throttle.id))
})

describe('a throttling policy is refused', () => {
  before(() => gateway.ask('createRequestThrottlingPolicyV2', { body: { ...perMinute, name: 'taken' } }))
  const refusals: [what: string, body: object, code: string, field?: string][] = [
    ['with a name that is taken', { name: 'taken' }, 'APIG.3204'],
    ['with a name that begins with a digit', { name: '1st' }, 'APIG.2011', 'name'],
    ['without a limit for the API', { api_call_limits: undefined }, 'APIG.2001', 'api_call_limits'],
    ['with a limit of none', { api_call_limits: 0 }, 'APIG.2002', 'api_call_limits'],
    ['with a limit that no counter holds', { api_call_limits: 2147483648 }, 'APIG.2003', 'api_call_limits'],
    ['with a negative limit for an app', { app_call_limits: -1 }, 'APIG.2002', 'app_call_limits'],
    ['with more for a user than for the API', { user_call_limits: 101 }, 'APIG.2003', 'user_call_limits'],
    ['with more for an address than for the API', { ip_call_limits: 101 }, 'APIG.2003', 'ip_call_limits'],
    ['with more for an app than for the API', { app_call_limits: 101 }, 'APIG.2003', 'app_call_limits'],
    [
      'with more for an app than for a user',
      { user_call_limits: 5, app_call_limits: 6 },
      'APIG.2003',
      'app_call_limits',
    ],
    ['with an unknown unit of time', { time_unit: 'WEEK' }, 'APIG.2004', 'time_unit'],
    ['with an interval of none', { time_interval: 0 }, 'APIG.2002', 'time_interval'],
    ['with an unknown type', { type: 3 }, 'APIG.2004', 'type'],
  ]
  for (const [what, more, code, field] of refusals) {
    test(what, async () => {
      const body = { ...perMinute, name: 'refused', ...more }
      const refusal = { status: 400, code, ...(field && { text: new RegExp(`parameterName:${field}\\.`) }) }
      await assertNothingStored(gateway, refusal, () => gateway.inside('POST', 'throttles', { body }))
    })
  }

  test('when it is replaced under a name that is taken', async () => {
    const { id } = await gateway.ask('createRequestThrottlingPolicyV2', { body: { ...perMinute, name: 'another' } })
    const put = (name: string) => gateway.inside('PUT', `throttles/${id}`, { body: { ...perMinute, name } })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3204' }, () => put('taken'))
    assert.equal((await put('another')).status, 200)
  })
})

describe('an excluded configuration', () => {
  let throttle_id: string
  let app_id: string
  before(async () => {
    const body = { ...perMinute, name: 'with_specials' }
    throttle_id = (await gateway.ask('createRequestThrottlingPolicyV2', { body })).id
    app_id = (await gateway.ask('createAnAppV2', { body: { name: 'special_app' } })).id
  })

  test('of an app or of any user is created, listed, changed and deleted', async () => {
    const params = { throttle_id }
    const ofApp = await gateway.ask('createSpecialThrottlingConfigurationV2', {
      params,
      body: { object_type: 'APP', object_id: app_id, call_limits: 10 },
    })
    assert.deepEqual(ofApp, {
      id: ofApp.id,
      throttle_id,
      object_type: 'APP',
      object_id: app_id,
      object_name: 'special_app',
      app_id,
      app_name: 'special_app',
      call_limits: 10,
      apply_time: ofApp.apply_time,
    })
    gateway.clock.at += 1000
    const ofUser = await gateway.ask('createSpecialThrottlingConfigurationV2', {
      params,
      body: { object_type: 'USER', object_id: 'somebody', call_limits: 100 },
    })
    assert.deepEqual([ofUser.object_name, ofUser.app_id, ofUser.app_name], ['somebody', '', ''])
    const list = async (query: Record<string, string>) =>
      (await gateway.ask('listSpecialThrottlingConfigurationsV2', { params, query })).throttle_specials
    assert.deepEqual(await list({}), [ofUser, ofApp])
    assert.deepEqual(await list({ object_type: 'APP' }), [ofApp])
    assert.deepEqual(await list({ app_name: 'SPECIAL' }), [ofApp])
    assert.deepEqual(await list({ user: 'some' }), [ofUser])
    assert.deepEqual(await list({ app_name: 'somebody' }), [])
    const shown = await gateway.ask('showDetailsOfRequestThrottlingPolicyV2', { params })
    assert.equal(shown.is_inclu_special_throttle, 1)

    const ofStrategy = { throttle_id, strategy_id: ofApp.id }
    assert.deepEqual(
      await gateway.ask('updateSpecialThrottlingConfigurationV2', { params: ofStrategy, body: { call_limits: 20 } }),
      { ...ofApp, call_limits: 20 },
    )
    await gateway.ask('deleteSpecialThrottlingConfigurationV2', { params: ofStrategy })
    assertRefused(await gateway.inside('DELETE', `throttles/${throttle_id}/throttle-specials/${ofApp.id}`), {
      status: 404,
      code: 'APIG.3013',
      text: `Excluded request throttling configuration ${ofApp.id} does not exist`,
    })
  })

  test('goes with its app and with its policy', async () => {
    const { id } = await gateway.ask('createAnAppV2', { body: { name: 'leaving_app' } })
    const { id: leaving } = await gateway.ask('createRequestThrottlingPolicyV2', {
      body: { ...perMinute, name: 'leaving' },
    })
    for (const throttle of [throttle_id, leaving]) {
      await gateway.ask('createSpecialThrottlingConfigurationV2', {
        params: { throttle_id: throttle },
        body: { object_type: 'APP', object_id: id, call_limits: 1 },
      })
    }
    const left = () =>
      gateway.desk
        .catalog()
        .all('throttle-special')
        .filter(({ appId }) => appId === id).length
    assert.equal(left(), 2)
    await gateway.ask('deleteRequestThrottlingPolicyV2', { params: { throttle_id: leaving } })
    assert.equal(left(), 1)
    await gateway.ask('deleteAppV2', { params: { app_id: id } })
    assert.equal(left(), 0)
  })

  const unknown = '9f7bbd9c-3c5f-4e6b-8b53-6bc53fd5e4a1'
  const refusals: [what: string, body: object, status: number, code: string, text?: string | RegExp][] = [
    ['of an unknown app', { object_id: unknown }, 404, 'APIG.3004', `App ${unknown} does not exist`],
    ['of an unknown type', { object_type: 'IP' }, 400, 'APIG.2004', /parameterName:object_type\./],
    ['with a limit of none', { call_limits: 0 }, 400, 'APIG.2002', /^The parameter value is too small,/],
    ['with a negative limit', { call_limits: -1 }, 400, 'APIG.2002', /^The parameter value is too small,/],
    ['with more than the API may take', { call_limits: 101 }, 400, 'APIG.2003', /parameterName:call_limits\./],
    ['twice for the same user', { object_type: 'USER', object_id: 'somebody' }, 400, 'APIG.3308'],
  ]
  for (const [what, more, status, code, text] of refusals) {
    test(`${what} is refused`, async () => {
      const body = { object_type: 'APP', object_id: app_id, call_limits: 10, ...more }
      const refusal = { status, code, ...(text && { text }) }
      await assertNothingStored(gateway, refusal, () =>
        gateway.inside('POST', `throttles/${throttle_id}/throttle-specials`, { body }),
      )
    })
  }
})

describe('a throttling policy that is bound', () => {
  let group_id: string
  let one: PublishedForTests
  let two: PublishedForTests
  let first: string
  let second: string
  before(async () => {
    group_id = (await gateway.ask('createApiGroupV2', { body: { name: 'throttled' } })).id
    one = await publishForTests(gateway, group_id, 'one', { tags: ['red'] })
    two = await publishForTests(gateway, group_id, 'two')
    first = (await gateway.ask('createRequestThrottlingPolicyV2', { body: { ...perMinute, name: 'first' } })).id
    second = (await gateway.ask('createRequestThrottlingPolicyV2', { body: { ...perMinute, name: 'second' } })).id
  })
  const bind = async (strategy_id: string, ...publish_ids: string[]) => {
    const body = { strategy_id, publish_ids }
    return (await gateway.ask('associateRequestThrottlingPolicyV2', { body })).throttle_applys
  }
  const bound = async (throttle_id: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisBindedToRequestThrottlingPolicyV2', { query: { throttle_id, ...query } })).apis
  const unbound = async (throttle_id: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisUnbindedToRequestThrottlingPolicyV2', { query: { throttle_id, ...query } })).apis
  const names = (apis: readonly { readonly name: string }[]) => apis.map(({ name }) => name).toSorted()

  test('is shown from both sides, and leaves the list of the unbound at once', async () => {
    const draft = await gateway.ask('createApiV2', { body: mockApi(group_id, 'draft', '/draft') })
    assert.deepEqual(names(await unbound(first)), ['one', 'two'])
    const [binding] = await bind(first, one.publish_id)
    assert.deepEqual(binding, {
      id: binding!.id,
      publish_id: one.publish_id,
      scope: 1,
      strategy_id: first,
      apply_time: binding!.apply_time,
    })
    assert.deepEqual(names(await unbound(first)), ['two'])
    const [api] = await bound(first)
    assert.deepEqual(
      [api!.id, api!.publish_id, api!.run_env_id, api!.throttle_name, api!.throttle_apply_id, api!.apply_time],
      [one.api_id, one.publish_id, release, 'first', binding!.id, binding!.apply_time],
    )
    const filters: [Record<string, string>, number][] = [
      [{ api_id: one.api_id, api_name: 'ON', group_id, env_id: release, tags: 'blue,red' }, 1],
      [{ tags: '#no_tags#' }, 0],
      [{ env_id: 'elsewhere' }, 0],
    ]
    for (const [filter, count] of filters) assert.equal((await bound(first, filter)).length, count)
    assert.deepEqual(names(await unbound(first, { tags: '#no_tags#' })), ['two'])

    const query = { api_id: one.api_id, throttle_name: 'FIRST', throttle_id: first, env_id: release }
    const { throttles } = await gateway.ask('listRequestThrottlingPoliciesBindedToApiV2', { query })
    const shown = await gateway.ask('showDetailsOfRequestThrottlingPolicyV2', { params: { throttle_id: first } })
    assert.equal(shown.bind_num, 1)
    assert.deepEqual(throttles, [
      { ...shown, env_name: 'RELEASE', bind_id: binding!.id, bind_time: binding!.apply_time },
    ])
    await gateway.ask('deleteApiV2', { params: { api_id: draft.id } })
  })

  test('stays as it is when it is bound again, and gives way to another policy', async () => {
    const [before] = await bind(first, one.publish_id)
    gateway.clock.at += 1000
    assert.deepEqual(await bind(first, one.publish_id, one.publish_id), [before])
    const [after] = await bind(second, one.publish_id)
    assert.notEqual(after!.id, before!.id)
    assert.deepEqual(await bound(first), [])
    assert.deepEqual(names(await bound(second)), ['one'])
    const others = await unbound(first)
    assert.equal(others.find(({ name }) => name === 'one')!.throttle_name, 'second')
    assert.equal(others.find(({ name }) => name === 'two')!.throttle_name, undefined)
  })

  test('cannot be deleted before it is unbound', async () => {
    const [binding] = await bind(first, two.publish_id)
    const remove = () => gateway.inside('DELETE', `throttles/${first}`)
    await assertNothingStored(
      gateway,
      { status: 403, code: 'APIG.3451', text: 'The Throttle Strategy has already binded to APIs' },
      remove,
    )
    await gateway.ask('disassociateRequestThrottlingPolicyV2', { params: { throttle_binding_id: binding!.id } })
    assertRefused(await gateway.inside('DELETE', `throttle-bindings/${binding!.id}`), {
      status: 404,
      code: 'APIG.3012',
      text: 'The request throttling policy binding record does not exist',
    })
    assert.deepEqual(await bound(first), [])
  })

  test('is unbound from many APIs at once, each by itself', async () => {
    const bindings = await bind(second, one.publish_id, two.publish_id)
    const answer = await gateway.ask('batchDisassociateThrottlingPolicyV2', {
      query: { action: 'delete' },
      body: { throttle_bindings: [...bindings.map(({ id }) => id), 'nope'] },
    })
    assert.deepEqual(answer, {
      success_count: 2,
      failure: [
        {
          bind_id: 'nope',
          error_code: 'APIG.3012',
          error_msg: 'The request throttling policy binding record does not exist',
        },
      ],
    })
    assert.deepEqual(await bound(second), [])
    const body = { throttle_bindings: ['nope'] }
    const without = () => gateway.inside('PUT', 'throttle-bindings', { body })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2001', text: /parameterName:action\./ }, without)
    const wrong = () => gateway.inside('PUT', 'throttle-bindings', { body, query: { action: 'drop' } })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2012', text: /parameterName:action\./ }, wrong)
  })

  test('survives a re-publish, and goes when the API is taken offline', async () => {
    const three = await publishForTests(gateway, group_id, 'three')
    await bind(second, three.publish_id)
    const body = { action: 'online', api_id: three.api_id, env_id: release } as const
    await gateway.ask('createOrDeletePublishRecordForApiV2', { body })
    assert.deepEqual(names(await bound(second)), ['three'])
    await takeOfflineForTests(gateway, three.api_id)
    assert.deepEqual(await bound(second), [])
    assert.equal(names(await unbound(second)).includes('three'), false)
    await gateway.ask('deleteRequestThrottlingPolicyV2', { params: { throttle_id: second } })
    for (const side of ['binded-apis', 'unbinded-apis']) {
      const answer = await gateway.inside('GET', `throttle-bindings/${side}`, { query: { throttle_id: second } })
      assertRefused(answer, gone(second))
    }
  })

  const refusals: [what: string, body: () => object, status: number, code: string][] = [
    ['an unknown policy', () => ({ strategy_id: 'nope', publish_ids: [one.publish_id] }), 404, 'APIG.3005'],
    ['an unknown publication', () => ({ strategy_id: first, publish_ids: [one.publish_id, 'nope'] }), 404, 'APIG.3015'],
    ['no publication', () => ({ strategy_id: first, publish_ids: [] }), 400, 'APIG.2011'],
    ['no list of publications', () => ({ strategy_id: first }), 400, 'APIG.2001'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`is refused with ${what}`, () =>
      assertNothingStored(gateway, { status, code }, () =>
        gateway.inside('POST', 'throttle-bindings', { body: body() }),
      ))
  }

  test('is listed only when it is said for what', async () => {
    const answer = await gateway.inside('GET', 'throttle-bindings/binded-apis')
    assertRefused(answer, { status: 400, code: 'APIG.2001', text: /parameterName:throttle_id\./ })
    const ofNoApi = await gateway.inside('GET', 'throttle-bindings/binded-throttles', { query: { api_id: 'nope' } })
    assertRefused(ofNoApi, { status: 404, code: 'APIG.3002', text: 'API nope does not exist' })
  })
})
