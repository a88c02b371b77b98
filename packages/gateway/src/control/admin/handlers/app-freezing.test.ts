import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const frozenInTraffic = (id: string) => gateway.adopted.at(-1)!.apps.find(app => app.id === id)!.frozen

test('an app is frozen and unfrozen, once is enough, and its other changes leave it frozen', async () => {
  const { id } = await gateway.ask('createAnAppV2', { body: { name: 'one' } })
  const params = { app_id: id }
  const said = (frozen: boolean, name = 'one') => ({ app_id: id, name, frozen })
  assert.equal(frozenInTraffic(id), undefined)
  assert.deepEqual(await gateway.ask('freezeApp', { params }), said(true))
  assert.equal(frozenInTraffic(id), true)
  const { revision } = gateway.desk.catalog()
  assert.deepEqual(await gateway.ask('freezeApp', { params }), said(true))
  assert.equal(gateway.desk.catalog().revision, revision)
  await gateway.ask('updateAppV2', { params, body: { name: 'two' } })
  await gateway.ask('resettingAppSecretV2', { params, body: {} })
  assert.equal(frozenInTraffic(id), true)
  assert.deepEqual(await gateway.ask('unfreezeApp', { params }), said(false, 'two'))
  assert.equal(frozenInTraffic(id), undefined)
})

test('an app that does not exist cannot be frozen', async () => {
  for (const what of ['freeze', 'unfreeze']) {
    await assertNothingStored(gateway, { status: 404, code: 'APIG.3004', text: /nobody/ }, () =>
      gateway.official('POST', `/pailou/v1/apps/nobody/${what}`),
    )
  }
})
