import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const all = async () => (await gateway.ask('listProjectCofigsV2', { query: { limit: '100' } })).configs
const used = async (name: string) => (await all()).find(({ config_name }) => config_name === name)!.used

test('all 43 quotas are listed, in pages of twenty unless asked otherwise', async () => {
  const configs = await all()
  assert.equal(configs.length, 43)
  assert.equal(new Set(configs.map(({ config_name }) => config_name)).size, 43)
  assert.deepEqual(
    configs.map(({ config_id }) => config_id),
    configs.map((_, at) => String(at + 1)),
  )
  const page = await gateway.ask('listProjectCofigsV2')
  assert.deepEqual([page.total, page.size], [43, 20])
})

test('what is used is counted', async () => {
  assert.equal(await used('APIGROUP_NUM_LIMIT'), 1)
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'group' } })
  await gateway.ask('createApiV2', { body: mockApi(group.id, 'one', '/one', { tags: ['a', 'b'] }) })
  await gateway.ask('createApiV2', { body: mockApi(group.id, 'two', '/two') })
  const env_id = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
  const variable = { env_id, group_id: group.id, variable_value: 'v' }
  await gateway.ask('createEnvironmentVariableV2', { body: { ...variable, variable_name: 'one' } })
  await gateway.ask('createEnvironmentVariableV2', { body: { ...variable, variable_name: 'two' } })
  await gateway.ask('createInstanceV2', { body: { instance_name: 'other' } })
  const counts: [name: string, count: number][] = [
    ['APIGROUP_NUM_LIMIT', 2],
    ['API_NUM_LIMIT', 2],
    ['API_NUM_LIMIT_PER_GROUP', 2],
    ['API_TAG_NUM_LIMIT', 2],
    ['VARIABLE_NUM_LIMIT', 2],
    ['ENVIRONMENT_NUM_LIMIT', 1],
    ['APP_NUM_LIMIT', 0],
  ]
  for (const [name, count] of counts) assert.equal(await used(name), count, name)
})

test('the number of instances is a quota of the project, with a time that is a number', async () => {
  const { configs } = await gateway.ask('listInstanceConfigsV2')
  assert.deepEqual([configs[0]!.config_name, configs[0]!.used], ['INSTANCE_NUM_LIMIT', 2])
  assert.equal(typeof configs[0]!.config_time, 'number')
})
