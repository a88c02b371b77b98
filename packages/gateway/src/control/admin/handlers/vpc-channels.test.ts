import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const least = { name: 'least', port: 80, balance_strategy: 1 } as const
const check = {
  protocol: 'HTTP',
  threshold_normal: 2,
  threshold_abnormal: 5,
  time_interval: 10,
  timeout: 5,
  path: '/healthy',
  method: 'HEAD',
  port: 8080,
  http_code: '200,201,210-299',
  enable_client_ssl: false,
  status: 1,
} as const
const whole = {
  ...least,
  name: 'whole-channel.1',
  member_type: 'ip',
  type: 2,
  dict_code: 'code-1',
  member_groups: [{ member_group_name: 'blue', member_group_remark: 'r', member_group_weight: 20 }],
  members: [
    { host: '10.0.0.1', member_group_name: 'blue', weight: 7, port: 8000, is_backup: true, status: 2 },
    { host: 'backend.example' },
  ],
  vpc_health_config: check,
} as const

const show = (vpc_channel_id: string) => gateway.ask('showDetailsOfVpcChannelV2', { params: { vpc_channel_id } })
/** Bodies of the tests are read-only; what a client sends is not. */
const body = <T>(value: T) => structuredClone(value) as never

test('the smallest channel that Terraform sends has ecs members and is of servers', async () => {
  const created = await gateway.inside('POST', 'vpc-channels', {
    body: { ...least, members: null, member_groups: null },
  })
  assert.equal(created.status, 201, created.text)
  const { id, create_time } = created.json
  const outline = { id, ...least, member_type: 'ecs', type: 2, vpc_channel_type: 'builtin', status: 1, create_time }
  assert.deepEqual(created.json, outline)
  assert.deepEqual(await show(id), { ...outline, member_groups: [], members: [] })
})

test('a channel is created with all its parts, shown with them, replaced by what a PUT says, and deleted', async () => {
  const created = await gateway.ask('createVpcChannelV2', { body: body(whole) })
  assert.equal('members' in created, false)
  const shown = await show(created.id)
  const [blue] = shown.member_groups
  assert.deepEqual(blue, {
    member_group_id: blue!.member_group_id,
    member_group_name: 'blue',
    member_group_remark: 'r',
    member_group_weight: 20,
    create_time: created.create_time,
    update_time: created.create_time,
  })
  const common = { vpc_channel_id: created.id, health_status: 'unknown', create_time: created.create_time }
  assert.deepEqual(shown.members, [
    {
      id: shown.members[0]!.id,
      host: '10.0.0.1',
      ecs_id: '10.0.0.1',
      ecs_name: '10.0.0.1',
      weight: 7,
      is_backup: true,
      member_group_name: 'blue',
      member_group_id: blue!.member_group_id,
      status: 2,
      port: 8000,
      ...common,
    },
    {
      id: shown.members[1]!.id,
      host: 'backend.example',
      ecs_id: 'backend.example',
      ecs_name: 'backend.example',
      weight: 1,
      is_backup: false,
      member_group_name: '',
      member_group_id: '',
      status: 1,
      port: 80,
      ...common,
    },
  ])
  const { id, vpc_channel_id, create_time, ...answered } = shown.vpc_health_config!
  assert.deepEqual(answered, check)
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.deepEqual([vpc_channel_id, create_time], [created.id, created.create_time])

  gateway.clock.at += 5000
  const params = { vpc_channel_id: created.id }
  const members = [
    { host: '10.0.0.1', port: 8000, member_group_name: 'blue' },
    { host: '10.0.0.3', weight: 0 },
  ]
  await gateway.ask('updateVpcChannelV2', { params, body: body({ ...whole, members, port: 81 }) })
  const replaced = await show(created.id)
  assert.deepEqual(
    replaced.members.map(({ id, host, weight, port, member_group_id }) => ({
      id,
      host,
      weight,
      port,
      member_group_id,
    })),
    [
      { id: shown.members[0]!.id, host: '10.0.0.1', weight: 20, port: 8000, member_group_id: blue!.member_group_id },
      { id: replaced.members[1]!.id, host: '10.0.0.3', weight: 0, port: 81, member_group_id: '' },
    ],
  )
  assert.equal(replaced.members[0]!.create_time, created.create_time)
  assert.equal(replaced.member_groups[0]!.member_group_id, blue!.member_group_id)
  assert.equal(replaced.vpc_health_config!.id, id)

  await gateway.ask('updateVpcChannelV2', { params, body: { ...least, name: 'bare' } })
  const bare = await show(created.id)
  assert.deepEqual([bare.members, bare.member_groups, 'vpc_health_config' in bare], [[], [], false])

  await gateway.ask('deleteVpcChannelV2', { params })
  const gone = { status: 404, code: 'APIG.3023', text: `The VPC channel does not exist,id:${created.id}` }
  for (const path of ['', '/members', '/member-groups']) {
    assertRefused(await gateway.inside('GET', `vpc-channels/${created.id}${path}`), gone)
  }
})

test('the blanks that Terraform sends for members and checks count for nothing, but for a weight of 0, which it expects back', async () => {
  const member = { host: '10.0.0.9', ecs_id: '', ecs_name: '', weight: 0, is_backup: false, status: 0, port: 0 }
  const group = { member_group_name: 'green', microservice_version: '', microservice_port: 0, microservice_labels: [] }
  const { json } = await gateway.inside('POST', 'vpc-channels', {
    body: {
      ...whole,
      name: 'blanks',
      members: [{ ...member, member_group_name: '' }],
      member_groups: [{ ...group, member_group_remark: '', member_group_weight: 0 }],
      vpc_health_config: {
        ...check,
        protocol: 'TCP',
        time_interval: 1,
        timeout: 1,
        path: '',
        method: '',
        port: 0,
        http_code: '',
        status: 0,
      },
      microservice_info: null,
    },
  })
  const shown = await show(json.id)
  assert.deepEqual(
    shown.members.map(({ weight, port, status }) => [weight, port, status]),
    [[0, 80, 1]],
  )
  assert.deepEqual(Object.keys(shown.member_groups[0]!).toSorted(), [
    'create_time',
    'member_group_id',
    'member_group_name',
    'member_group_remark',
    'update_time',
  ])
  const { path, method, port, http_code, status } = shown.vpc_health_config!
  assert.deepEqual([path, method, port, http_code, status], [undefined, undefined, undefined, undefined, 1])
})

test('health checks are replaced by themselves', async () => {
  const { id } = await gateway.ask('createVpcChannelV2', { body: { ...least, name: 'checked' } })
  const params = { vpc_channel_id: id }
  const answer = await gateway.ask('updateHealthCheck', { params, body: check })
  assert.deepEqual((await show(id)).vpc_health_config, answer)
  const tcp = { protocol: 'TCP', threshold_normal: 1, threshold_abnormal: 1, time_interval: 1 } as const
  const replaced = await gateway.ask('updateHealthCheck', { params, body: tcp })
  assert.deepEqual(replaced, { ...tcp, status: 1, id: answer.id, vpc_channel_id: id, create_time: answer.create_time })
})

test('the list is filtered by the channel, its members and its groups', async () => {
  const make = async (name: string, host: string, port: number, group: string) => {
    const parts = { members: [{ host, port }], member_groups: [{ member_group_name: group }] }
    return (await gateway.ask('createVpcChannelV2', { body: { ...least, name, member_type: 'ip', ...parts } })).id
  }
  const one = await make('listed-one', '10.1.1.1', 1111, 'group-one')
  const two = await make('listed-two', '10.2.2.2', 2222, 'group-two')
  const idsOf = async (query: Record<string, string>) =>
    (await gateway.ask('listVpcChannelsV2', { query })).vpc_channels.map(({ id }) => id)
  const cases: [query: Record<string, string>, ids: string[]][] = [
    [{ name: 'LISTED' }, [two, one]],
    [{ name: 'listed', precise_search: 'name' }, []],
    [{ name: 'listed-one', precise_search: 'name' }, [one]],
    [{ id: two }, [two]],
    [{ member_host: '10.1.1' }, [one]],
    [{ member_port: '2222' }, [two]],
    [{ member_host: '10.1.1.1', member_port: '2222' }, []],
    [{ member_group_name: 'group-' }, [two, one]],
    [{ member_group_name: 'group-', precise_search: 'member_group_name' }, []],
    [{ dict_code: 'nobody' }, []],
    [{ name: 'listed', vpc_channel_type: 'reference' }, []],
  ]
  for (const [query, ids] of cases) assert.deepEqual(await idsOf(query), ids, JSON.stringify(query))
  const [group] = (await show(two)).member_groups
  assert.deepEqual(await idsOf({ member_group_id: group!.member_group_id }), [two])
})

describe('a reference channel', () => {
  let servers: string
  before(async () => {
    servers = (await gateway.ask('createVpcChannelV2', { body: { ...least, name: 'referenced' } })).id
  })
  const referring = (name: string, id?: string) => ({
    ...least,
    name,
    vpc_channel_type: 'reference',
    member_groups: [{ member_group_name: 'stands-for', ...(id !== undefined && { reference_vpc_channel_id: id }) }],
  })

  test('has groups that stand for channels of servers, which stay while they do', async () => {
    const { id } = await gateway.ask('createVpcChannelV2', { body: body(referring('referring', servers)) })
    assert.equal((await show(id)).member_groups[0]!.reference_vpc_channel_id, servers)
    const refusal = { status: 409, code: 'APIG.3719' }
    await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `vpc-channels/${servers}`))
    const other = await gateway.ask('createVpcChannelV2', { body: { ...least, name: 'another' } })
    await assertNothingStored(gateway, refusal, () =>
      gateway.inside('PUT', `vpc-channels/${servers}`, { body: referring('referenced', other.id) }),
    )
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, () =>
      gateway.inside('POST', 'vpc-channels', { body: referring('chained', id) }),
    )
    await gateway.ask('deleteVpcChannelV2', { params: { vpc_channel_id: id } })
    await gateway.ask('deleteVpcChannelV2', { params: { vpc_channel_id: servers } })
  })

  test('needs one that exists, and takes no members', async () => {
    const post = (body: object) => () => gateway.inside('POST', 'vpc-channels', { body })
    const field = /parameterName:member_groups\[0\]\.reference_vpc_channel_id/
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2001', text: field }, post(referring('alone')))
    await assertNothingStored(gateway, { status: 404, code: 'APIG.3023' }, post(referring('alone', 'nope')))
    const members = [{ host: '10.0.0.1' }]
    const { id } = await gateway.ask('createVpcChannelV2', { body: { ...least, name: 'target' } })
    await assertNothingStored(
      gateway,
      { status: 403, code: 'APIG.3471' },
      post({ ...referring('alone', id), member_type: 'ip', members }),
    )
  })
})

test('a channel and its groups stay while an API names them', async () => {
  const groups = [{ member_group_name: 'named' }, { member_group_name: 'spare' }]
  const { id } = await gateway.ask('createVpcChannelV2', { body: { ...least, name: 'named', member_groups: groups } })
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'of_channels' } })
  const made = await gateway.ask('createApiV2', { body: mockApi(group.id, 'by_channel', '/by_channel') })
  const [named] = (await show(id)).member_groups
  const draft = gateway.desk.catalog().get('api', made.id)!
  const naming = async (reference: object) => {
    const document = { ...draft, definition: Object.assign({}, draft.definition, { backend_api: reference }) }
    await gateway.desk.write(() => ({ edits: [{ put: 'api', document }], result: undefined }))
  }
  const refusal = { status: 403, code: 'APIG.3414' }
  await naming({ vpc_channel_info: { vpc_channel_id: id } })
  await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `vpc-channels/${id}`))

  await naming({ member_group_url_infos: [{ member_group_id: named!.member_group_id }] })
  for (const [method, path, sent] of [
    ['DELETE', `vpc-channels/${id}`, undefined],
    ['DELETE', `vpc-channels/${id}/member-groups/${named!.member_group_id}`, undefined],
    ['PUT', `vpc-channels/${id}`, { ...least, name: 'named' }],
  ] as const) {
    await assertNothingStored(gateway, refusal, () => gateway.inside(method, path, sent && { body: sent }))
  }
  const kept = { ...least, name: 'named', member_groups: [{ member_group_name: 'named' }] }
  await gateway.ask('updateVpcChannelV2', { params: { vpc_channel_id: id }, body: kept })
})

describe('a channel is refused', () => {
  before(() => gateway.ask('createVpcChannelV2', { body: { ...least, name: 'taken' } }))
  const member = { host: '10.0.0.1' }
  const cases: [what: string, change: object, code: string, field?: string, status?: number][] = [
    ['with a name that is taken', { name: 'taken' }, 'APIG.3208'],
    ['with a name that begins with a digit', { name: '1st' }, 'APIG.2011', 'name'],
    ['without a port', { port: undefined }, 'APIG.2001', 'port'],
    ['with port 0', { port: 0 }, 'APIG.2002', 'port'],
    ['with a port that is none', { port: 65536 }, 'APIG.2003', 'port'],
    ['with an unknown strategy', { balance_strategy: 5 }, 'APIG.2004', 'balance_strategy'],
    ['with members of an unknown type', { member_type: 'vm' }, 'APIG.2004', 'member_type'],
    ['found by a registry', { vpc_channel_type: 'microservice' }, 'APIG.3458', 'vpc_channel_type', 412],
    ['found by a registry, in the older way', { type: 3 }, 'APIG.3458', 'type', 412],
    [
      'with the account of a registry',
      { microservice_info: { service_type: 'CCE' } },
      'APIG.3458',
      'microservice_info',
      412,
    ],
    ['with a member without a host', { members: [{ weight: 1 }] }, 'APIG.2001', 'members[0].host'],
    ['with a host and a port in one', { members: [member, { host: '10.0.0.2:80' }] }, 'APIG.2011', 'members[1].host'],
    ['with a host of variables', { members: [{ host: '#host#' }] }, 'APIG.2011', 'members[0].host'],
    ['with too much weight', { members: [{ ...member, weight: 10001 }] }, 'APIG.2003', 'members[0].weight'],
    [
      'with a member of no group',
      { members: [{ ...member, member_group_name: 'none' }] },
      'APIG.2011',
      'members[0].member_group_name',
    ],
    [
      'with a group twice',
      { member_groups: [{ member_group_name: 'two' }, { member_group_name: 'two' }] },
      'APIG.2011',
      'member_groups[1].member_group_name',
    ],
    [
      'with too much weight of a group',
      { member_groups: [{ member_group_name: 'two', member_group_weight: 101 }] },
      'APIG.2003',
      'member_groups[0].member_group_weight',
    ],
    [
      'with a reference it may not have',
      { member_groups: [{ member_group_name: 'two', reference_vpc_channel_id: 'x' }] },
      'APIG.2011',
      'member_groups[0].reference_vpc_channel_id',
    ],
    [
      'with a timeout beyond the interval',
      { vpc_health_config: { ...check, timeout: 11 } },
      'APIG.2003',
      'vpc_health_config.timeout',
    ],
    [
      'with a check without a path',
      { vpc_health_config: { ...check, path: undefined } },
      'APIG.2001',
      'vpc_health_config.path',
    ],
    [
      'with a check of an unknown protocol',
      { vpc_health_config: { ...check, protocol: 'UDP' } },
      'APIG.2004',
      'vpc_health_config.protocol',
    ],
    [
      'with codes that are none',
      { vpc_health_config: { ...check, http_code: '200-199' } },
      'APIG.2011',
      'vpc_health_config.http_code',
    ],
    [
      'with a threshold of none',
      { vpc_health_config: { ...check, threshold_normal: 0 } },
      'APIG.2002',
      'vpc_health_config.threshold_normal',
    ],
  ]
  for (const [what, change, code, field, status = 400] of cases) {
    test(what, async () => {
      const text =
        field === undefined ? {} : { text: new RegExp(`parameterName:${field.replaceAll(/[.[\]]/g, '\\$&')}(\\.|$)`) }
      const body = { ...least, name: 'refused', member_type: 'ip', ...change }
      await assertNothingStored(gateway, { status, code, ...text }, () =>
        gateway.inside('POST', 'vpc-channels', { body }),
      )
    })
  }
})
