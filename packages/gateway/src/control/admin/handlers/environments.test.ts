import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

test('an environment is created, listed, replaced and deleted', async () => {
  gateway.clock.at += 1000
  const created = await gateway.ask('createEnvironmentV2', { body: { name: 'staging', remark: 'r' } })
  const { envs } = await gateway.ask('listEnvironmentsV2')
  assert.deepEqual(
    envs.map(({ name }) => name),
    ['staging', 'RELEASE'],
  )
  assert.deepEqual(envs[0], created)
  const params = { env_id: created.id }
  assert.deepEqual(await gateway.ask('updateEnvironmentV2', { params, body: { name: 'stage' } }), {
    ...created,
    name: 'stage',
    remark: '',
  })
  assert.equal((await gateway.ask('listEnvironmentsV2', { query: { name: 'STAG' } })).total, 1)
  await gateway.ask('deleteEnvironmentV2', { params })
  assert.equal((await gateway.ask('listEnvironmentsV2')).total, 1)
})

test('the built-in environment keeps its name and stays', async () => {
  const refusal = { status: 403, code: 'APIG.1103' }
  await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `envs/${release}`))
  await assertNothingStored(gateway, refusal, () =>
    gateway.inside('PUT', `envs/${release}`, { body: { name: 'other' } }),
  )
})

test('an environment stays while an API is published in it, and takes its history along', async () => {
  const environment = await gateway.ask('createEnvironmentV2', { body: { name: 'busy' } })
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'group' } })
  const api = await gateway.ask('createApiV2', { body: mockApi(group.id, 'api', '/api') })
  const body = { api_id: api.id, env_id: environment.id }
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', ...body } })
  await assertNothingStored(gateway, { status: 403, code: 'APIG.3418' }, () =>
    gateway.inside('DELETE', `envs/${environment.id}`),
  )
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'offline', ...body } })
  await gateway.ask('deleteEnvironmentV2', { params: { env_id: environment.id } })
  assert.equal((await gateway.ask('listApiVersionsV2', { params: { api_id: api.id } })).total, 0)
})

const refusals: [what: string, body: unknown, status: number, code: string][] = [
  ['a name that is taken', { name: 'RELEASE' }, 400, 'APIG.3205'],
  ['a Chinese name', { name: '环境环境' }, 400, 'APIG.2011'],
  ['no name', { remark: 'r' }, 400, 'APIG.2001'],
  ['a remark that is too long', { name: 'fine', remark: 'x'.repeat(256) }, 400, 'APIG.2011'],
  ['a list', [], 400, 'APIG.2000'],
]
for (const [what, body, status, code] of refusals) {
  test(`${what} makes no environment`, () =>
    assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', 'envs', { body })))
}

test('an unknown environment is not found', async () => {
  const text = 'Environment nope does not exist'
  assertRefused(await gateway.inside('DELETE', 'envs/nope'), { status: 404, code: 'APIG.3003', text })
  assertRefused(await gateway.inside('PUT', 'envs/nope', { body: { name: 'fine' } }), {
    status: 404,
    code: 'APIG.3003',
    text,
  })
})
