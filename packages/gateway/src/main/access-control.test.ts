import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { releaseId, type Admin } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { assertRefused, type Answer } from './testing/http.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'
import { officiallySigned } from './testing/signed.ts'

/** Who may call, and from where: what the admin API says of it acts at once, for each environment by itself. */

let program: Program
let admin: Admin
let domain: string
let app: { id: string; app_key: string; app_secret: string }
const apis: Record<string, { id: string; publishId: string }> = {}
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  const group = await admin.makeGroup('guarded')
  domain = group.sl_domain
  for (const [name, auth_type] of [
    ['open', 'NONE'],
    ['signed', 'APP'],
  ] as const) {
    const { id } = await admin.makeApi(group.id, { name, req_uri: `/${name}`, auth_type })
    const { publish_id: publishId } = await admin.publish(id)
    apis[name] = { id, publishId }
  }
  app = await admin.make('POST', 'apps', { name: 'an_app' })
  await admin.make('POST', 'app-auths', { env_id: releaseId, app_ids: [app.id], api_ids: [apis['signed']!.id] })
})
after(() => program.stop())

const open = (headers = {}) => program.call(domain, '/open', { headers })
const anonymous = () => program.call(domain, '/signed')
function signed(): Promise<Answer> {
  const credential = { key: app.app_key, secret: app.app_secret }
  const headers = officiallySigned({ method: 'GET', url: `http://${domain}/signed` }, credential)
  return program.call(domain, '/signed', { headers })
}

/** Connections go to different threads: each of them has to know. */
async function everyTime(call: () => Promise<Answer>, status: number, code?: string): Promise<Answer> {
  let answer: Answer | undefined
  for (let round = 0; round < 4; round++) {
    answer = await call()
    if (code === undefined) assert.equal(answer.status, status, answer.text)
    else assertRefused(answer, status, code)
  }
  return answer!
}

const acl = (acl_name: string, acl_type: string, entity_type: string, acl_value: string) =>
  ({ acl_name, acl_type, entity_type, acl_value }) as const

async function bind(aclId: string, publishId: string): Promise<string> {
  const { acl_bindings } = await admin.make('POST', 'acl-bindings', { acl_id: aclId, publish_ids: [publishId] })
  return acl_bindings[0].id
}

async function evidenceOf(answer: Answer) {
  const id = String(answer.headers['x-request-id'])
  return eventually('the refusal to be explained', async () => {
    const found = await admin.call('GET', `/pailou/v1/requests/${id}`)
    return found.status === 200 ? found.json.evidence : undefined
  })
}

it('keeps callers away by their address from when a policy is bound until it is unbound', async () => {
  const { id } = await admin.make('POST', 'acls', acl('addresses', 'DENY', 'IP', '10.0.0.0/8,127.0.0.0-127.0.0.9'))
  await everyTime(open, 200)
  const binding = await bind(id, apis['open']!.publishId)
  const refused = await everyTime(open, 403, 'APIG.0402')
  assert.deepEqual(await evidenceOf(refused), {
    check: 'access control by address',
    policy: { id, name: 'addresses' },
    address: '127.0.0.1',
    type: 'DENY',
    found: 'on the list',
    entry: '127.0.0.0-127.0.0.9',
  })

  await admin.make('PUT', `acls/${id}`, acl('addresses', 'DENY', 'IP', '10.0.0.0/8'))
  await everyTime(open, 200)
  await admin.make('PUT', `acls/${id}`, acl('addresses', 'PERMIT', 'IP', '10.0.0.0/8'))
  await everyTime(open, 403, 'APIG.0402')
  // Policies survive a publication of the same API, and stay in their environment.
  await admin.publish(apis['open']!.id)
  await everyTime(open, 403, 'APIG.0402')
  const { id: beta } = await admin.make('POST', 'envs', { name: 'BETA' })
  await admin.publish(apis['open']!.id, beta)
  await everyTime(() => open({ 'X-Stage': 'BETA' }), 200)

  await admin.make('DELETE', `acl-bindings/${binding}`)
  await everyTime(open, 200)
})

it('looks at the address before any credential', async () => {
  const { id } = await admin.make('POST', 'acls', acl('nobody', 'DENY', 'IP', '0.0.0.0/0'))
  assertRefused(await anonymous(), 401, 'APIG.0303')
  const binding = await bind(id, apis['signed']!.publishId)
  await everyTime(anonymous, 403, 'APIG.0402')
  await admin.make('DELETE', `acl-bindings/${binding}`)
  await everyTime(signed, 200)
})

it('keeps away an app whose account is on a list, by name and by id', async () => {
  const [{ id: accountId }] = (await admin.call('GET', '/v3/auth/domains')).json.domains
  const names = await admin.make('POST', 'acls', acl('names', 'DENY', 'DOMAIN', 'mallory,pailou'))
  const ids = await admin.make('POST', 'acls', acl('ids', 'PERMIT', 'DOMAIN_ID', accountId))
  const byName = await bind(names.id, apis['signed']!.publishId)
  const refused = await everyTime(signed, 403, 'APIG.0302')
  assert.deepEqual(await evidenceOf(refused), {
    check: 'access control by account',
    policy: { id: names.id, name: 'names' },
    type: 'DENY',
    entityType: 'DOMAIN',
    account: { id: accountId, name: 'pailou' },
    found: 'on the list',
  })
  const byId = await bind(ids.id, apis['signed']!.publishId)
  await everyTime(signed, 403, 'APIG.0302')
  await admin.make('DELETE', `acl-bindings/${byName}`)
  await everyTime(signed, 200)
  await admin.make('PUT', `acls/${ids.id}`, acl('ids', 'PERMIT', 'DOMAIN_ID', 'another'))
  await everyTime(signed, 403, 'APIG.0302')
  await admin.make('DELETE', `acl-bindings/${byId}`)
  await everyTime(signed, 200)
})

it('lets an app call from its own addresses only, while it has a list', async () => {
  const path = `apps/${app.id}/app-acl`
  await admin.make('PUT', path, { app_acl_type: 'PERMIT', app_acl_values: ['10.0.0.0/8'] })
  const refused = await everyTime(signed, 403, 'APIG.0402')
  assert.deepEqual(await evidenceOf(refused), {
    check: "access control of the app's addresses",
    app: { id: app.id, name: 'an_app' },
    address: '127.0.0.1',
    type: 'PERMIT',
    found: 'not on the list',
    entries: ['10.0.0.0/8'],
    numberOfEntries: 1,
  })
  await admin.make('PUT', path, { app_acl_type: 'DENY', app_acl_values: ['10.0.0.0/8'] })
  await everyTime(signed, 200)
  await admin.make('PUT', path, { app_acl_type: 'DENY', app_acl_values: ['127.0.0.1'] })
  await everyTime(signed, 403, 'APIG.0402')
  await admin.make('DELETE', path)
  await everyTime(signed, 200)
})
