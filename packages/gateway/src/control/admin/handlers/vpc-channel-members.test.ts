import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

let made = 0
async function channel(more: object = {}): Promise<{ vpc_channel_id: string }> {
  const name = `channel-${(made += 1)}`
  const body = { name, port: 80, balance_strategy: 1, member_type: 'ip', ...more } as const
  return { vpc_channel_id: (await gateway.ask('createVpcChannelV2', { body })).id }
}

const grouped = { member_groups: [{ member_group_name: 'blue' }, { member_group_name: 'green' }] }
const membersOf = async (params: { vpc_channel_id: string }, query: Record<string, string> = {}) =>
  (await gateway.ask('listBackendInstancesV2', { params, query })).members

describe('members of a channel', () => {
  test('are added, changed by their address, and removed', async () => {
    const params = await channel()
    const members = [{ host: '10.0.0.1' }, { host: '10.0.0.1', port: 81 }, { host: '10.0.0.1', weight: 9 }]
    const added = await gateway.ask('addingBackendInstancesV2', { params, body: { members } })
    assert.deepEqual([added.total, added.size], [2, 2])
    assert.deepEqual(
      added.members.map(({ port, weight }) => [port, weight]),
      [
        [80, 1],
        [81, 1],
      ],
      'of two members with one address the first counts',
    )
    const body = { members: [{ host: '10.0.0.1', port: 80, weight: 5 }, { host: '10.0.0.2' }] }
    const changed = await gateway.ask('addingBackendInstancesV2', { params, body })
    assert.equal(changed.members[0]!.id, added.members[0]!.id)
    assert.deepEqual(
      (await membersOf(params)).map(({ host, port, weight }) => [host, port, weight]),
      [
        ['10.0.0.1', 80, 5],
        ['10.0.0.1', 81, 1],
        ['10.0.0.2', 80, 1],
      ],
    )
    const gone = { ...params, member_id: added.members[1]!.id }
    await gateway.ask('deleteBackendInstanceV2', { params: gone })
    assert.equal((await membersOf(params)).length, 2)
    assertRefused(await gateway.inside('DELETE', `vpc-channels/${params.vpc_channel_id}/members/${gone.member_id}`), {
      status: 404,
      code: 'APIG.3024',
      text: `The VPC instance does not exist,id:${gone.member_id}`,
    })
  })

  test('may have one address in two groups', async () => {
    const members = [
      { host: '10.0.0.1', member_group_name: 'blue' },
      { host: '10.0.0.1', member_group_name: 'green' },
    ]
    const params = await channel({ ...grouped, members })
    const before = await membersOf(params)
    assert.equal(before.length, 2)
    await gateway.ask('addingBackendInstancesV2', { params, body: { members: [{ ...members[1]!, weight: 5 }] } })
    assert.deepEqual(
      (await membersOf(params)).map(({ id, weight }) => [id, weight]),
      [
        [before[0]!.id, 1],
        [before[1]!.id, 5],
      ],
    )
  })

  test('are all replaced, or those of one group', async () => {
    const blue = { host: '10.0.0.1', member_group_name: 'blue' }
    const green = { host: '10.0.0.2', member_group_name: 'green' }
    const params = await channel({ ...grouped, members: [blue, green] })
    const replace = async (body: object) => {
      const path = `vpc-channels/${params.vpc_channel_id}/members`
      const { status, text } = await gateway.inside('PUT', path, { body })
      assert.equal(status, 200, text)
      return (await membersOf(params)).map(({ host, member_group_name }) => `${host} ${member_group_name}`)
    }
    const others = [{ host: '10.0.0.3' }, { ...green, host: '10.0.0.4' }]
    assert.deepEqual(
      await replace({ member_group_name: 'blue', members: others }),
      ['10.0.0.2 green', '10.0.0.3 blue'],
      'what the body says of other groups does not count',
    )
    assert.deepEqual(await replace({ members: [green] }), ['10.0.0.2 green'])
    assert.deepEqual(await replace({ member_group_name: 'green', members: [] }), [])
    const path = `vpc-channels/${params.vpc_channel_id}/members`
    await assertNothingStored(
      gateway,
      { status: 400, code: 'APIG.2011', text: /parameterName:member_group_name\./ },
      () => gateway.inside('PUT', path, { body: { member_group_name: 'red', members: [] } }),
    )
  })

  test('are taken out of service and back, all of them or none', async () => {
    const params = await channel({ members: [{ host: '10.0.0.1' }, { host: '10.0.0.2' }] })
    const ids = (await membersOf(params)).map(({ id }) => id)
    const statuses = async () => (await membersOf(params)).map(({ status }) => status)
    await gateway.ask('batchDisableMembers', { params, body: { member_ids: ids } })
    assert.deepEqual(await statuses(), [2, 2])
    await gateway.ask('batchEnableMembers', { params, body: { member_ids: [ids[1]!] } })
    assert.deepEqual(await statuses(), [2, 1])
    const path = `vpc-channels/${params.vpc_channel_id}/members/batch-enable`
    for (const [member_ids, status, code] of [
      [[ids[0], 'nope'], 404, 'APIG.3024'],
      [[], 400, 'APIG.2011'],
    ] as const) {
      await assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', path, { body: { member_ids } }))
    }
  })

  test('are listed by name and group', async () => {
    const members = [
      { host: 'one.example', member_group_name: 'blue' },
      { host: 'two.example', member_group_name: 'green' },
    ]
    const params = await channel({ ...grouped, members })
    const hostsOf = async (query: Record<string, string>) => (await membersOf(params, query)).map(({ host }) => host)
    const [blue] = (await gateway.ask('listMemberGroups', { params })).member_groups
    const cases: [query: Record<string, string>, hosts: string[]][] = [
      [{}, ['one.example', 'two.example']],
      [{ name: 'TWO' }, ['two.example']],
      [{ name: 'two', precise_search: 'name' }, []],
      [{ member_group_name: 'e' }, ['one.example', 'two.example']],
      [{ member_group_name: 'green', precise_search: 'member_group_name' }, ['two.example']],
      [{ member_group_name: 'gree', precise_search: 'member_group_name' }, []],
      [{ member_group_id: blue!.member_group_id }, ['one.example']],
      [{ limit: '1', offset: '1' }, ['two.example']],
    ]
    for (const [query, hosts] of cases) assert.deepEqual(await hostsOf(query), hosts, JSON.stringify(query))
  })
})

describe('member groups of a channel', () => {
  test('are added, changed by their name, shown, listed, renamed, and deleted with their members', async () => {
    const params = await channel()
    const body = { member_groups: [{ member_group_name: 'blue' }, { member_group_name: 'green', dict_code: 'code' }] }
    const { member_groups: added } = await gateway.ask('createMemberGroup', { params, body })
    gateway.clock.at += 1000
    const again = { member_groups: [{ member_group_name: 'blue', member_group_weight: 20, member_group_remark: 'r' }] }
    const changed = (await gateway.ask('createMemberGroup', { params, body: again })).member_groups[0]!
    assert.equal(changed.member_group_id, added[0]!.member_group_id)
    assert.deepEqual([changed.create_time, changed.member_group_weight], [added[0]!.create_time, 20])
    assert.ok(changed.update_time > changed.create_time)

    const ofGroup = { ...params, member_group_id: changed.member_group_id }
    assert.deepEqual(await gateway.ask('showDetailsOfMemberGroup', { params: ofGroup }), changed)
    const namesOf = async (query: Record<string, string>) =>
      (await gateway.ask('listMemberGroups', { params, query })).member_groups.map(group => group.member_group_name)
    assert.deepEqual(await namesOf({}), ['blue', 'green'])
    assert.deepEqual(await namesOf({ member_group_name: 'BLU' }), ['blue'])
    assert.deepEqual(await namesOf({ member_group_name: 'blu', precise_search: 'member_group_name' }), [])
    assert.deepEqual(await namesOf({ dict_code: 'code' }), ['green'])

    const members = [{ host: '10.0.0.1', member_group_name: 'blue' }, { host: '10.0.0.2' }]
    await gateway.ask('addingBackendInstancesV2', { params, body: { members } })
    const renamed = await gateway.ask('updateMemberGroup', { params: ofGroup, body: { member_group_name: 'navy' } })
    assert.deepEqual([renamed.member_group_remark, renamed.member_group_weight], ['', undefined])
    assert.equal((await membersOf(params))[0]!.member_group_name, 'navy')

    const path = `vpc-channels/${params.vpc_channel_id}/member-groups/${changed.member_group_id}`
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, () =>
      gateway.inside('PUT', path, { body: { member_group_name: 'green' } }),
    )
    await gateway.ask('deleteMemberGroup', { params: ofGroup })
    assert.deepEqual(
      (await membersOf(params)).map(({ host }) => host),
      ['10.0.0.2'],
    )
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const sent = method === 'PUT' ? { body: { member_group_name: 'abc' } } : {}
      assertRefused(await gateway.inside(method, path, sent), { status: 404, code: 'APIG.3007', text: /member group/ })
    }
  })
})

describe('a server', () => {
  const ecs = { member_type: 'ecs', members: [{ ecs_id: 'vm-1', ecs_name: 'the server' }] }

  test('has to be known before a channel names it, moves with its address, and stays while it is named', async () => {
    const unknown = { status: 400, code: 'APIG.2011', text: /parameterName:members\[0\]\.ecs_id/ }
    const body = { name: 'of-servers', port: 80, balance_strategy: 1, ...ecs }
    await assertNothingStored(gateway, unknown, () => gateway.inside('POST', 'vpc-channels', { body }))

    const params = { server_id: 'vm-1' }
    const server = await gateway.ask('setServer', { params, body: { address: '10.0.0.7' } })
    assert.deepEqual(server, { server_id: 'vm-1', address: '10.0.0.7', create_time: server.create_time })
    const ofChannel = await channel(ecs)
    const shown = async () =>
      (await membersOf(ofChannel)).map(({ host, ecs_id, ecs_name }) => ({ host, ecs_id, ecs_name }))
    assert.deepEqual(await shown(), [{ host: '10.0.0.7', ecs_id: 'vm-1', ecs_name: 'the server' }])
    await gateway.ask('setServer', { params, body: { address: 'vm.example' } })
    assert.deepEqual(await shown(), [{ host: 'vm.example', ecs_id: 'vm-1', ecs_name: 'the server' }])
    assert.deepEqual((await gateway.ask('listServers', { query: { address: 'VM.' } })).servers, [
      { ...server, address: 'vm.example' },
    ])

    const path = '/pailou/v1/servers/vm-1'
    const inUse = { status: 409, code: 'APIG.2000', text: /is a member of the VPC channel channel-/ }
    await assertNothingStored(gateway, inUse, () => gateway.official('DELETE', path))
    await gateway.ask('deleteVpcChannelV2', { params: ofChannel })
    await gateway.ask('deleteServer', { params })
    assertRefused(await gateway.official('DELETE', path), { status: 404, code: 'APIG.3007', text: /id:vm-1/ })
  })

  const refusals: [what: string, id: string, body: object, code: string][] = [
    ['without an address', 'vm-2', {}, 'APIG.2001'],
    ['with a port in its address', 'vm-2', { address: '10.0.0.1:80' }, 'APIG.2011'],
    ['with an id that no member could have', 'a.b', { address: '10.0.0.1' }, 'APIG.2012'],
  ]
  for (const [what, id, body, code] of refusals) {
    test(`${what} is refused`, () =>
      assertNothingStored(gateway, { status: 400, code }, () =>
        gateway.official('PUT', `/pailou/v1/servers/${id}`, { body }),
      ))
  }
})
