import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let groupId: string
let staging: string
const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
before(async () => {
  gateway = await openForTests()
  groupId = (await gateway.ask('createApiGroupV2', { body: { name: 'published' } })).id
  staging = (await gateway.ask('createEnvironmentV2', { body: { name: 'staging' } })).id
})
after(() => gateway.close())

let made = 0
async function createApi(more: object = {}): Promise<string> {
  made += 1
  return (await gateway.ask('createApiV2', { body: mockApi(groupId, `api_${made}`, `/${made}`, more) })).id
}

/** A second later, so that times differ as they do in life. */
async function act(action: 'online' | 'offline', api_id: string, env_id = release, remark = '') {
  gateway.clock.at += 1000
  return gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action, api_id, env_id, remark } })
}

const show = (api_id: string) => gateway.ask('showDetailsOfApiV2', { params: { api_id } })
const history = (api_id: string, query: Record<string, string> = {}) =>
  gateway.ask('listApiVersionsV2', { params: { api_id }, query }).then(({ api_versions }) => api_versions)
const served = (api_id: string) => gateway.adopted.at(-1)!.routes.filter(route => route.apiId === api_id)

test('publishing answers once traffic serves it, and names the version', async () => {
  const api = await createApi()
  const published = await act('online', api, release, 'first')
  assert.equal(published.remark, 'first')
  assert.match(published.publish_time!, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  assert.deepEqual(
    served(api).map(({ publishId, versionId }) => [publishId, versionId]),
    [[published.publish_id, published.version_id]],
  )
  const read = await show(api)
  assert.deepEqual([read.run_env_id, read.run_env_name, read.publish_id], [release, 'RELEASE', published.publish_id])
})

test('the four fields of several environments are aligned, newest publication first', async () => {
  const api = await createApi()
  const first = await act('online', api)
  const second = await act('online', api, staging)
  const read = await show(api)
  assert.equal(read.run_env_id, `${staging}|${release}`)
  assert.equal(read.run_env_name, 'staging|RELEASE')
  assert.equal(read.publish_id, `${second.publish_id}|${first.publish_id}`)
  assert.equal(read.publish_time.split('|').length, 2)
  await act('offline', api, staging)
  assert.equal((await show(api)).publish_id, first.publish_id)
})

test('publishing again makes a version and keeps the publish id', async () => {
  const api = await createApi()
  const first = await act('online', api)
  const second = await act('online', api, release, 'again')
  assert.equal(second.publish_id, first.publish_id)
  assert.notEqual(second.version_id, first.version_id)
  const versions = await history(api)
  assert.deepEqual(
    versions.map(({ version_id, status, remark }) => [version_id, status, remark]),
    [
      [second.version_id, 1, 'again'],
      [first.version_id, 2, ''],
    ],
  )
})

test('what is published is frozen: a changed draft waits for the next publish', async () => {
  const api = await createApi()
  const first = await act('online', api)
  await gateway.ask('updateApiV2', { params: { api_id: api }, body: mockApi(groupId, 'changed', '/changed') })
  const runtime = await gateway.ask('listApiRuntimeDefinitionV2', { params: { api_id: api } })
  assert.equal(runtime.name.startsWith('api_'), true)
  assert.equal('mock_info' in runtime, false)
  const detail = await gateway.ask('listApiVersionDetailV2', { params: { version_id: first.version_id! } })
  assert.equal(detail.mock_info!.result_content, 'hello')
  await act('online', api)
  assert.equal(
    (await gateway.ask('listApiRuntimeDefinitionV2', { params: { api_id: api }, query: { env_id: release } })).name,
    'changed',
  )
})

test('an earlier version can be made to serve again, and nothing new appears in the history', async () => {
  const api = await createApi({ mock_info: { result_content: 'one' } })
  const first = await act('online', api)
  await gateway.ask('updateApiV2', { params: { api_id: api }, body: mockApi(groupId, `switched`, '/switched') })
  await act('online', api)
  gateway.clock.at += 1000
  const back = await gateway.ask('changeApiVersionV2', {
    params: { api_id: api },
    body: { version_id: first.version_id! },
  })
  assert.deepEqual([back.version_id, back.publish_id], [first.version_id, first.publish_id])
  assert.deepEqual(
    (await history(api)).map(({ status }) => status),
    [2, 1],
  )
  assert.deepEqual(served(api)[0]!.backend, { kind: 'mock', settings: { status: 200, body: 'one' } })
})

test('the history outlives taking an API offline, and is filtered by environment', async () => {
  const api = await createApi()
  await act('online', api)
  await act('online', api, staging)
  await act('offline', api)
  assert.deepEqual(
    (await history(api, { env_id: release })).map(({ status }) => status),
    [2],
  )
  assert.deepEqual(
    (await history(api, { env_name: 'staging' })).map(({ status }) => status),
    [1],
  )
  assert.equal(served(api).length, 1)
})

test('deleting the version that serves takes the API offline', async () => {
  const api = await createApi()
  const { version_id } = await act('online', api)
  await gateway.ask('deleteApiByVersionIdV2', { params: { version_id: version_id! } })
  assert.equal((await show(api)).publish_id, '')
  assert.equal(served(api).length, 0)
  const text = `The API version does not exist,id:${version_id}`
  assertRefused(await gateway.inside('GET', `apis/versions/${version_id}`), { status: 404, code: 'APIG.3022', text })
})

describe('a batch', () => {
  const post = (action: string, body: object) => gateway.inside('POST', 'apis/publish', { query: { action }, body })

  test('does what it can and reports what it cannot', async () => {
    const [one, two] = [await createApi(), await createApi()]
    const done = await gateway.ask('batchPublishOrOfflineApiV2', {
      query: { action: 'online' },
      body: { apis: [one, 'nope', two, one], env_id: release },
    })
    assert.deepEqual(
      done.success.map(({ api_id }) => api_id),
      [one, two],
    )
    assert.deepEqual(done.failure, [
      { api_id: 'nope', api_name: '', error_code: 'APIG.3002', error_msg: 'API nope does not exist' },
    ])
    const off = await gateway.ask('batchPublishOrOfflineApiV2', {
      query: { action: 'offline' },
      body: { apis: [one, one], env_id: release },
    })
    assert.equal(off.success.length, 1)
    assert.equal(served(one).length, 0)
  })

  test('can be all of a group', async () => {
    const group = await gateway.ask('createApiGroupV2', { body: { name: 'whole' } })
    await gateway.ask('createApiV2', { body: mockApi(group.id, 'one', '/one') })
    await gateway.ask('createApiV2', { body: mockApi(group.id, 'two', '/two') })
    const { success } = await gateway.ask('batchPublishOrOfflineApiV2', {
      query: { action: 'online' },
      body: { group_id: group.id, env_id: staging },
    })
    assert.deepEqual(success.map(({ api_name }) => api_name).toSorted(), ['one', 'two'])
  })

  const refusals: [what: string, action: string, body: object, status: number, code: string][] = [
    ['no APIs', 'online', { env_id: release }, 400, 'APIG.2001'],
    ['an unknown action', 'sideways', { apis: ['x'], env_id: release }, 400, 'APIG.2012'],
    ['an unknown environment', 'online', { apis: ['x'], env_id: 'nope' }, 404, 'APIG.3003'],
    ['an unknown group', 'online', { group_id: 'nope', env_id: release }, 404, 'APIG.3001'],
    [
      'too many APIs',
      'online',
      { apis: Array.from({ length: 1001 }, (_, at) => `${at}`), env_id: release },
      400,
      'APIG.2011',
    ],
  ]
  for (const [what, action, body, status, code] of refusals) {
    test(`with ${what} is refused`, () => assertNothingStored(gateway, { status, code }, () => post(action, body)))
  }
})

const refusals: [what: string, body: (api: string) => object, status: number, code: string][] = [
  ['an unknown API', () => ({ action: 'online', api_id: 'nope', env_id: release }), 404, 'APIG.3002'],
  ['an unknown environment', api_id => ({ action: 'online', api_id, env_id: 'nope' }), 404, 'APIG.3003'],
  ['an unknown action', api_id => ({ action: 'up', api_id, env_id: release }), 400, 'APIG.2004'],
  ['taking offline what is not online', api_id => ({ action: 'offline', api_id, env_id: release }), 404, 'APIG.3015'],
  ['no API', () => ({ action: 'online', env_id: release }), 400, 'APIG.2001'],
]
for (const [what, body, status, code] of refusals) {
  test(`${what} publishes nothing`, async () => {
    const api = await createApi()
    await assertNothingStored(gateway, { status, code }, () =>
      gateway.inside('POST', 'apis/action', { body: body(api) }),
    )
  })
}

test("another API's version cannot be switched to, nor one of a group that the API has left", async () => {
  const [one, two] = [await createApi(), await createApi()]
  const version_id = (await act('online', two)).version_id!
  const put = (api: string) => () => gateway.inside('PUT', `apis/publish/${api}`, { body: { version_id } })
  await assertNothingStored(gateway, { status: 404, code: 'APIG.3022' }, put(one))
  await act('offline', two)
  const other = await gateway.ask('createApiGroupV2', { body: { name: 'another' } })
  await gateway.ask('updateApiV2', { params: { api_id: two }, body: mockApi(other.id, 'moved', '/moved') })
  await assertNothingStored(gateway, { status: 412, code: 'APIG.3458' }, put(two))
})
