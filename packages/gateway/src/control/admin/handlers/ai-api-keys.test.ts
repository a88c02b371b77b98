import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let appId: string
before(async () => {
  gateway = await openForTests()
  ;({ id: appId } = await gateway.ask('createAnAppV2', { body: { name: 'app' } }))
})
after(() => gateway.close())

const path = (rest = '') => `apps/${appId}/ai-api-keys${rest}`

test('a key is created, shown, listed and deleted', async () => {
  const params = { app_id: appId }
  const key = await gateway.ask('createAiApiKey', { params, body: { ai_api_key: 'sk-12345678', alias: '模型' } })
  assert.deepEqual([key.ai_api_key, key.alias, key.app_id], ['sk-12345678', '模型', appId])
  const place = { ...params, ai_api_key_id: key.id }
  assert.deepEqual(await gateway.ask('showDetailsOfAiApiKey', { params: place }), key)
  assert.deepEqual((await gateway.ask('listAiApiKeys', { params })).ai_api_keys, [key])
  await gateway.ask('deleteAiApiKey', { params: place })
  assert.equal((await gateway.ask('listAiApiKeys', { params })).total, 0)
})

test('a key that nobody gives is made up, and goes with its app', async () => {
  const { id } = await gateway.ask('createAnAppV2', { body: { name: 'passing' } })
  const params = { app_id: id }
  const one = await gateway.ask('createAiApiKey', { params, body: {} })
  const two = await gateway.ask('createAiApiKey', { params, body: {} })
  assert.match(one.ai_api_key, /^[A-Za-z0-9_-]{64}$/)
  assert.notEqual(one.ai_api_key, two.ai_api_key)
  await gateway.ask('deleteAppV2', { params })
  assert.equal(gateway.desk.catalog().all('ai-api-key').length, 0)
})

const refusals: [what: string, body: object, code: string][] = [
  ['a key of seven', { ai_api_key: '1234567' }, 'APIG.2011'],
  ['a key of 129', { ai_api_key: 'a'.repeat(129) }, 'APIG.2011'],
  ['a key with a space', { ai_api_key: '1234 5678' }, 'APIG.2011'],
  ['an alias of 101', { alias: 'a'.repeat(101) }, 'APIG.2011'],
]
for (const [what, body, code] of refusals) {
  test(`${what} is refused`, () =>
    assertNothingStored(gateway, { status: 400, code }, () => gateway.inside('POST', path(), { body })))
}

test('two apps do not share a key', async () => {
  const { id } = await gateway.ask('createAnAppV2', { body: { name: 'other' } })
  await gateway.ask('createAiApiKey', { params: { app_id: id }, body: { ai_api_key: 'shared-key' } })
  const answer = await gateway.inside('POST', path(), { body: { ai_api_key: 'shared-key' } })
  assert.equal(answer.json.error_code, 'APIG.3309')
  assert.ok(!answer.text.includes('shared-key'))
})

test('an unknown app or key is not found', async () => {
  assertRefused(await gateway.inside('GET', 'apps/nope/ai-api-keys'), { status: 404, code: 'APIG.3004' })
  assertRefused(await gateway.inside('GET', path('/nope')), { status: 404, code: 'APIG.3007' })
  assertRefused(await gateway.inside('DELETE', path('/nope')), { status: 404, code: 'APIG.3007' })
})
