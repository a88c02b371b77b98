import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const perDay = { call_limits: 100, time_unit: 'DAY', time_interval: 1 } as const
const gone = (id: string) => ({ status: 404, code: 'APIG.3093', text: `App quota ${id} does not exist` })
const unknownApp = '9f7bbd9c-3c5f-4e6b-8b53-6bc53fd5e4a1'

test('an app quota is created, shown, replaced, listed and deleted', async () => {
  const body = { ...perDay, name: '配额_1', remark: 'r', reset_time: '2026-12-01 08:00:00' }
  const quota = await gateway.ask('createAppQuota', { body })
  assert.deepEqual(quota, {
    ...body,
    app_quota_id: quota.app_quota_id,
    create_time: quota.create_time,
    bound_app_num: 0,
  })
  const params = { app_quota_id: quota.app_quota_id }
  assert.deepEqual(await gateway.ask('showAppQuota', { params }), quota)
  gateway.clock.at += 1000
  // As Terraform sends it: an unset remark is there and empty.
  const replaced = { name: 'renamed', time_unit: 'HOUR', call_limits: 5, time_interval: 12, remark: '' } as const
  const updated = await gateway.ask('updateAppQuota', { params, body: replaced })
  assert.deepEqual(updated, { ...replaced, ...params, create_time: quota.create_time, bound_app_num: 0 })
  assert.deepEqual((await gateway.ask('listAppQuotas', { query: { name: 'NAMED' } })).quotas, [updated])
  assert.deepEqual(await gateway.ask('listAppQuotas', { query: { name: 'x' } }), { total: 0, size: 0, quotas: [] })
  await gateway.ask('deleteAppQuota', { params })
  for (const path of ['', '/bound-apps', '/bindable-apps']) {
    assertRefused(await gateway.inside('GET', `app-quotas/${quota.app_quota_id}${path}`), gone(quota.app_quota_id))
  }
  assertRefused(await gateway.inside('DELETE', `app-quotas/${quota.app_quota_id}`), gone(quota.app_quota_id))
})

describe('an app quota', () => {
  before(() => gateway.ask('createAppQuota', { body: { ...perDay, name: 'taken' } }))
  const cases: [what: string, body: object, code?: string, field?: string][] = [
    ['takes a name of 255', { name: 'n'.repeat(255) }],
    ['refuses a name of 256', { name: 'n'.repeat(256) }, 'APIG.2011', 'name'],
    ['refuses a name that begins with a digit', { name: '1st' }, 'APIG.2011', 'name'],
    ['refuses a name that is taken', { name: 'taken' }, 'APIG.3325'],
    ['refuses a limit of none', { call_limits: 0 }, 'APIG.2002', 'call_limits'],
    ['refuses a limit that no counter holds', { call_limits: 2147483648 }, 'APIG.2003', 'call_limits'],
    ['refuses an unknown unit', { time_unit: 'MONTH' }, 'APIG.2004', 'time_unit'],
    ['refuses to be without an interval', { time_interval: undefined }, 'APIG.2001', 'time_interval'],
    ['refuses a time of another form', { reset_time: '2026-12-01T08:00:00Z' }, 'APIG.2011', 'reset_time'],
    ['refuses a time that no calendar has', { reset_time: '2026-02-30 08:00:00' }, 'APIG.2011', 'reset_time'],
    ['refuses a time that no clock shows', { reset_time: '2026-02-03 25:00:00' }, 'APIG.2011', 'reset_time'],
  ]
  for (const [index, [what, more, code, field]] of cases.entries()) {
    test(what, async () => {
      const body = { ...perDay, name: `case_${index}`, ...more }
      const post = () => gateway.inside('POST', 'app-quotas', { body })
      if (code) {
        const refusal = { status: 400, code, ...(field && { text: new RegExp(`parameterName:${field}\\.`) }) }
        await assertNothingStored(gateway, refusal, post)
      } else assert.equal((await post()).status, 201)
    })
  }
})

describe('an app quota that is bound', () => {
  let app_quota_id: string
  let other: string
  const apps: Record<string, string> = {}
  before(async () => {
    app_quota_id = (await gateway.ask('createAppQuota', { body: { ...perDay, name: 'bound' } })).app_quota_id
    other = (await gateway.ask('createAppQuota', { body: { ...perDay, name: 'other' } })).app_quota_id
    for (const name of ['app_one', 'app_two', 'app_three']) {
      apps[name] = (await gateway.ask('createAnAppV2', { body: { name } })).id
    }
  })
  const bind = async (quota: string, ...names: string[]) => {
    const body = { app_ids: names.map(name => apps[name]!) }
    return (await gateway.ask('associateAppsForAppQuota', { params: { app_quota_id: quota }, body })).applies
  }
  const bound = async (query: Record<string, string> = {}) =>
    (await gateway.ask('listAppQuotaBoundApps', { params: { app_quota_id }, query })).apps
  const bindable = async (query: Record<string, string> = {}) =>
    (await gateway.ask('listAppQuotaBindableApps', { params: { app_quota_id }, query })).apps
  const quotaOf = (name: string) => gateway.ask('showAppBoundAppQuota', { params: { app_id: apps[name]! } })
  const sorted = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).toSorted()

  test('is shown from both sides, and leaves the list of the bindable at once', async () => {
    assert.deepEqual(sorted(await bindable()), ['app_one', 'app_three', 'app_two'])
    assert.deepEqual(await quotaOf('app_one'), {})
    const [apply] = await bind(app_quota_id, 'app_one')
    assert.deepEqual(apply, { app_quota_id, app_id: apps['app_one'], bound_time: apply!.bound_time })
    const { register_time, update_time, app_key } = await gateway.ask('showDetailsOfAppV2', {
      params: { app_id: apps['app_one']! },
    })
    const app = { app_id: apps['app_one'], name: 'app_one', status: 1, app_key, remark: '', register_time, update_time }
    assert.deepEqual(await bound(), [{ ...app, ...apply, app_quota_name: 'bound' }])
    assert.equal((await bound({ app_name: 'ONE' })).length, 1)
    assert.equal((await bound({ app_name: 'two' })).length, 0)
    assert.deepEqual(sorted(await bindable()), ['app_three', 'app_two'])
    assert.deepEqual(sorted(await bindable({ app_name: 'TWO' })), ['app_two'])
    const shown = await gateway.ask('showAppQuota', { params: { app_quota_id } })
    assert.equal(shown.bound_app_num, 1)
    assert.deepEqual(await quotaOf('app_one'), shown)
  })

  test('stays as it is when it is bound again, and is the only one of its app', async () => {
    const [before] = await bind(app_quota_id, 'app_one')
    gateway.clock.at += 1000
    assert.deepEqual((await bind(app_quota_id, 'app_one', 'app_two'))[0], before)
    const body = { app_ids: [apps['app_three'], apps['app_one']] }
    const text = `The operation has already been performed: the app ${apps['app_one']} already has an app quota`
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3309', text }, () =>
      gateway.inside('POST', `app-quotas/${other}/binding-apps`, { body }),
    )
  })

  test('is unbound from an app', async () => {
    const params = { app_quota_id, app_id: apps['app_two']! }
    const wrong = () => gateway.inside('DELETE', `app-quotas/${other}/bound-apps/${params.app_id}`)
    await assertNothingStored(gateway, { status: 404, code: 'APIG.3007' }, wrong)
    await gateway.ask('disassociateAppQuotaWithApp', { params })
    assert.deepEqual(await quotaOf('app_two'), {})
    const again = () => gateway.inside('DELETE', `app-quotas/${app_quota_id}/bound-apps/${params.app_id}`)
    await assertNothingStored(gateway, { status: 404, code: 'APIG.3007' }, again)
    assert.equal((await bind(other, 'app_two')).length, 1)
  })

  test('goes with the app, and leaves its apps when it is deleted', async () => {
    apps['leaving'] = (await gateway.ask('createAnAppV2', { body: { name: 'leaving' } })).id
    await bind(app_quota_id, 'leaving')
    await gateway.ask('deleteAppV2', { params: { app_id: apps['leaving'] } })
    assert.deepEqual(sorted(await bound()), ['app_one'])
    await gateway.ask('deleteAppQuota', { params: { app_quota_id: other } })
    assert.deepEqual(await quotaOf('app_two'), {})
    assert.deepEqual(sorted(await bindable()), ['app_three', 'app_two'])
    assertRefused(await gateway.inside('GET', `apps/${apps['leaving']}/bound-quota`), {
      status: 404,
      code: 'APIG.3004',
    })
  })

  const refusals: [what: string, body: object, status: number, code: string][] = [
    ['an unknown app', { app_ids: [unknownApp] }, 404, 'APIG.3004'],
    ['no app', { app_ids: [] }, 400, 'APIG.2011'],
    ['no list of apps', {}, 400, 'APIG.2001'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`is refused with ${what}`, () =>
      assertNothingStored(gateway, { status, code }, () =>
        gateway.inside('POST', `app-quotas/${app_quota_id}/binding-apps`, { body }),
      ))
  }
})
