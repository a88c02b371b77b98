import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { errors, type ErrorRow } from '@pailou/contract'
import { releaseId } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { assertRefused, type Answer } from './testing/http.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'
import { officiallySigned, type Credential } from './testing/signed.ts'

/** Throttling policies, app quotas and frozen apps, from the admin API to the calls that they refuse. */

let program: Program
let group: { readonly id: string; readonly sl_domain: string }
let api: { readonly id: string }
let publishId: string
let app: Credential & { readonly id: string }
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data'), flags: ['--workers', '2'] })
  const { admin } = program
  group = await admin.makeGroup('limits')
  api = await admin.makeApi(group.id, { name: 'limited', req_uri: '/limited', auth_type: 'APP' })
  publishId = (await admin.make('POST', 'apis/action', { action: 'online', api_id: api.id, env_id: releaseId }))
    .publish_id
  const { id, app_key: key, app_secret: secret } = await admin.make('POST', 'apps', { name: 'caller' })
  app = { id, key, secret }
  await admin.make('POST', 'app-auths', { env_id: releaseId, app_ids: [id], api_ids: [api.id] })
})
after(() => program.stop())

/** Each call comes over a connection of its own, which the system gives to one of the two threads. */
function call(): Promise<Answer> {
  const url = `http://${group.sl_domain}/limited`
  return program.call(group.sl_domain, '/limited', { headers: officiallySigned({ method: 'GET', url }, app) })
}

async function statuses(calls: number): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: calls }, call))
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

async function assertExplained(answer: Answer, row: ErrorRow, evidence: object): Promise<void> {
  assertRefused(answer, errors[row].status, errors[row].code)
  const known = await eventually('the refusal to be explained', async () => {
    const found = await program.admin.call('GET', `/pailou/v1/requests/${String(answer.headers['x-request-id'])}`)
    return found.status === 200 ? found.json : undefined
  })
  assert.equal(known.row, row)
  assert.deepEqual({ ...known.evidence, ...evidence }, known.evidence)
}

it('a throttling policy holds across the threads from when it is bound until it is unbound', async () => {
  const { admin } = program
  const policy = { name: 'ten_a_day', api_call_limits: 10, time_unit: 'DAY', time_interval: 1 }
  const throttle = await admin.make('POST', 'throttles', policy)
  assert.deepEqual(await statuses(12), { 200: 12 })
  const bound = await admin.make('POST', 'throttle-bindings', { strategy_id: throttle.id, publish_ids: [publishId] })
  assert.deepEqual(await statuses(30), { 200: 10, 429: 20 })
  const refused = await call()
  assert.ok(Number(refused.headers['retry-after']) > 86_000 && Number(refused.headers['retry-after']) <= 86_400)
  await assertExplained(refused, '0308', {
    check: 'throttling policy',
    policy: { id: throttle.id, name: 'ten_a_day' },
    counter: 'api',
    limit: 10,
    used: 10,
    window: '1 day',
  })

  await admin.make('PUT', `throttles/${throttle.id}`, { ...policy, api_call_limits: 13 })
  assert.deepEqual(await statuses(5), { 200: 3, 429: 2 })

  await admin.make('PUT', `throttles/${throttle.id}`, { ...policy, api_call_limits: 100 })
  const special = { object_type: 'APP', object_id: app.id, call_limits: 1 }
  const { id } = await admin.make('POST', `throttles/${throttle.id}/throttle-specials`, special)
  assert.deepEqual(await statuses(3), { 200: 1, 429: 2 })
  await assertExplained(await call(), '0308', { counter: 'app', app: app.id, limit: 1, special: true })
  await admin.make('DELETE', `throttles/${throttle.id}/throttle-specials/${id}`)
  assert.deepEqual(await statuses(3), { 200: 3 })

  await admin.make('DELETE', `throttle-bindings/${bound.throttle_applys[0].id}`)
  assert.deepEqual(await statuses(120), { 200: 120 })
})

it('an app quota holds from when it is bound until it is unbound', async () => {
  const { admin } = program
  const body = { name: 'quota', call_limits: 4, time_unit: 'HOUR', time_interval: 1 }
  const { app_quota_id: id } = await admin.make('POST', 'app-quotas', body)
  await admin.make('POST', `app-quotas/${id}/binding-apps`, { app_ids: [app.id] })
  assert.deepEqual(await statuses(6), { 200: 4, 405: 2 })
  await assertExplained(await call(), '0501', { quota: { id, name: 'quota' }, limit: 4, used: 4, cycle: '1 hour' })
  await admin.make('DELETE', `app-quotas/${id}/bound-apps/${app.id}`)
  assert.deepEqual(await statuses(6), { 200: 6 })
})

it('a frozen app does not pass until it is unfrozen', async () => {
  const { admin } = program
  const set = (what: string) => admin.call('POST', `/pailou/v1/apps/${app.id}/${what}`)
  const frozen = await set('freeze')
  assert.deepEqual([frozen.status, frozen.json], [200, { app_id: app.id, name: 'caller', frozen: true }])
  assert.deepEqual(await statuses(3), { 405: 3 })
  await assertExplained(await call(), '0502', { check: 'app state', app: { id: app.id, name: 'caller' } })
  assert.equal((await set('unfreeze')).json.frozen, false)
  assert.deepEqual(await statuses(3), { 200: 3 })
})
