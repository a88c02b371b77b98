import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let group_id: string
before(async () => {
  gateway = await openForTests()
  group_id = (await gateway.ask('createApiGroupV2', { body: { name: 'attached' } })).id
})
after(() => gateway.close())

const env_id = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
let made = 0

async function plugin(plugin_type: 'cors' | 'set_resp_headers' = 'cors'): Promise<string> {
  const content = {
    cors: { allow_origin: '*' },
    set_resp_headers: { response_headers: [{ name: 'X-A', value: 'b', action: 'add' }] },
  }
  const plugin_content = JSON.stringify(content[plugin_type])
  const body = { plugin_name: `plugin-${(made += 1)}`, plugin_type, plugin_content }
  return (await gateway.ask('createPlugin', { body })).plugin_id
}

async function publish(api_id: string, action: 'online' | 'offline' = 'online', env = env_id): Promise<string> {
  const body = { action, api_id, env_id: env }
  return (await gateway.ask('createOrDeletePublishRecordForApiV2', { body })).publish_id
}

async function api(more: object = {}): Promise<string> {
  const name = `api_${(made += 1)}`
  return (await gateway.ask('createApiV2', { body: mockApi(group_id, name, `/${name}`, more) })).id
}

async function published(more: object = {}): Promise<string> {
  const id = await api(more)
  await publish(id)
  return id
}

const attach = async (plugin_id: string, ...api_ids: string[]) =>
  (await gateway.ask('attachApiToPlugin', { params: { plugin_id }, body: { env_id, api_ids } })).attached_plugins
const attachedTo = async (api_id: string) =>
  (await gateway.ask('listApiAttachedPlugins', { params: { api_id } })).plugins.map(({ plugin_id }) => plugin_id)

test('a plug-in is attached to APIs and shown from both sides', async () => {
  const plugin_id = await plugin()
  const api_id = await api({ tags: ['red'], remark: 'r' })
  const publish_id = await publish(api_id)
  const attached = await attach(plugin_id, api_id)
  const shown = await gateway.ask('showPlugin', { params: { plugin_id } })
  const definition = await gateway.ask('showDetailsOfApiV2', { params: { api_id } })
  const { plugin_attach_id, attached_time } = attached[0]!
  const binding = { plugin_attach_id, env_id, env_name: 'RELEASE', attached_time }
  const { plugin_name, plugin_type, plugin_scope } = shown
  assert.deepEqual(attached, [
    { ...binding, plugin_id, plugin_name, plugin_type, plugin_scope, api_id, api_name: definition.name },
  ])
  assert.deepEqual((await gateway.ask('listApiAttachedPlugins', { params: { api_id } })).plugins, [
    { ...shown, ...binding },
  ])
  const { name, type, req_protocol, req_method, req_uri, auth_type, match_mode, remark } = definition
  const front = { type, req_protocol, req_method, req_uri, auth_type, match_mode, remark, tags: ['red'] }
  assert.deepEqual((await gateway.ask('listPluginAttachedApis', { params: { plugin_id } })).apis, [
    { ...binding, api_id, api_name: name, ...front, group_id, group_name: 'attached', publish_id },
  ])
})

test('attaching again changes nothing, and another of the type takes the place of the first', async () => {
  const [first, second, header] = [await plugin(), await plugin(), await plugin('set_resp_headers')]
  const api_id = await published()
  const [before] = await attach(first, api_id)
  gateway.clock.at += 1000
  const { revision } = gateway.desk.catalog()
  assert.deepEqual(await attach(first, api_id), [before])
  assert.equal(gateway.desk.catalog().revision, revision)
  await attach(header, api_id)
  await attach(second, api_id)
  assert.deepEqual(new Set(await attachedTo(api_id)), new Set([header, second]))
  const params = { api_id }
  const body = { env_id, plugin_ids: [second, header, first] }
  const { attached_plugins } = await gateway.ask('attachPluginToApi', { params, body })
  assert.deepEqual(
    attached_plugins.map(({ plugin_id }) => plugin_id),
    [first, header],
    'of two of one type the last stays',
  )
  assert.deepEqual(new Set(await attachedTo(api_id)), new Set([first, header]))
})

test('a plug-in is detached from both sides, and what is not attached is no matter', async () => {
  const [cors, header] = [await plugin(), await plugin('set_resp_headers')]
  const [one, two] = [await published(), await published()]
  await attach(cors, one, two)
  await attach(header, one)
  await gateway.ask('detachApiFromPlugin', { params: { plugin_id: cors }, body: { env_id, api_ids: [one, 'gone'] } })
  assert.deepEqual([await attachedTo(one), await attachedTo(two)], [[header], [cors]])
  await gateway.ask('detachPluginFromApi', { params: { api_id: one }, body: { env_id, plugin_ids: [header, cors] } })
  assert.deepEqual(await attachedTo(one), [])
  const refusal = { status: 404, code: 'APIG.3003' }
  await assertNothingStored(gateway, refusal, () =>
    gateway.inside('PUT', `apis/${one}/plugins/detach`, { body: { env_id: 'nope', plugin_ids: [header] } }),
  )
})

test('a plug-in that is attached is not deleted', async () => {
  const plugin_id = await plugin()
  const api_id = await published()
  await attach(plugin_id, api_id)
  const text = 'The plugin has been attached to the APIs and cannot perform the current operation'
  await assertNothingStored(gateway, { status: 409, code: 'APIG.3462', text }, () =>
    gateway.inside('DELETE', `plugins/${plugin_id}`),
  )
  await gateway.ask('detachApiFromPlugin', { params: { plugin_id }, body: { env_id, api_ids: [api_id] } })
  await gateway.ask('deletePlugin', { params: { plugin_id } })
})

test('attachments survive a publish, and go when the API is taken offline there', async () => {
  const plugin_id = await plugin()
  const api_id = await published()
  const other = await gateway.ask('createEnvironmentV2', { body: { name: 'OTHER' } })
  await publish(api_id, 'online', other.id)
  await attach(plugin_id, api_id)
  const body = { env_id: other.id, api_ids: [api_id] }
  await gateway.ask('attachApiToPlugin', { params: { plugin_id }, body })
  await publish(api_id)
  assert.deepEqual(await attachedTo(api_id), [plugin_id, plugin_id])
  await publish(api_id, 'offline')
  const { apis } = await gateway.ask('listPluginAttachedApis', { params: { plugin_id } })
  assert.deepEqual(
    apis.map(({ env_name }) => env_name),
    ['OTHER'],
  )
  await publish(api_id, 'offline', other.id)
  await gateway.ask('deleteApiV2', { params: { api_id } })
  await gateway.ask('deletePlugin', { params: { plugin_id } })
})

describe('lists of what may be attached', () => {
  test('have the APIs published there without the plug-in, also those with another of its type', async () => {
    const [mine, other] = [await plugin(), await plugin()]
    const [free, taken, attached, draft] = [
      await published({ tags: ['listed'] }),
      await published({ tags: ['listed'] }),
      await published({ tags: ['listed'] }),
      await api({ tags: ['listed'] }),
    ]
    await attach(other, taken)
    await attach(mine, attached)
    const params = { plugin_id: mine }
    const query = { env_id, tags: 'listed,none' }
    const { apis } = await gateway.ask('listPluginAttachableApis', { params, query })
    assert.deepEqual(
      apis.map(({ api_id }) => api_id),
      [taken, free],
    )
    const { name, req_uri } = await gateway.ask('showDetailsOfApiV2', { params: { api_id: free } })
    const filters: Record<string, string>[] = [
      { api_name: name.toUpperCase() },
      { api_id: free },
      { req_uri: req_uri.slice(1) },
      { api_id: free, group_id, req_method: 'GET' },
    ]
    for (const filter of filters) {
      const found = await gateway.ask('listPluginAttachableApis', { params, query: { ...query, ...filter } })
      assert.deepEqual(
        found.apis.map(({ api_id }) => api_id),
        [free],
        JSON.stringify(filter),
      )
    }
    assert.ok(!apis.some(({ api_id }) => api_id === draft))
    const bound = await gateway.ask('listPluginAttachedApis', { params, query: { env_id, req_method: 'POST' } })
    assert.equal(bound.total, 0)
  })

  test('have the plug-ins that are not attached to the API', async () => {
    const [attached, free] = [await plugin('set_resp_headers'), await plugin('set_resp_headers')]
    const api_id = await published()
    await attach(attached, api_id)
    const params = { api_id }
    const idsOf = async (query: Record<string, string>) =>
      (await gateway.ask('listApiAttachablePlugins', { params, query: { env_id, ...query } })).plugins.map(
        ({ plugin_id }) => plugin_id,
      )
    const all = await idsOf({ plugin_type: 'set_resp_headers', limit: '500' })
    assert.ok(all.includes(free) && !all.includes(attached))
    assert.deepEqual(await idsOf({ plugin_id: free }), [free])
    assert.deepEqual(await idsOf({ plugin_id: attached }), [])
    assert.deepEqual(await idsOf({ plugin_id: free, plugin_type: 'cors' }), [])
    const filters: [query: Record<string, string>, total: number][] = [
      [{ env_name: 'RELEASE', plugin_type: 'set_resp_headers' }, 1],
      [{ env_id: 'nope' }, 0],
      [{ plugin_name: 'PLUGIN-' }, 1],
      [{ plugin_type: 'cors' }, 0],
    ]
    for (const [query, total] of filters) {
      const found = await gateway.ask('listApiAttachedPlugins', { params, query })
      assert.equal(found.total, total, JSON.stringify(query))
    }
  })

  test('want to know where', async () => {
    const refusal = { status: 400, code: 'APIG.2001', text: /parameterName:env_id/ }
    assertRefused(await gateway.inside('GET', `plugins/${await plugin()}/attachable-apis`), refusal)
    assertRefused(await gateway.inside('GET', `apis/${await api()}/attachable-plugins`), refusal)
  })
})

describe('attaching is refused', () => {
  test('for all when one of them cannot be', async () => {
    const plugin_id = await plugin()
    const [ready, draft] = [await published(), await api()]
    const post = (path: string, body: object) => () => gateway.inside('POST', path, { body })
    const ofPlugin = `plugins/${plugin_id}/attach`
    const ofApi = `apis/${ready}/plugins/attach`
    const cases: [path: string, body: object, status: number, code: string][] = [
      [ofPlugin, { env_id, api_ids: [ready, draft] }, 409, 'APIG.3707'],
      [ofPlugin, { env_id, api_ids: [ready, 'nope'] }, 404, 'APIG.3002'],
      [ofPlugin, { env_id: 'nope', api_ids: [ready] }, 404, 'APIG.3003'],
      [ofPlugin, { env_id, api_ids: [] }, 400, 'APIG.2011'],
      [ofPlugin, { api_ids: [ready] }, 400, 'APIG.2001'],
      ['plugins/nope/attach', { env_id, api_ids: [ready] }, 404, 'APIG.3068'],
      [ofApi, { env_id, plugin_ids: [plugin_id, 'nope'] }, 404, 'APIG.3068'],
      ['apis/nope/plugins/attach', { env_id, plugin_ids: [plugin_id] }, 404, 'APIG.3002'],
      [`apis/${draft}/plugins/attach`, { env_id, plugin_ids: [plugin_id] }, 409, 'APIG.3707'],
    ]
    for (const [path, body, status, code] of cases)
      await assertNothingStored(gateway, { status, code }, post(path, body))
  })
})
