import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

describe('the access control of an app', () => {
  let app_id: string
  before(async () => {
    app_id = (await gateway.ask('createAnAppV2', { body: { name: 'guarded' } })).id
  })
  const shown = () => gateway.ask('showDetailsOfAppAcl', { params: { app_id } })

  test('is none at first, is set, replaced and removed', async () => {
    const params = { app_id }
    assert.deepEqual(await shown(), {})
    const body = {
      app_acl_type: 'PERMIT',
      app_acl_values: ['127.0.0.1', '10.0.0.0/8', '::1', '1.0.0.1-1.0.0.9'],
    } as const
    const acl = await gateway.ask('updateAppAcl', {
      params,
      body: { ...body, app_acl_values: [...body.app_acl_values] },
    })
    assert.deepEqual(acl, { app_id, ...body })
    assert.deepEqual(await shown(), acl)
    await gateway.ask('updateAppAcl', { params, body: { app_acl_type: 'DENY', app_acl_values: ['10.0.0.1'] } })
    assert.deepEqual(await shown(), { app_id, app_acl_type: 'DENY', app_acl_values: ['10.0.0.1'] })
    await gateway.ask('deleteAppAcl', { params })
    assert.deepEqual(await shown(), {})
    await gateway.ask('deleteAppAcl', { params })
  })

  const refusals: [what: string, body: object, code: string, field: string][] = [
    ['an unknown type', { app_acl_type: 'ALLOW', app_acl_values: ['10.0.0.1'] }, 'APIG.2004', 'app_acl_type'],
    ['no entry', { app_acl_type: 'DENY', app_acl_values: [] }, 'APIG.2011', 'app_acl_values'],
    ['no entries', { app_acl_type: 'DENY' }, 'APIG.2001', 'app_acl_values'],
    ['a wrong entry', { app_acl_type: 'DENY', app_acl_values: ['::1', '10.0.0'] }, 'APIG.2011', 'app_acl_values[1]'],
  ]
  for (const [what, body, code, field] of refusals) {
    test(`is refused with ${what}`, async () => {
      const text = `,parameterName:${field}. Please`
      const put = () => gateway.inside('PUT', `apps/${app_id}/app-acl`, { body })
      await assertNothingStored(gateway, { status: 400, code }, put)
      assert.ok((await put()).json.error_msg.includes(text))
    })
  }

  test('goes with the app', async () => {
    await gateway.ask('updateAppAcl', {
      params: { app_id },
      body: { app_acl_type: 'DENY', app_acl_values: ['10.0.0.1'] },
    })
    await gateway.ask('deleteAppV2', { params: { app_id } })
    assert.equal(gateway.desk.catalog().get('app-acl', app_id), undefined)
    for (const method of ['GET', 'DELETE']) {
      assertRefused(await gateway.inside(method, `apps/${app_id}/app-acl`), {
        status: 404,
        code: 'APIG.3004',
        text: `App ${app_id} does not exist`,
      })
    }
  })
})
