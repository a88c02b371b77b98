import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { openEcho, type Echo } from '../control/echo.ts'
import { backend, releaseId, type Admin } from './testing/admin.ts'
import { assertRefused, type Answer } from './testing/http.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'
import { officiallySigned, type Credential, type ToSign } from './testing/signed.ts'

/** Callers that prove who they are: what the admin API says of them acts at once. */

let program: Program
let admin: Admin
let echo: Echo
let group: { id: string; sl_domain: string }
let signed: { id: string }
let coded: { id: string }
let app: { id: string; app_key: string; app_secret: string }
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  echo = await openEcho()
  group = await admin.makeGroup('for_apps')
  const more = { auth_type: 'APP', req_method: 'ANY', ...backend(echo.port, '/') }
  signed = await admin.serve(group.id, { name: 'signed', req_uri: '/signed', ...more })
  const auth_opt = { app_code_auth_type: 'HEADER' }
  coded = await admin.serve(group.id, { name: 'coded', req_uri: '/coded', ...more, auth_opt })
  app = await admin.make('POST', 'apps', { name: 'an_app' })
})
after(async () => {
  await echo.close()
  await program.stop()
})

const credential = (): Credential => ({ key: app.app_key, secret: app.app_secret })

/** Signs as the official client does and sends it; what is sent can be another thing than what was signed. */
function call(path: string, by = credential(), signedAs: Partial<ToSign> = {}): Promise<Answer> {
  const headers = officiallySigned({ method: 'GET', url: `http://${group.sl_domain}${path}`, ...signedAs }, by)
  return program.call(group.sl_domain, path, { headers })
}

async function authorize(apiId: string): Promise<string> {
  const body = { env_id: releaseId, app_ids: [app.id], api_ids: [apiId] }
  const { auths } = await admin.make('POST', 'app-auths', body)
  assert.equal(auths[0].auth_result.status, 'SUCCESS')
  return auths[0].id
}

it('lets an app in while it is authorised, and not a call longer', async () => {
  assertRefused(await call('/signed'), 403, 'APIG.0304')
  const id = await authorize(signed.id)
  for (let round = 0; round < 3; round++) assert.equal((await call('/signed')).status, 200)
  await admin.make('DELETE', `app-auths/${id}`)
  // Connections go to different threads: each of them has to know.
  for (let round = 0; round < 6; round++) assertRefused(await call('/signed'), 403, 'APIG.0304')
  await authorize(signed.id)
  assert.equal((await call('/signed')).status, 200)
})

it('verifies what the official signer has signed: query, body, headers', async () => {
  const data = { text: '你好', list: [1, 2] }
  const query = { b: 'x y', a: '1' }
  const url = `http://${group.sl_domain}/signed`
  const headers = officiallySigned({ method: 'POST', url, query, data }, credential())
  const send = (body: string, path = '/signed?b=x%20y&a=1') =>
    program.call(group.sl_domain, path, { method: 'POST', headers, body })
  const answer = await send(JSON.stringify(data))
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.json.body, JSON.stringify(data))
  assertRefused(await send('{"text":"else"}'), 401, 'APIG.0303')
  assertRefused(await send(JSON.stringify(data), '/signed?b=x%20y&a=2'), 401, 'APIG.0303')
})

it('takes another secret at once, and the old one no more', async () => {
  const old = credential()
  app = await admin.make('PUT', `apps/secret/${app.id}`, {})
  assert.notEqual(app.app_secret, old.secret)
  for (let round = 0; round < 4; round++) assertRefused(await call('/signed', old), 401, 'APIG.0303')
  for (let round = 0; round < 4; round++) assert.equal((await call('/signed')).status, 200)
})

it('takes an AppCode over HTTPS only, and only while it is there', async () => {
  await authorize(coded.id)
  const { id, app_code } = await admin.make('PUT', `apps/${app.id}/app-codes`)
  const headers = { 'X-Apig-AppCode': app_code }
  const over = (call: Program['call']) => call(group.sl_domain, '/coded', { headers })
  assert.equal((await over(program.callTls)).status, 200)
  assertRefused(await over(program.call), 400, 'APIG.0607')
  // Where the API does not allow it, it is no credential.
  assertRefused(await program.callTls(group.sl_domain, '/signed', { headers }), 401, 'APIG.0303')
  await admin.make('DELETE', `apps/${app.id}/app-codes/${id}`)
  assertRefused(await over(program.callTls), 401, 'APIG.0303')
})

it('knows a deleted app no more', async () => {
  await admin.make('DELETE', `apps/${app.id}`)
  assertRefused(await call('/signed'), 401, 'APIG.0303')
})
