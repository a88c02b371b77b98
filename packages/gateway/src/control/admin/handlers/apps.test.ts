import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

test('an app is created with a key and a secret of its own, read, replaced, listed and deleted', async () => {
  const app = await gateway.ask('createAnAppV2', { body: { name: 'shop', remark: 'r' } })
  assert.match(app.app_key, /^[0-9a-f]{32}$/)
  assert.match(app.app_secret, /^[0-9a-f]{32}$/)
  const params = { app_id: app.id }
  assert.deepEqual(await gateway.ask('showDetailsOfAppV2', { params }), app)
  assert.deepEqual(await gateway.ask('checkAppV2', { params }), { id: app.id, name: 'shop', remark: 'r' })
  gateway.clock.at += 1000
  const updated = await gateway.ask('updateAppV2', { params, body: { name: 'market' } })
  assert.deepEqual(updated, { ...app, name: 'market', remark: '', update_time: updated.update_time })
  const { apps } = await gateway.ask('listAppsV2', { query: { app_key: app.app_key } })
  assert.deepEqual(apps, [{ ...updated, bind_num: 0 }])
  assert.deepEqual(
    gateway.adopted.at(-1)!.apps.map(({ key, name }) => [key, name]),
    [[app.app_key, 'market']],
  )
  await gateway.ask('deleteAppV2', { params })
  const gone = { status: 404, code: 'APIG.3004', text: `App ${app.id} does not exist` }
  assertRefused(await gateway.inside('GET', `apps/${app.id}`), gone)
  assertRefused(await gateway.inside('GET', `apps/validation/${app.id}`), gone)
})

test('key and secret may be given, and the secret is reset by generating or by giving', async () => {
  const body = { name: 'given', app_key: 'my-app-key', app_secret: 'my-app-secret!' }
  const app = await gateway.ask('createAnAppV2', { body })
  assert.deepEqual([app.app_key, app.app_secret], [body.app_key, body.app_secret])
  const params = { app_id: app.id }
  const generated = await gateway.ask('resettingAppSecretV2', { params, body: {} })
  assert.match(generated.app_secret, /^[0-9a-f]{32}$/)
  assert.equal(
    (await gateway.ask('resettingAppSecretV2', { params, body: { app_secret: 'another-secret' } })).app_secret,
    'another-secret',
  )
  assert.equal(gateway.adopted.at(-1)!.apps.find(({ id }) => id === app.id)!.secret.secret, 'another-secret')
})

describe('an app is refused', () => {
  const refusals: [what: string, body: object, code: string][] = [
    ['with a name that is taken', { name: 'first_app' }, 'APIG.3203'],
    ['with a key that is taken', { name: 'second_app', app_key: 'first-key' }, 'APIG.3310'],
    ['with a short key', { name: 'second_app', app_key: 'short' }, 'APIG.2011'],
    ['with a key that has a comma', { name: 'second_app', app_key: 'has,comma,in,it' }, 'APIG.2011'],
    ['with a short secret', { name: 'second_app', app_secret: 'short' }, 'APIG.2011'],
    ['without a name', { remark: 'r' }, 'APIG.2001'],
    ['with a name that begins with a digit', { name: '1app' }, 'APIG.2011'],
  ]
  before(() => gateway.ask('createAnAppV2', { body: { name: 'first_app', app_key: 'first-key' } }))
  for (const [what, body, code] of refusals) {
    test(what, () =>
      assertNothingStored(gateway, { status: 400, code }, () => gateway.inside('POST', 'apps', { body })),
    )
  }

  test('and its secret is in no text', async () => {
    const answer = await gateway.inside('POST', 'apps', { body: { name: '1', app_secret: 'do-not-repeat-me' } })
    assert.doesNotMatch(answer.text, /do-not-repeat-me/)
    assert.doesNotMatch(JSON.stringify(gateway.logged), /do-not-repeat-me/)
  })
})

describe('an AppCode', () => {
  let app_id: string
  before(async () => {
    app_id = (await gateway.ask('createAnAppV2', { body: { name: 'coded' } })).id
  })
  const code = 'C'.repeat(64)

  test('is given or generated, shown, listed and deleted', async () => {
    const params = { app_id }
    const given = await gateway.ask('createAppCodeV2', { params, body: { app_code: code } })
    assert.equal(given.app_code, code)
    gateway.clock.at += 1000
    const generated = await gateway.ask('createAppCodeAutoV2', { params })
    assert.match(generated.app_code, /^[A-Za-z0-9+/]{64}$/)
    assert.deepEqual((await gateway.ask('listAppCodesV2', { params })).app_codes, [generated, given])
    const ofCode = { ...params, app_code_id: given.id }
    assert.deepEqual(await gateway.ask('showDetailsOfAppCodeV2', { params: ofCode }), given)
    assert.equal(gateway.adopted.at(-1)!.apps.find(({ id }) => id === app_id)!.codes.length, 2)
    await gateway.ask('deleteAppCodeV2', { params: ofCode })
    assertRefused(await gateway.inside('GET', `apps/${app_id}/app-codes/${given.id}`), {
      status: 404,
      code: 'APIG.3082',
    })
  })

  test('belongs to one app', async () => {
    const value = 'D'.repeat(64)
    await gateway.ask('createAppCodeV2', { params: { app_id }, body: { app_code: value } })
    const other = await gateway.ask('createAnAppV2', { body: { name: 'other_coded' } })
    const answer = () => gateway.inside('POST', `apps/${other.id}/app-codes`, { body: { app_code: value } })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3309' }, answer)
    assert.doesNotMatch((await answer()).text, /DDDD/)
  })

  test('is refused when it is too short, and when there are five', async () => {
    const post = (app_code: string) => () => gateway.inside('POST', `apps/${app_id}/app-codes`, { body: { app_code } })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, post('short'))
    for (;;) {
      const { total } = await gateway.ask('listAppCodesV2', { params: { app_id } })
      if (total === 5) break
      await gateway.ask('createAppCodeAutoV2', { params: { app_id } })
    }
    await assertNothingStored(gateway, { status: 403, code: 'APIG.3131' }, post('E'.repeat(64)))
  })
})

describe('an authorisation', () => {
  let app_id: string
  let api_id: string
  let group_id: string
  before(async () => {
    app_id = (await gateway.ask('createAnAppV2', { body: { name: 'caller' } })).id
    group_id = (await gateway.ask('createApiGroupV2', { body: { name: 'called' } })).id
    api_id = (
      await gateway.ask('createApiV2', {
        body: mockApi(group_id, 'called', '/called', { auth_type: 'APP', tags: ['red'] }),
      })
    ).id
    await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'online', api_id, env_id: release } })
  })
  const authorize = (apis: readonly string[], apps: readonly string[]) =>
    gateway.ask('createAuthorizingAppsV2', { body: { env_id: release, api_ids: [...apis], app_ids: [...apps] } })
  const allowed = () =>
    gateway.adopted
      .at(-1)!
      .routes.find(route => route.apiId === api_id)!
      .policies.find(({ kind }) => kind === 'app-authorization')

  test('acts at once, is skipped the second time, is shown from both sides, and can be withdrawn', async () => {
    const unbound = { app_id, env_id: release }
    assert.deepEqual(
      (await gateway.ask('listApisUnbindedToAppV2', { query: unbound })).apis.map(({ id }) => id),
      [api_id],
    )
    const { auths } = await authorize([api_id], [app_id])
    assert.deepEqual(
      auths.map(({ auth_result }) => auth_result.status),
      ['SUCCESS'],
    )
    assert.deepEqual(allowed(), { kind: 'app-authorization', settings: { appIds: [app_id] } })
    const again = await authorize([api_id], [app_id])
    assert.deepEqual(
      again.auths.map(({ id, auth_result }) => [id, auth_result.status, auth_result.error_code]),
      [[auths[0]!.id, 'SKIPPED', 'APIG.3316']],
    )

    const byApp = await gateway.ask('listApisBindedToAppV2', {
      query: { app_id, env_id: release, api_name: 'CALL', tags: 'red' },
    })
    const byApi = await gateway.ask('listAppsBindedToApiV2', { query: { api_id, app_name: 'call', env_id: release } })
    assert.deepEqual(byApp.auths, byApi.auths)
    assert.equal(
      byApp.auths[0]!.publish_id,
      (await gateway.ask('showDetailsOfApiV2', { params: { api_id } })).publish_id,
    )
    assert.equal((await gateway.ask('listApisUnbindedToAppV2', { query: unbound })).total, 0)
    assert.equal((await gateway.ask('listAppsV2', { query: { id: app_id } })).apps[0]!.bind_num, 1)

    // Terraform adds what it knows.
    const gone = await gateway.inside('DELETE', `app-auths/${auths[0]!.id}`, { query: { app_id, env_id: release } })
    assert.equal(gone.status, 204)
    assert.deepEqual(allowed(), { kind: 'app-authorization', settings: { appIds: [] } })
    assertRefused(await gateway.inside('DELETE', `app-auths/${auths[0]!.id}`), { status: 404, code: 'APIG.3009' })
  })

  test('needs an API that is published there, and reports on each pair', async () => {
    const draft = await gateway.ask('createApiV2', { body: mockApi(group_id, 'draft', '/draft', { auth_type: 'APP' }) })
    const { auths } = await authorize([draft.id, api_id], [app_id])
    assert.deepEqual(
      auths.map(({ auth_result }) => [auth_result.status, auth_result.error_code]),
      [
        ['FAILED', 'APIG.3015'],
        ['SUCCESS', ''],
      ],
    )
  })

  test('goes with the app, with taking the API offline, and lists of what is gone are not found', async () => {
    const other = await gateway.ask('createAnAppV2', { body: { name: 'leaving' } })
    await authorize([api_id], [other.id, app_id])
    await gateway.ask('createAppCodeAutoV2', { params: { app_id: other.id } })
    await gateway.ask('deleteAppV2', { params: { app_id: other.id } })
    const catalog = gateway.desk.catalog()
    for (const kind of ['app-authorization', 'app-code'] as const) {
      assert.equal(
        catalog.all(kind).some(({ appId }) => appId === other.id),
        false,
        kind,
      )
    }
    const gone = { status: 404, code: 'APIG.3004' }
    assertRefused(await gateway.inside('GET', 'app-auths/binded-apis', { query: { app_id: other.id } }), gone)
    assertRefused(await gateway.inside('GET', `apps/${other.id}/app-codes`), gone)
    assert.deepEqual(
      (await gateway.ask('listAppsBindedToApiV2', { query: { api_id } })).auths.map(({ app_name }) => app_name),
      ['caller'],
    )
    await gateway.ask('createOrDeletePublishRecordForApiV2', { body: { action: 'offline', api_id, env_id: release } })
    assert.equal((await gateway.ask('listAppsBindedToApiV2', { query: { api_id } })).total, 0)
  })

  const refusals: [what: string, body: () => object, status: number, code: string][] = [
    ['an unknown app', () => ({ env_id: release, api_ids: [api_id], app_ids: ['nope'] }), 404, 'APIG.3004'],
    ['an unknown API', () => ({ env_id: release, api_ids: ['nope'], app_ids: [app_id] }), 404, 'APIG.3002'],
    ['an unknown environment', () => ({ env_id: 'nope', api_ids: [api_id], app_ids: [app_id] }), 404, 'APIG.3003'],
    ['no apps', () => ({ env_id: release, api_ids: [api_id], app_ids: [] }), 400, 'APIG.2011'],
    ['no list of apps', () => ({ env_id: release, api_ids: [api_id], app_ids: 'x' }), 400, 'APIG.2011'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`with ${what} is refused`, () =>
      assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', 'app-auths', { body: body() })))
  }

  test('lists want to know of whom', async () => {
    assertRefused(await gateway.inside('GET', 'app-auths/binded-apis'), {
      status: 400,
      code: 'APIG.2001',
      text: /parameterName:app_id/,
    })
  })
})
