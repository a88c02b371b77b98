import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { errors, type ErrorRow } from '@pailou/contract'
import { openEcho, type Echo } from '../control/echo.ts'
import { backend, releaseId } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** Environment variables, from the admin API to the backend that is called. */

let program: Program
let echo: Echo
let group: { readonly id: string; readonly sl_domain: string }
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  echo = await openEcho()
  group = await program.admin.makeGroup('variables')
})
after(async () => {
  await echo.close()
  await program.stop()
})

const define = (name: string, value: string, environmentId = releaseId): Promise<{ readonly id: string }> =>
  program.admin.make('POST', 'env-variables', {
    env_id: environmentId,
    group_id: group.id,
    variable_name: name,
    variable_value: value,
  })
const change = (id: string, value: string) =>
  program.admin.make('PUT', `env-variables/${id}`, { variable_value: value })
const call = (path: string, headers = {}) => program.call(group.sl_domain, path, { headers })

it('is filled into address and path, and takes effect when it changes, appears or goes', async () => {
  await program.admin.serve(group.id, { name: 'live', req_uri: '/live', ...backend('#host#:#port#', '/#base#/end') })
  const without = await call('/live')
  assertRow('0105', without)
  await assertEvidence(without, { check: 'variable without a value', variables: ['host', 'port', 'base'] })

  await define('host', '127.0.0.1')
  const port = await define('port', String(echo.port))
  const base = await define('base', 'a/b')
  const served = await call('/live')
  assert.equal(served.status, 200, served.text)
  assert.match(served.text, /\/a\/b\/end/)

  await change(base.id, 'c')
  assert.match((await call('/live')).text, /\/c\/end/)

  await change(port.id, 'http-alt')
  const refused = await call('/live')
  assertRow('0611', refused)
  await assertEvidence(refused, { check: 'port', address: '127.0.0.1:http-alt' })

  await change(port.id, String(echo.port))
  assert.equal((await call('/live')).status, 200)
  await program.admin.make('DELETE', `env-variables/${base.id}`)
  assertRow('0105', await call('/live'))
})

it('has a value of its own in each environment', async () => {
  const { id: beta } = await program.admin.make('POST', 'envs', { name: 'BETA' })
  const api = await program.admin.serve(group.id, {
    name: 'staged',
    req_uri: '/staged',
    ...backend(echo.port, '/#stage#'),
  })
  await program.admin.publish(api.id, beta)
  await define('stage', 'release')
  await define('stage', 'beta', beta)
  assert.match((await call('/staged')).text, /\/release/)
  assert.match((await call('/staged', { 'X-Stage': 'BETA' })).text, /\/beta/)
})

function assertRow(row: ErrorRow, answer: { readonly status: number; readonly json: { readonly error_code: string } }) {
  assert.deepEqual([answer.status, answer.json.error_code], [errors[row].status, errors[row].code])
}

async function assertEvidence(answer: { readonly headers: object }, expected: object): Promise<void> {
  const id = (answer.headers as Record<string, string>)['x-request-id']
  const known = await eventually('the refusal to be explained', async () => {
    const found = await program.admin.call('GET', `/pailou/v1/requests/${id}`)
    return found.status === 200 ? found.json : undefined
  })
  assert.deepEqual({ ...known.evidence, ...expected }, known.evidence)
}
