import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

test('instances are listed by every filter, with times that are numbers', async () => {
  const { instances } = await gateway.ask('listInstancesV2', { query: { instance_id: gateway.instanceId } })
  assert.deepEqual(
    instances.map(({ id, status }) => [id, status]),
    [[gateway.instanceId, 'Running']],
  )
  assert.equal(typeof instances[0]!.create_time, 'number')
  assert.equal((await gateway.ask('listInstancesV2', { query: { instance_name: 'PAIL' } })).total, 1)
  assert.equal((await gateway.ask('listInstancesV2', { query: { status: 'Freezing' } })).total, 0)
  assert.equal((await gateway.ask('listInstancesV2', { query: { instance_id: 'nope' } })).total, 0)
})

test('an instance is shown with what a cloud has besides', async () => {
  const instance = await gateway.ask('showDetailsOfInstanceV2')
  assert.equal(instance.id, gateway.instanceId)
  assert.equal(instance.available_zone_ids, '[az1]')
})

test('an unknown instance is not found on every path, before anything else is looked at', async () => {
  for (const id of ['nope', '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f']) {
    const base = `/v2/${gateway.projectId}/apigw/instances/${id}`
    const refusal = { status: 404, code: 'APIG.3030', text: `The instance does not exist;id:${id}` }
    assertRefused(await gateway.official('GET', base), refusal)
    assertRefused(await gateway.official('GET', `${base}/apis`), refusal)
    assertRefused(await gateway.official('POST', `${base}/apps`, { body: { name: 1 } }), refusal)
  }
})

test('the outline counts what is there', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'outline' } })
  const [one, two] = [
    await gateway.ask('createApiV2', { body: mockApi(group.id, 'one', '/one') }),
    await gateway.ask('createApiV2', { body: mockApi(group.id, 'two', '/two') }),
  ]
  const env_id = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', api_id: one.id, env_id } })
  const app = await gateway.ask('createAnAppV2', { body: { name: 'app' } })
  await gateway.ask('createAnAppV2', { body: { name: 'idle' } })
  await gateway.ask('createAuthorizingAppsV2', { body: { env_id, api_ids: [one.id, two.id], app_ids: [app.id] } })
  assert.deepEqual(await gateway.ask('listApiQuantitiesV2'), {
    instance_num: 2,
    nums_on_release: 1,
    nums_off_release: 1,
  })
  assert.deepEqual(await gateway.ask('listAppQuantitiesV2'), { authed_nums: 1, unauthed_nums: 1 })
  assert.deepEqual(await gateway.ask('listApiGroupsQuantitiesV2'), { onsell_nums: 0, offsell_nums: 2 })
})
