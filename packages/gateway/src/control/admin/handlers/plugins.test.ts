import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { show } from '../../../base/secret.ts'
import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

/** With a space and an order of its own, to see that it comes back as it went. */
const content = '{"max_age": 800, "allow_origin": "*"}'
const least = { plugin_name: 'least', plugin_type: 'cors', plugin_scope: 'global', plugin_content: content } as const
const oidc = {
  ...least,
  plugin_type: 'oidc_auth',
  plugin_content: JSON.stringify({
    client_id: 'gateway',
    client_secret: 'do-not-show-me',
    discovery: 'https://idp.example',
    redirect_api_id: 'an-api',
  }),
} as const

test('a plug-in is created, read, replaced, listed and deleted, and its content comes back as it was written', async () => {
  const created = await gateway.ask('createPlugin', { body: { ...least, remark: 'r' } })
  const { plugin_id, create_time } = created
  assert.deepEqual(created, { plugin_id, ...least, remark: 'r', create_time, update_time: create_time })
  const params = { plugin_id }
  assert.deepEqual(await gateway.ask('showPlugin', { params }), created)
  gateway.clock.at += 1000
  const body = { plugin_name: 'renamed', plugin_content: '{"allow_origin":"https://a.example"}' }
  const updated = await gateway.ask('updatePlugin', { params, body })
  assert.deepEqual(updated, { ...created, ...body, update_time: updated.update_time }, 'the remark stays')
  assert.ok(updated.update_time > create_time)
  assert.deepEqual((await gateway.ask('listPlugins', { query: { plugin_id } })).plugins, [updated])
  await gateway.ask('deletePlugin', { params })
  const gone = { status: 404, code: 'APIG.3068', text: `Plugin ${plugin_id} does not exist` }
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/attached-apis'],
  ] as const) {
    const sent = method === 'PUT' ? { body } : {}
    assertRefused(await gateway.inside(method, `plugins/${plugin_id}${path}`, sent), gone)
  }
})

test('the list is filtered by type, scope and name', async () => {
  const one = await gateway.ask('createPlugin', { body: { ...least, plugin_name: 'listed-one' } })
  const two = await gateway.ask('createPlugin', { body: { ...oidc, plugin_name: 'listed-two' } })
  const idsOf = async (query: Record<string, string>) =>
    (await gateway.ask('listPlugins', { query })).plugins.map(({ plugin_id }) => plugin_id)
  const cases: [query: Record<string, string>, ids: string[]][] = [
    [{ plugin_name: 'LISTED' }, [two.plugin_id, one.plugin_id]],
    [{ plugin_name: 'listed', precise_search: 'plugin_name' }, []],
    [{ plugin_name: 'listed', plugin_type: 'oidc_auth' }, [two.plugin_id]],
    [{ plugin_name: 'listed', plugin_scope: 'global', limit: '1', offset: '1' }, [one.plugin_id]],
    [{ plugin_scope: 'tenant' }, []],
  ]
  for (const [query, ids] of cases) assert.deepEqual(await idsOf(query), ids, JSON.stringify(query))
})

test('a content is kept as a secret, and no refusal repeats it', async () => {
  await gateway.ask('createPlugin', { body: { ...oidc, plugin_name: 'secretive' } })
  assert.doesNotMatch(show(gateway.desk.catalog().all('plugin')), /do-not-show-me/)
  for (const plugin_content of [`${oidc.plugin_content}}`, oidc.plugin_content.replace('https:', 'ftp:')]) {
    const answer = await gateway.inside('POST', 'plugins', { body: { ...oidc, plugin_name: 'wrong', plugin_content } })
    assertRefused(answer, { status: 400, code: 'APIG.2011' })
    assert.doesNotMatch(answer.text, /do-not-show-me/)
  }
  assert.doesNotMatch(JSON.stringify(gateway.logged), /do-not-show-me/)
})

test('a plug-in calls through a channel that exists, which stays while it does', async () => {
  const auth_request = { method: 'GET', protocol: 'HTTPS', path: '/', timeout: 5000, vpc_channel_enabled: true }
  const through = (vpc_id: string) => ({
    ...least,
    plugin_name: 'through',
    plugin_type: 'third_auth' as const,
    plugin_content: JSON.stringify({ auth_request: { ...auth_request, vpc_channel_info: { vpc_id } } }),
  })
  const missing = { status: 404, code: 'APIG.3023', text: 'The VPC channel does not exist,id:nope' }
  await assertNothingStored(gateway, missing, () => gateway.inside('POST', 'plugins', { body: through('nope') }))
  const { id } = await gateway.ask('createVpcChannelV2', { body: { name: 'asked', port: 80, balance_strategy: 1 } })
  const { plugin_id } = await gateway.ask('createPlugin', { body: through(id) })
  const used = { status: 400, code: 'APIG.3710', text: 'The VPC channel is being used by another third_auth plugin' }
  await assertNothingStored(gateway, used, () => gateway.inside('DELETE', `vpc-channels/${id}`))
  await gateway.ask('deletePlugin', { params: { plugin_id } })
  await gateway.ask('deleteVpcChannelV2', { params: { vpc_channel_id: id } })
})

describe('a plug-in is refused', () => {
  let other: string
  before(async () => {
    await gateway.ask('createPlugin', { body: { ...least, plugin_name: 'taken' } })
    other = (await gateway.ask('createPlugin', { body: { ...least, plugin_name: 'other' } })).plugin_id
  })
  const cases: [what: string, change: object, code: string, field?: string][] = [
    ['with a name that is taken', { plugin_name: 'taken' }, 'APIG.3326'],
    ['with a name that begins with a digit', { plugin_name: '1st' }, 'APIG.2011', 'plugin_name'],
    ['of an unknown type', { plugin_type: 'INVALID_TYPE' }, 'APIG.2004', 'plugin_type'],
    ['of an unknown scope', { plugin_scope: 'tenant' }, 'APIG.2004', 'plugin_scope'],
    ['without a content', { plugin_content: '' }, 'APIG.2011', 'plugin_content'],
    ['with a content that is no JSON', { plugin_content: 'INVALID_CONTENT' }, 'APIG.2011', 'plugin_content'],
    ['with a content that is no text', { plugin_content: { allow_origin: '*' } }, 'APIG.2011', 'plugin_content'],
    [
      'with a long content',
      { plugin_content: `{"allow_origin":"${'a'.repeat(65535)}"}` },
      'APIG.2011',
      'plugin_content',
    ],
    ['with the content of another type', { plugin_type: 'jwt_auth' }, 'APIG.2001', 'plugin_content.jwks'],
  ]
  for (const [what, change, code, field] of cases) {
    test(what, async () => {
      const text = field === undefined ? {} : { text: new RegExp(`parameterName:${field.replace('.', '\\.')}\\. `) }
      const body = { ...least, plugin_name: 'refused', ...change }
      await assertNothingStored(gateway, { status: 400, code, ...text }, () =>
        gateway.inside('POST', 'plugins', { body }),
      )
    })
  }
  const updates: [what: string, change: object, code: string][] = [
    ['when an update takes a name', { plugin_name: 'taken' }, 'APIG.3326'],
    ['when an update changes the type', { plugin_type: 'breaker' }, 'APIG.2011'],
    ['when an update breaks the content', { plugin_content: '"INVALID_CONTENT"' }, 'APIG.2011'],
  ]
  for (const [what, change, code] of updates) {
    test(what, () =>
      assertNothingStored(gateway, { status: 400, code }, () =>
        gateway.inside('PUT', `plugins/${other}`, { body: { ...least, plugin_name: 'other', ...change } }),
      ),
    )
  }
})
