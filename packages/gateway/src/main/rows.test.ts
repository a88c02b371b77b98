import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, it } from 'node:test'
import { Readable } from 'node:stream'
import { errorMessage, errors, type ErrorRow } from '@pailou/contract'
import { openEcho, type Echo } from '../control/echo.ts'
import { Admin, backend, releaseId } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { ask, askRaw, type Answer } from './testing/http.ts'
import { freePorts, openBackend } from './testing/listen.ts'
import { Process, programOf, startProgram, temporaryDirectory, type Program } from './testing/program.ts'
import { officiallySigned, type Credential, type ToSign } from './testing/signed.ts'

/** Each row of the error table that a running program can reach, by the condition that stands behind it. */

let program: Program
let domain: string
let echo: Echo
let silent: Awaited<ReturnType<typeof openBackend>>
let authorized: Credential
let stranger: Credential
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  echo = await openEcho()
  silent = await openBackend(() => undefined)
  await define(program.admin)
})
after(async () => {
  silent.close()
  await echo.close()
  await program.stop()
})

async function define(admin: Admin): Promise<void> {
  const group = await admin.makeGroup('rows')
  domain = group.sl_domain
  const serve = (name: string, more: object) => admin.serve(group.id, { name, req_uri: `/${name}`, ...more })
  const [closed] = await freePorts(1)
  await serve('open', {})
  await serve('posted', { req_method: 'POST', ...backend(echo.port, '/') })
  await serve('checked', {
    req_params: [
      { name: 'page', type: 'NUMBER', location: 'QUERY', required: 1, valid_enable: 1, min_num: 1, max_num: 10 },
    ],
  })
  await serve('refusing', backend(closed!, '/'))
  await serve('notls', backend(echo.port, '/', { req_protocol: 'HTTPS' }))
  await serve('silent', backend(silent.port, '/', { timeout: 150 }))
  await serve('nowhere', backend('nowhere.invalid', '/'))
  await serve('secure', { req_protocol: 'HTTPS' })
  await serve('insecure', { req_protocol: 'HTTP' })
  const forApps = { auth_type: 'APP', auth_opt: { app_code_auth_type: 'HEADER' } }
  const api = await serve('forapps', forApps)
  const make = async (name: string): Promise<Credential & { id: string }> => {
    const { id, app_key: key, app_secret: secret } = await admin.make('POST', 'apps', { name })
    return { id, key, secret }
  }
  const app = await make('authorized')
  authorized = app
  stranger = await make('stranger')
  const forbidden = await serve('forbidden', forApps)
  await admin.make('POST', 'app-auths', { env_id: releaseId, app_ids: [app.id], api_ids: [api.id, forbidden.id] })
  const walled = await serve('walled', {})
  await keepAway(admin, walled.id, 'IP', '127.0.0.1')
  await keepAway(admin, forbidden.id, 'DOMAIN', 'pailou')
  const { id: beta } = await admin.make('POST', 'envs', { name: 'BETA' })
  await admin.publish(api.id, beta)
  await admin.makeApi(group.id, { name: 'unpublished', req_uri: '/unpublished' })
}

async function keepAway(admin: Admin, apiId: string, entity_type: string, acl_value: string): Promise<void> {
  const acl = await admin.make('POST', 'acls', {
    acl_name: `no_${entity_type}`,
    acl_type: 'DENY',
    entity_type,
    acl_value,
  })
  const { publish_id } = await admin.publish(apiId)
  await admin.make('POST', 'acl-bindings', { acl_id: acl.id, publish_ids: [publish_id] })
}

const get = (path: string, headers = {}) => program.call(domain, path, { headers })
const raw = (head: string, ...lines: string[]) =>
  askRaw(program.httpPort, [head, `Host: ${domain}`, ...lines, 'Connection: close', '', ''].join('\r\n'))
const signedBy = (by: Credential, more: Partial<ToSign> = {}, path = '/forapps') =>
  get(path, officiallySigned({ method: 'GET', url: `http://${domain}${path}`, ...more }, by))
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().replace(/[-:]|\.\d+/g, '')

interface Reached {
  readonly row: ErrorRow
  readonly when: string
  readonly call: () => Promise<Answer>
  /** What the message names in place of its placeholder. */
  readonly names?: string
}

const tooLarge = 12_582_913
const table: readonly Reached[] = [
  { row: '0101', when: 'the host belongs to no group', call: () => program.call('stranger.example.com', '/open') },
  { row: '0101', when: 'the path is unknown', call: () => get('/elsewhere') },
  { row: '0101', when: 'the method is another', call: () => program.call(domain, '/open', { method: 'DELETE' }) },
  { row: '0101', when: 'the API is not published', call: () => get('/unpublished') },
  { row: '0101', when: 'it is not published in that environment', call: () => get('/open', { 'X-Stage': 'BETA' }) },
  { row: '0106', when: 'a required parameter is missing', call: () => get('/checked') },
  { row: '0106', when: 'a number is none', call: () => get('/checked?page=abc') },
  { row: '0106', when: 'a number is too large', call: () => get('/checked?page=11') },
  {
    row: '0201/400',
    when: 'the request line is none',
    call: () => askRaw(program.httpPort, 'FOO BAR BAZ QUX\r\n\r\n'),
  },
  { row: '0201/400', when: 'a field name has a space in it', call: () => raw('GET /open HTTP/1.1', 'X Y: z') },
  {
    row: '0201/400',
    when: 'two lengths differ',
    call: () => raw('GET /open HTTP/1.1', 'Content-Length: 3', 'Content-Length: 4'),
  },
  {
    row: '0201/413',
    when: 'the length says more than 12 MB',
    call: () => raw('POST /posted HTTP/1.1', `Content-Length: ${tooLarge}`),
  },
  {
    row: '0201/413',
    when: 'the chunks come to more than 12 MB',
    call: () => sendAll(tooLarge),
  },
  { row: '0201/414', when: 'the target is longer than 32 KB', call: () => get(`/${'a'.repeat(32_768)}`) },
  {
    row: '0201/494',
    when: 'one field line is longer than 32 KB',
    call: () => get('/open', { 'X-Long': 'a'.repeat(33 * 1024) }),
  },
  {
    row: '0201/494',
    when: 'all field lines are longer than 128 KB',
    call: () => get('/open', Object.fromEntries([1, 2, 3, 4, 5].map(n => [`X-Long-${n}`, 'a'.repeat(30 * 1024)]))),
  },
  { row: '0201/503', when: 'the backend refuses connections', call: () => get('/refusing') },
  { row: '0201/503', when: 'the backend does not speak TLS', call: () => get('/notls') },
  { row: '0201/504', when: 'the backend says nothing in time', call: () => get('/silent') },
  { row: '0302', when: "the app's account is kept away", call: () => signedBy(authorized, {}, '/forbidden') },
  { row: '0303', when: 'there is no credential', call: () => get('/forapps') },
  { row: '0303', when: 'the app key is unknown', call: () => signedBy({ key: 'unknown', secret: 'unknown' }) },
  { row: '0303', when: 'the secret is wrong', call: () => signedBy({ ...authorized, secret: 'wrong' }) },
  { row: '0303', when: 'another query was signed', call: () => signedBy(authorized, { query: { a: '1' } }) },
  {
    row: '0303',
    when: 'the signature is 16 minutes old',
    call: () => signedBy(authorized, { headers: { 'X-Sdk-Date': minutesAgo(16) } }),
  },
  {
    row: '0303',
    when: 'the AppCode is unknown',
    call: () => program.callTls(domain, '/forapps', { headers: { 'X-Apig-AppCode': 'unknown' } }),
  },
  { row: '0304', when: 'the app was never authorised', call: () => signedBy(stranger) },
  {
    row: '0304',
    when: 'the app is authorised in another environment',
    call: () => signedBy(authorized, { headers: { 'X-Stage': 'BETA' } }),
  },
  { row: '0402', when: 'the address is kept away', call: () => get('/walled') },
  { row: '0602', when: 'an escape cannot be decoded', call: () => get('/%zz') },
  { row: '0602', when: 'there are two hosts', call: () => raw('GET /open HTTP/1.1', 'Host: other.example.com') },
  { row: '0602', when: 'the method is TRACE', call: () => raw('TRACE /open HTTP/1.1') },
  { row: '0602', when: 'the path leads above the root', call: () => raw('GET /a/../../etc HTTP/1.1') },
  { row: '0605', when: "the backend's name cannot be resolved", call: () => get('/nowhere') },
  { row: '0607', when: 'an API for HTTPS is called over HTTP', call: () => get('/secure'), names: 'HTTPS' },
  {
    row: '0607',
    when: 'an API for HTTP is called over HTTPS',
    call: () => program.callTls(domain, '/insecure'),
    names: 'HTTP',
  },
  {
    row: '0607',
    when: 'an AppCode comes over plain HTTP',
    call: () => get('/forapps', { 'X-Apig-AppCode': 'unknown' }),
    names: 'HTTPS',
  },
]

/** A body of unknown length. The answer may come before its end, and what is written then goes nowhere. */
function sendAll(length: number): Promise<Answer> {
  const chunk = Buffer.alloc(65_536)
  let left = length
  const body = new Readable({
    read() {
      const size = Math.min(left, chunk.length)
      left -= size
      this.push(size === 0 ? null : chunk.subarray(0, size))
    },
  })
  return program.call(domain, '/posted', { method: 'POST', body })
}

/** What a caller sees of a refusal: exactly the contract's. */
function assertRow(row: ErrorRow, answer: Answer, names?: string): void {
  const { code, status } = errors[row]
  assert.equal(answer.status, status, answer.text)
  const requestId = answer.headers['x-request-id']
  assert.match(String(requestId), /^[0-9a-f]{32}$/)
  assert.deepEqual(answer.json, {
    error_code: code,
    error_msg: errorMessage(row, names === undefined ? undefined : { xxx: names }),
    request_id: requestId,
  })
  assert.equal(answer.headers['content-type'], 'application/json')
  assert.equal(answer.headers['server'], 'api-gateway')
  assert.ok(!Number.isNaN(Date.parse(String(answer.headers['date']))))
}

const logOf = (dataDir: string) =>
  readFileSync(join(dataDir, 'pailou.log'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

/** What the operator learns: the evidence in the log, and an explanation in both languages. */
async function assertExplained(row: ErrorRow, answer: Answer, { admin, dataDir }: Program): Promise<void> {
  const id = String(answer.headers['x-request-id'])
  const path = `/pailou/v1/requests/${id}`
  const known = await eventually(`${row} to be explained`, async () => {
    const found = await admin.call('GET', path)
    return found.status === 200 ? found.json : undefined
  })
  const { code, status, meaning, solution, fault } = errors[row]
  assert.deepEqual([known.request_id, known.row, known.code, known.status, known.fault], [id, row, code, status, fault])
  assert.deepEqual([known.meaning, known.solution], [meaning.zh, solution.zh])
  const english = (await admin.call('GET', path, { query: { lang: 'en' } })).json
  assert.deepEqual([english.meaning, english.solution], [meaning.en, solution.en])
  assert.ok(Object.keys(known.evidence).length > 0, 'there is no evidence')
  const line = logOf(dataDir).find(({ requestId }) => requestId === id)
  assert.deepEqual([line?.event, line?.row, line?.evidence], ['refused', row, known.evidence])
}

for (const { row, when, call, names } of table) {
  it(`${row} ${errors[row].status} ${errors[row].message} — ${when}`, async () => {
    const answer = await call()
    assertRow(row, answer, names)
    await assertExplained(row, answer, program)
  })
}

it('answers a refused HEAD with the head alone', async () => {
  const answer = await program.call(domain, '/elsewhere', { method: 'HEAD' })
  const { 'content-type': type, 'content-length': length } = answer.headers
  assert.deepEqual([answer.status, answer.text, type], [404, '', 'application/json'])
  assert.ok(Number(length) > 0)
})

it('passes what is just within the limits', async () => {
  assert.equal((await sendAll(tooLarge - 1)).status, 200)
  assert.equal((await signedBy(authorized)).status, 200)
  assert.equal((await signedBy(authorized, { headers: { 'X-Sdk-Date': minutesAgo(14) } })).status, 200)
  assert.equal((await get('/checked?page=10')).status, 200)
  assertRow('0101', await get(`/${'a'.repeat(32_767)}`))
  assert.equal((await get('/open', { 'X-Long': 'a'.repeat(32 * 1024 - 16) })).status, 200)
})

it('writes no credential into the log', () => {
  const log = readFileSync(join(program.dataDir, 'pailou.log'), 'utf8')
  for (const { secret } of [authorized, stranger]) assert.ok(!log.includes(secret))
  assert.ok(!log.includes(program.credentials.secret_key))
})

it(`0606 500 ${errors['0606'].message} — the store cannot be read, until it can`, async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const first = await startProgram({ dataDir })
  const group = await first.admin.makeGroup('waiting')
  await first.admin.serve(group.id, { name: 'served', req_uri: '/served' })
  await first.stop()

  const database = new DatabaseSync(join(dataDir, 'pailou.db'))
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  const [http, https, adminPort] = (await freePorts(3)) as [number, number, number]
  const flags = ['--http-port', String(http), '--https-port', String(https), '--admin-port', String(adminPort)]
  const process = new Process({ dataDir, flags, env: { PAILOU_DEMO: '0' } })
  try {
    await process.printed('Listening, but without a configuration: the store is unavailable')
    const refused = await ask({ port: http, host: group.sl_domain, path: '/served' })
    assertRow('0606', refused)
    const health = (name: string) => ask({ port: adminPort, path: `/health/${name}` })
    assert.equal((await health('live')).status, 200)
    const ready = await health('ready')
    assert.equal(ready.status, 503)
    assert.match(ready.json.reason, /^the store is unavailable: .*locked/)
    const { projectId, instanceId, credential } = first.admin
    const asked = await new Admin(adminPort, projectId, instanceId, credential).inside('GET', 'apis')
    assert.deepEqual([asked.status, asked.json.error_code], [503, 'APIG.9999'], asked.text)
    assert.match(asked.json.error_msg, /store cannot be reached/)

    database.exec('ROLLBACK')
    database.close()
    await process.printed('Ctrl-C lets')
    const served = await eventually('the API to be served', async () => {
      const answer = await ask({ port: http, host: group.sl_domain, path: '/served' })
      return answer.status === 200 ? answer : undefined
    })
    assert.equal(served.text, 'hello')
    assert.equal((await health('ready')).status, 200)
    const now = programOf(process, dataDir)
    await assertExplained('0606', refused, now)
    await now.stop()
  } finally {
    if (database.isOpen) database.close()
    if (process.child.exitCode === null) await process.kill()
  }
})
