import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const show = (id: string) => gateway.ask('showDetailsOfInstanceV2', { params: { instance_id: id } })
const instances = () => `/v2/${gateway.projectId}/apigw/instances`

test('a logical instance is created with what a cloud asks for, and runs at once', async () => {
  gateway.clock.at += 1000
  const body = {
    instance_name: 'second-实例',
    description: 'd',
    spec_id: 'PROFESSIONAL',
    vpc_id: 'v',
    subnet_id: 's',
    security_group_id: 'g',
    enterprise_project_id: 'e',
    available_zone_ids: ['az1', 'az2'],
    maintain_begin: '02:00:00' as const,
    loadbalancer_provider: 'elb',
    bandwidth_size: 5,
    tags: [{ key: 'k', value: 'v' }],
  }
  const { instance_id: id } = await gateway.ask('createInstanceV2', { body })
  const shown = await show(id)
  assert.deepEqual(
    [shown.instance_name, shown.description, shown.status, shown.spec, shown.vpc_id, shown.available_zone_ids],
    ['second-实例', 'd', 'Running', 'PROFESSIONAL', 'v', '[az1, az2]'],
  )
  assert.deepEqual([shown.maintain_begin, shown.maintain_end, shown.bandwidth_size], ['02:00:00', '06:00:00', 5])
  const params = { instance_id: id }
  assert.equal((await gateway.ask('showDetailsOfInstanceProgressV2', { params })).progress, 100)
  const { groups } = await gateway.ask('listApiGroupsV2', { params })
  assert.deepEqual(
    groups.map(({ name, is_default }) => [name, is_default]),
    [['DEFAULT', 1]],
  )
  const { envs } = await gateway.ask('listEnvironmentsV2', { params })
  assert.deepEqual(
    envs.map(({ name }) => name),
    ['RELEASE'],
  )
  assert.notEqual(envs[0]!.id, 'DEFAULT_ENVIRONMENT_RELEASE_ID')
})

test('instances know nothing of each other, and are deleted once nothing is published in them', async () => {
  const before = gateway.desk.catalog().all('api').length
  const { instance_id: id } = await gateway.ask('createInstanceV2', { body: { instance_name: 'alone' } })
  const params = { instance_id: id }
  const group = await gateway.ask('createApiGroupV2', { params, body: { name: 'g-1' } })
  await gateway.ask('createApiGroupV2', { body: { name: 'g-1' } })
  const api = await gateway.ask('createApiV2', { params, body: mockApi(group.id, 'api', '/api') })
  assertRefused(await gateway.inside('GET', `apis/${api.id}`), { status: 404, code: 'APIG.3002' })
  const env_id = (await gateway.ask('listEnvironmentsV2', { params })).envs[0]!.id
  const publication = { api_id: api.id, env_id }
  await gateway.ask('createOrDeletePublishRecordForApiV2', { params, body: { action: 'online', ...publication } })
  assert.equal(gateway.adopted.at(-1)!.routes.length, 1)

  const refusal = { status: 409, code: 'APIC.7701', text: /published/ }
  await assertNothingStored(gateway, refusal, () => gateway.official('DELETE', `${instances()}/${id}`))
  await gateway.ask('createOrDeletePublishRecordForApiV2', { params, body: { action: 'offline', ...publication } })
  await gateway.ask('deleteInstancesV2', { params })
  assertRefused(await gateway.official('GET', `${instances()}/${id}`), { status: 404, code: 'APIG.3030' })
  const catalog = gateway.desk.catalog()
  assert.equal(catalog.all('api').length, before)
  assert.ok(catalog.all('api-version').every(({ instanceId }) => instanceId !== id))
  assert.ok(
    catalog.all('api-group').some(({ instanceId, name }) => instanceId === gateway.instanceId && name === 'g-1'),
  )
})

test('an update changes what it gives and leaves the rest', async () => {
  const { instance_id: id } = await gateway.ask('createInstanceV2', {
    body: { instance_name: 'changing', vpc_id: 'v', description: 'first' },
  })
  const params = { instance_id: id }
  const changed = await gateway.ask('updateInstanceV2', {
    params,
    body: { instance_name: 'changed', security_group_id: 'g', maintain_begin: '18:00:00', maintain_end: '22:00:00' },
  })
  assert.deepEqual(
    [changed.instance_name, changed.description, changed.vpc_id, changed.security_group_id],
    ['changed', 'first', 'v', 'g'],
  )
  assert.deepEqual([(await show(id)).maintain_begin, (await show(id)).maintain_end], ['18:00:00', '22:00:00'])
  await gateway.ask('updateInstanceV2', { params: { instance_id: gateway.instanceId }, body: { description: 'mine' } })
  assert.equal((await show(gateway.instanceId)).description, 'mine')
})

const refusals: [what: string, body: object, status: number, code: string][] = [
  ['a name that is taken', { instance_name: 'pailou' }, 400, 'APIC.7500'],
  ['no name', { spec_id: 'BASIC' }, 400, 'APIG.2001'],
  ['a name that begins with a digit', { instance_name: '1st' }, 400, 'APIG.2011'],
  ['a time that is none of six', { instance_name: 'fine', maintain_begin: '03:00:00' }, 400, 'APIG.2004'],
  [
    'an end that is not four hours later',
    { instance_name: 'fine', maintain_begin: '02:00:00', maintain_end: '10:00:00' },
    400,
    'APIC.7230',
  ],
  ['a public address', { instance_name: 'fine', eip_id: 'x' }, 412, 'APIG.3458'],
  ['a tag with a mark', { instance_name: 'fine', tags: [{ key: 'a=b', value: 'x' }] }, 400, 'APIG.2011'],
]
for (const [what, body, status, code] of refusals) {
  test(`${what} makes no instance`, () =>
    assertNothingStored(gateway, { status, code }, () => gateway.official('POST', instances(), { body })))
}

test('there is a zone, and no restriction', async () => {
  const { available_zones: zones } = await gateway.ask('listAvailableZonesV2')
  assert.deepEqual([zones.length, zones[0]?.local_name.zh_cn], [1, '本网关'])
  assert.deepEqual(await gateway.ask('showRestrictionOfInstanceV2'), { restrict_cidrs: [], resource_subnet_cidr: '' })
})
