import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'
import { publishForTests, release, takeOfflineForTests, type PublishedForTests } from '../publish-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const addresses = { acl_type: 'PERMIT', entity_type: 'IP', acl_value: '192.168.1.5,192.168.10.0/24' } as const
const accounts = { acl_type: 'DENY', entity_type: 'DOMAIN', acl_value: 'account_1,账号-2' } as const
const gone = (id: string) => ({ status: 404, code: 'APIG.3006', text: `Access control policy ${id} does not exist` })

test('an access control policy is created, shown, replaced, listed and deleted', async () => {
  const body = { ...addresses, acl_name: '访问控制_1' }
  const acl = await gateway.ask('createAclStrategyV2', { body })
  assert.deepEqual(acl, { ...body, id: acl.id, update_time: acl.update_time })
  const params = { acl_id: acl.id }
  assert.deepEqual(await gateway.ask('showDetailsOfAclPolicyV2', { params }), acl)
  gateway.clock.at += 1000
  const other = { ...addresses, acl_name: 'renamed', acl_type: 'DENY', acl_value: '::1,10.0.0.1-10.0.0.9' } as const
  const updated = await gateway.ask('updateAclStrategyV2', { params, body: other })
  assert.deepEqual(updated, { ...other, id: acl.id, update_time: updated.update_time })
  assert.notEqual(updated.update_time, acl.update_time)
  const query = { id: acl.id, name: 'NAMED', acl_type: 'DENY', entity_type: 'IP' }
  assert.deepEqual((await gateway.ask('listAclStrategiesV2', { query })).acls, [{ ...updated, bind_num: 0 }])
  for (const filter of [{ acl_type: 'PERMIT' }, { entity_type: 'DOMAIN' }, { name: 'name', precise_search: 'name' }]) {
    const none = await gateway.ask('listAclStrategiesV2', { query: { ...query, ...filter } })
    assert.deepEqual(none, { total: 0, size: 0, acls: [] })
  }
  await gateway.ask('deleteAclV2', { params })
  assertRefused(await gateway.inside('GET', `acls/${acl.id}`), gone(acl.id))
  assertRefused(await gateway.inside('DELETE', `acls/${acl.id}`), gone(acl.id))
  for (const side of ['binded-apis', 'unbinded-apis']) {
    assertRefused(await gateway.inside('GET', `acl-bindings/${side}`, { query: { acl_id: acl.id } }), gone(acl.id))
  }
})

describe('an access control policy', () => {
  before(() => gateway.ask('createAclStrategyV2', { body: { ...addresses, acl_name: 'taken' } }))
  const address = (count: number) => Array.from({ length: count }, (_, n) => `10.0.0.${n}`).join(',')
  const name = 'n'.repeat(64)
  const cases: [what: string, body: object, code?: string, field?: string][] = [
    ['takes a hundred addresses', { acl_value: address(100) }],
    ['takes names of accounts', { ...accounts }],
    ['takes ids of accounts', { entity_type: 'DOMAIN_ID', acl_value: '0f5181caba0024e72f89c0045e707b91,a' }],
    ['refuses a hundred and one addresses', { acl_value: address(101) }, 'APIG.2011', 'acl_value'],
    ['refuses an address that is none', { acl_value: '10.0.0.1,10.0.0.256' }, 'APIG.2011', 'acl_value'],
    ['refuses an empty entry', { acl_value: '10.0.0.1,' }, 'APIG.2011', 'acl_value'],
    ['refuses no entries', { acl_value: '' }, 'APIG.2011', 'acl_value'],
    ['refuses to be without entries', { acl_value: undefined }, 'APIG.2001', 'acl_value'],
    ['refuses names that are digits', { ...accounts, acl_value: 'a,12' }, 'APIG.2011', 'acl_value'],
    ['refuses names of 65', { ...accounts, acl_value: `${name}n` }, 'APIG.2011', 'acl_value'],
    ['refuses too many names', { ...accounts, acl_value: Array(16).fill(name).join(',') }, 'APIG.2011', 'acl_value'],
    ['refuses an unknown type', { acl_type: 'ALLOW' }, 'APIG.2004', 'acl_type'],
    ['refuses an unknown entity', { entity_type: 'USER' }, 'APIG.2004', 'entity_type'],
    ['refuses a name with a dash', { acl_name: 'a-b-c' }, 'APIG.2011', 'acl_name'],
    ['refuses a name that is taken', { acl_name: 'taken' }, 'APIG.3206'],
  ]
  for (const [index, [what, more, code, field]] of cases.entries()) {
    test(what, async () => {
      const body = { ...addresses, acl_name: `case_${index}`, ...more }
      const post = () => gateway.inside('POST', 'acls', { body })
      if (code) {
        const refusal = { status: 400, code, ...(field && { text: new RegExp(`parameterName:${field}\\.`) }) }
        await assertNothingStored(gateway, refusal, post)
      } else assert.equal((await post()).status, 201)
    })
  }

  test('keeps its entity type and its name to itself', async () => {
    const { id } = await gateway.ask('createAclStrategyV2', { body: { ...addresses, acl_name: 'kept' } })
    const put = (body: object) => () => gateway.inside('PUT', `acls/${id}`, { body })
    const otherType = put({ ...accounts, acl_name: 'kept' })
    const text = /parameterName:entity_type\./
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text }, otherType)
    const otherName = put({ ...addresses, acl_name: 'taken' })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3206' }, otherName)
  })
})

describe('an access control policy that is bound', () => {
  let group_id: string
  let one: PublishedForTests
  let two: PublishedForTests
  const ids: Record<string, string> = {}
  before(async () => {
    group_id = (await gateway.ask('createApiGroupV2', { body: { name: 'guarded' } })).id
    one = await publishForTests(gateway, group_id, 'one', { tags: ['red'] })
    two = await publishForTests(gateway, group_id, 'two')
    for (const [acl_name, settings] of Object.entries({ office: addresses, home: addresses, partners: accounts })) {
      ids[acl_name] = (await gateway.ask('createAclStrategyV2', { body: { ...settings, acl_name } })).id
    }
  })
  const bind = async (name: string, ...publish_ids: string[]) =>
    (await gateway.ask('createApiAclBindingV2', { body: { acl_id: ids[name]!, publish_ids } })).acl_bindings
  const bound = async (name: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisBindedToAclPolicyV2', { query: { acl_id: ids[name]!, ...query } })).apis
  const unbound = async (name: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisUnbindedToAclPolicyV2', { query: { acl_id: ids[name]!, ...query } })).apis
  const policies = async (query: Record<string, string> = {}) =>
    (await gateway.ask('listAclPolicyBindedToApiV2', { query: { api_id: one.api_id, ...query } })).acls

  test('is shown from both sides, and leaves the list of the unbound at once', async () => {
    assert.deepEqual((await unbound('office')).map(({ name }) => name).toSorted(), ['one', 'two'])
    const [binding] = await bind('office', one.publish_id)
    assert.deepEqual(binding, {
      id: binding!.id,
      api_id: one.api_id,
      env_id: release,
      acl_id: ids['office'],
      create_time: binding!.create_time,
    })
    assert.deepEqual(await bound('office'), [
      {
        api_id: one.api_id,
        api_name: 'one',
        api_type: 1,
        api_remark: '',
        group_name: 'guarded',
        env_id: release,
        env_name: 'RELEASE',
        publish_id: one.publish_id,
        req_method: 'GET',
        tags: ['red'],
        bind_id: binding!.id,
        bind_time: binding!.create_time,
      },
    ])
    assert.deepEqual(
      (await unbound('office')).map(({ publish_id }) => publish_id),
      [two.publish_id],
    )
    assert.equal((await bound('office', { tags: 'red', api_name: 'ON', group_id, env_id: release })).length, 1)
    assert.equal((await bound('office', { api_id: two.api_id })).length, 0)
    assert.deepEqual(await policies(), [
      {
        ...addresses,
        acl_id: ids['office'],
        acl_name: 'office',
        env_id: release,
        env_name: 'RELEASE',
        bind_id: binding!.id,
        bind_time: binding!.create_time,
      },
    ])
    const { acls } = await gateway.ask('listAclStrategiesV2', { query: { id: ids['office']! } })
    assert.equal(acls[0]!.bind_num, 1)
  })

  test('stays as it is when it is bound again, and gives way to another of its entity type only', async () => {
    const [before] = await bind('office', one.publish_id)
    gateway.clock.at += 1000
    assert.deepEqual(await bind('office', one.publish_id), [before])
    await bind('partners', one.publish_id)
    assert.deepEqual(
      (await policies()).map(({ acl_name }) => acl_name),
      ['partners', 'office'],
    )
    assert.equal(
      (await unbound('partners')).some(({ name }) => name === 'one'),
      false,
    )
    gateway.clock.at += 1000
    await bind('home', one.publish_id)
    assert.deepEqual(
      (await policies()).map(({ acl_name }) => acl_name),
      ['home', 'partners'],
    )
    assert.deepEqual(await bound('office'), [])
    const others = await unbound('office')
    const boundThere = Object.fromEntries(others.map(({ name, acl_name }) => [name, acl_name]))
    assert.deepEqual(boundThere, { one: 'home', two: undefined })
    const filters: [Record<string, string>, string[]][] = [
      [{ acl_name: 'PARTNER', env_name: 'release', env_id: release }, ['partners']],
      [{ acl_id: ids['home']! }, ['home']],
      [{ env_id: 'elsewhere' }, []],
    ]
    for (const [filter, names] of filters)
      assert.deepEqual(
        (await policies(filter)).map(acl => acl.acl_name),
        names,
      )
  })

  test('cannot be deleted before it is unbound, alone or with others', async () => {
    const [binding] = await bind('office', two.publish_id)
    const text = 'The Acl Strategy has already binded to APIs'
    await assertNothingStored(gateway, { status: 403, code: 'APIG.3447', text }, () =>
      gateway.inside('DELETE', `acls/${ids['office']}`),
    )
    const free = await gateway.ask('createAclStrategyV2', { body: { ...addresses, acl_name: 'free' } })
    const answer = await gateway.ask('batchDeleteAclV2', {
      query: { action: 'delete' },
      body: { acls: [ids['office']!, 'nope', free.id] },
    })
    assert.deepEqual(answer, {
      success_count: 1,
      failure: [
        { acl_id: ids['office'], acl_name: 'office', error_code: 'APIG.3447', error_msg: text },
        {
          acl_id: 'nope',
          acl_name: '',
          error_code: 'APIG.3006',
          error_msg: 'Access control policy nope does not exist',
        },
      ],
    })
    assertRefused(await gateway.inside('GET', `acls/${free.id}`), gone(free.id))
    await gateway.ask('deleteApiAclBindingV2', { params: { acl_bindings_id: binding!.id } })
    assertRefused(await gateway.inside('DELETE', `acl-bindings/${binding!.id}`), {
      status: 404,
      code: 'APIG.3010',
      text: 'The access control policy binding record does not exist',
    })
    await gateway.ask('deleteAclV2', { params: { acl_id: ids['office']! } })
    const body = { acls: [ids['home']!] }
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2012', text: /parameterName:action\./ }, () =>
      gateway.inside('PUT', 'acls', { body, query: { action: 'remove' } }),
    )
  })

  test('is unbound from many APIs at once, each by itself', async () => {
    const bindings = await bind('home', one.publish_id, two.publish_id)
    const answer = await gateway.ask('batchDeleteApiAclBindingV2', {
      query: { action: 'delete' },
      body: { acl_bindings: ['nope', ...bindings.map(({ id }) => id)] },
    })
    assert.deepEqual(answer, {
      success_count: 2,
      failure: [
        {
          bind_id: 'nope',
          error_code: 'APIG.3010',
          error_msg: 'The access control policy binding record does not exist',
        },
      ],
    })
    assert.deepEqual(await bound('home'), [])
  })

  test('survives a re-publish, and goes when the API is taken offline', async () => {
    const three = await publishForTests(gateway, group_id, 'three')
    await bind('home', three.publish_id)
    await bind('partners', three.publish_id)
    const body = { action: 'online', api_id: three.api_id, env_id: release } as const
    await gateway.ask('createOrDeletePublishRecordForApiV2', { body })
    const { acls } = await gateway.ask('listAclPolicyBindedToApiV2', { query: { api_id: three.api_id } })
    assert.equal(acls.length, 2)
    await takeOfflineForTests(gateway, three.api_id)
    assert.deepEqual(await bound('home'), [])
    await gateway.ask('deleteAclV2', { params: { acl_id: ids['home']! } })
  })

  const refusals: [what: string, body: () => object, status: number, code: string][] = [
    ['an unknown policy', () => ({ acl_id: 'nope', publish_ids: [one.publish_id] }), 404, 'APIG.3006'],
    ['an unknown publication', () => ({ acl_id: ids['partners'], publish_ids: ['nope'] }), 404, 'APIG.3015'],
    ['no publication', () => ({ acl_id: ids['partners'], publish_ids: [] }), 400, 'APIG.2011'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`is refused with ${what}`, () =>
      assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', 'acl-bindings', { body: body() })))
  }
})
