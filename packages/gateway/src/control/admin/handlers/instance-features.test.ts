import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const all = async () => (await gateway.ask('listFeaturesV2', { query: { limit: '100' } })).features
const find = async (name: string) => (await all()).find(feature => feature.name === name)!

test('all features are listed, before anybody has configured one', async () => {
  const features = await all()
  const { features: names, total } = await gateway.ask('listInstanceFeatures', { query: { limit: '100' } })
  assert.deepEqual(
    features.map(({ name }) => name),
    names,
  )
  assert.equal(total, 36)
  assert.equal(new Set(features.map(({ id }) => id)).size, 36)
  assert.deepEqual(await all(), features, 'ids and times stay')
  assert.equal((await gateway.ask('listFeaturesV2')).size, 20)
})

test('a feature is configured, and configured again', async () => {
  gateway.clock.at += 1000
  const first = await gateway.ask('createFeatureV2', {
    body: { name: 'ratelimit', enable: true, config: '{"api_limits": 500}' },
  })
  assert.deepEqual([first.enable, first.config], [true, '{"api_limits": 500}'])
  assert.deepEqual(await find('ratelimit'), first)
  gateway.clock.at += 1000
  const second = await gateway.ask('createFeatureV2', { body: { name: 'ratelimit', enable: false } })
  assert.deepEqual([second.id, second.enable, second.config], [first.id, false, '{"api_limits":200}'])
  assert.notEqual(second.update_time, first.update_time)
})

const configs: [name: string, config: string, ok: boolean][] = [
  ['app_route', 'on', true],
  ['app_route', 'yes', false],
  ['request_body_size', '104857600', true],
  ['request_body_size', '0', false],
  ['request_body_size', '12M', false],
  ['request_body_size', '99999999999', false],
  ['real_ip_from_xff', '{"enable":"on","xff_index":1}', true],
  ['real_ip_from_xff', '[1]', false],
  ['real_ip_from_xff', '{', false],
  ['backend_timeout', '{"max_timeout":600001}', false],
  ['backend_timeout', '{"max_timeout":"1"}', false],
  ['ratelimit', '{"api_limits":0}', false],
  ['lts', 'whatever', true],
]
for (const [name, config, ok] of configs) {
  test(`${name} ${ok ? 'takes' : 'refuses'} the config ${config}`, async () => {
    const body = { name, enable: true, config }
    if (ok) assert.equal((await gateway.ask('createFeatureV2', { body })).config, config)
    else {
      await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /config/ }, () =>
        gateway.inside('POST', 'features', { body }),
      )
    }
  })
}

for (const name of ['teleport', 'toString', '__proto__']) {
  test(`there is no feature ${name}`, () =>
    assertNothingStored(gateway, { status: 400, code: 'APIG.2000', text: `unrecognized feature ${name}` }, () =>
      gateway.inside('POST', 'features', { body: { name, enable: true } }),
    ))
}

test('a private key in a config is shown to whoever may manage the instance, and kept as a secret', async () => {
  const config = JSON.stringify({ enable: 'on', ca: '', content: '', key: 'PRIVATE' })
  await gateway.ask('createFeatureV2', { body: { name: 'backend_client_certificate', enable: true, config } })
  assert.equal((await find('backend_client_certificate')).config, config)
  const stored = gateway.desk
    .catalog()
    .all('feature')
    .find(({ name }) => name === 'backend_client_certificate')
  assert.deepEqual(stored?.config, { secret: config })
})

test('the tags of all APIs are listed, each once', async () => {
  const { id } = await gateway.ask('createApiGroupV2', { body: { name: 'tagged' } })
  assert.deepEqual(await gateway.ask('listTagsV2'), { total: 0, size: 0, tags: [] })
  await gateway.ask('createApiV2', { body: mockApi(id, 'one', '/one', { tags: ['b', 'a'] }) })
  await gateway.ask('createApiV2', { body: mockApi(id, 'two', '/two', { tags: ['c', 'a'] }) })
  assert.deepEqual(await gateway.ask('listTagsV2'), { total: 3, size: 3, tags: ['a', 'b', 'c'] })
  assert.deepEqual((await gateway.ask('listTagsV2', { query: { offset: '1', limit: '1' } })).tags, ['b'])
})

test('backend_timeout says how long a backend may be given', async () => {
  const { id } = await gateway.ask('createApiGroupV2', { body: { name: 'patient' } })
  const backend_api = {
    url_domain: 'a.example',
    req_protocol: 'HTTP',
    req_method: 'GET',
    req_uri: '/',
    timeout: 60_001,
  }
  const body = mockApi(id, 'slow', '/slow', { backend_type: 'HTTP', backend_api, mock_info: undefined })
  const create = () => gateway.inside('POST', 'apis', { body })
  const refusal = { status: 400, code: 'APIG.2003', text: /backend_api.timeout/ }
  await assertNothingStored(gateway, refusal, create)
  const configure = (enable: boolean) =>
    gateway.ask('createFeatureV2', { body: { name: 'backend_timeout', enable, config: '{"max_timeout":600000}' } })
  await configure(false)
  await assertNothingStored(gateway, refusal, create)
  await configure(true)
  assert.equal((await create()).json.backend_api.timeout, 60_001)
})
