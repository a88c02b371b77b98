import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { after, before, it } from 'node:test'
import { backend, mock, releaseId, type Admin } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { ask } from './testing/http.ts'
import { openBackend } from './testing/listen.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** What callers do is counted in the threads, and comes out of the admin port added up. */

let program: Program
let admin: Admin
let slow: Awaited<ReturnType<typeof openBackend>>
let group: { readonly id: string; readonly sl_domain: string }
let fast: { readonly id: string }
let late: { readonly id: string }
let quiet: { readonly id: string }
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  slow = await openBackend(async (_request, response) => {
    await delay(120)
    response.statusCode = 503
    response.end('late')
  })
  group = await admin.makeGroup('counted')
  fast = await admin.serve(group.id, { name: 'fast', req_uri: '/fast', ...mock('hello') })
  late = await admin.serve(group.id, { name: 'late', req_uri: '/late', ...backend(slow.port, '/x') })
  quiet = await admin.serve(group.id, { name: 'quiet', req_uri: '/quiet', auth_type: 'APP', ...mock('hello') })
  for (let i = 0; i < 7; i++) assert.equal((await program.call(group.sl_domain, '/fast')).status, 200)
  for (let i = 0; i < 2; i++) assert.equal((await program.call(group.sl_domain, '/late')).status, 503)
  assert.equal((await program.call(group.sl_domain, '/quiet')).status, 401)
  assert.equal((await program.call(group.sl_domain, '/nowhere')).status, 404)
})
after(async () => {
  slow.close()
  await program.stop()
})

interface Row {
  readonly api_id?: string
  readonly group_id: string
  readonly req_count: number
  readonly current_minute: number
  readonly [field: string]: unknown
}

async function statistics(what: 'api' | 'group', query: Record<string, string> = {}): Promise<readonly Row[]> {
  const answer = await admin.inside('GET', `statistics/${what}/latest`, { query })
  assert.equal(answer.status, 200, answer.text)
  const { code, start_time, end_time, list } = answer.json
  assert.equal(code, 'APIG.0000')
  assert.ok(start_time < end_time && end_time - start_time <= 3600)
  return list
}

const sum = (rows: readonly Row[], field: string) => rows.reduce((total, row) => total + Number(row[field]), 0)

/** The threads tell what they have counted once in a second. */
function counted(query: Record<string, string>, requests: number): Promise<readonly Row[]> {
  return eventually(`${requests} requests to be counted`, async () => {
    const rows = await statistics('api', query)
    return sum(rows, 'req_count') >= requests ? rows : undefined
  })
}

it('shows the last hour of an API minute by minute', async () => {
  const rows = await counted({ api_id: late.id }, 2)
  assert.equal(rows.length, 60)
  for (const [index, row] of rows.entries()) {
    assert.equal(row.current_minute % 60, 0)
    if (index > 0) assert.equal(row.current_minute - rows[index - 1]!.current_minute, 60)
  }
  const counts = ['req_count', 'req_count2xx', 'req_count4xx', 'req_count5xx', 'req_count_error']
  assert.deepEqual(
    counts.map(field => sum(rows, field)),
    [2, 0, 0, 2, 2],
  )
  const { max_latency, avg_latency, api_id, group_id, cycle } = rows.find(({ req_count }) => req_count > 0)!
  assert.ok(Number(max_latency) >= 100 && Number(max_latency) < 5000, String(max_latency))
  assert.ok(Number(avg_latency) >= 100 && Number(avg_latency) <= Number(max_latency), String(avg_latency))
  assert.deepEqual({ api_id, group_id, cycle }, { api_id: late.id, group_id: group.id, cycle: 'MINUTE' })
  assert.equal((await statistics('api', { api_id: late.id, duration: '15m' })).length, 15)
})

it('shows every API that was called, and a group with all of its APIs', async () => {
  await counted({ api_id: fast.id }, 7)
  await counted({ api_id: quiet.id }, 1)
  const never = await admin.makeApi(group.id, { name: 'never', req_uri: '/never' })
  const all = await counted({}, 10)
  assert.deepEqual(
    [fast, late, quiet, never].map(({ id }) =>
      sum(
        all.filter(({ api_id }) => api_id === id),
        'req_count',
      ),
    ),
    [7, 2, 1, 0],
  )
  assert.ok(!all.some(({ api_id }) => api_id === never.id))
  assert.equal(sum(await statistics('api', { api_id: never.id }), 'req_count'), 0)
  const ofGroup = await statistics('group', { group_id: group.id })
  assert.equal(ofGroup.length, 60)
  assert.deepEqual(
    ['req_count', 'req_count2xx', 'req_count4xx', 'req_count5xx', 'req_count_error'].map(field => sum(ofGroup, field)),
    [10, 7, 1, 2, 3],
  )
  assert.deepEqual(new Set((await statistics('group')).map(({ group_id }) => group_id)), new Set([group.id]))
})

const refusals: [what: string, query: Record<string, string>, status: number, code: string][] = [
  ['api', { api_id: 'nobody' }, 404, 'APIG.3002'],
  ['group', { group_id: 'nobody' }, 404, 'APIG.3001'],
  ['api', { duration: '2h' }, 400, 'APIG.2012'],
  ['api', { duration: '0m' }, 400, 'APIG.2012'],
  ['group', { duration: 'hour' }, 400, 'APIG.2012'],
]
for (const [what, query, status, code] of refusals) {
  it(`refuses statistics by ${what} for ${JSON.stringify(query)}`, async () => {
    const answer = await admin.inside('GET', `statistics/${what}/latest`, { query })
    assert.deepEqual([answer.status, answer.json.error_code], [status, code])
  })
}

it('gives them to a scraper, who needs no credential', async () => {
  await counted({}, 10)
  const answer = await eventually('everything to be counted', async () => {
    const answer = await ask({ port: program.adminPort, path: '/metrics' })
    return answer.text.includes('row="0101"') ? answer : undefined
  })
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const labels = (id: string, name: string) =>
    `group_id="${group.id}",api_id="${id}",api="${name}",environment="RELEASE"`
  for (const line of [
    `pailou_requests_total{${labels(fast.id, 'fast')},status="2xx"} 7`,
    `pailou_requests_total{${labels(late.id, 'late')},status="5xx"} 2`,
    `pailou_requests_total{${labels(quiet.id, 'quiet')},status="4xx"} 1`,
    `pailou_requests_total{group_id="",api_id="",api="",environment="",status="4xx"} 1`,
    `pailou_refusals_total{${labels(quiet.id, 'quiet')},row="0303",code="APIG.0303",fault="caller"} 1`,
    `pailou_refusals_total{group_id="",api_id="",api="",environment="",row="0101",code="APIG.0101",fault="caller"} 1`,
    'pailou_request_duration_seconds_count 11',
    'pailou_ready 1',
  ])
    assert.ok(answer.text.includes(`\n${line}\n`), `${line}\n---\n${answer.text}`)
  assert.match(answer.text, /\npailou_connections\{thread="1"\} \d+\n/)
  assert.ok(!answer.text.includes(program.credentials.secret_key))
})

it('keeps the environments of an API apart in the metrics, and together in its statistics', async () => {
  const { id } = await admin.make('POST', 'envs', { name: 'BETA' })
  await admin.publish(fast.id, id)
  await program.call(group.sl_domain, '/fast', { headers: { 'X-Stage': 'BETA' } })
  const rows = await counted({ api_id: fast.id }, 8)
  assert.equal(sum(rows, 'req_count'), 8)
  const { text } = await ask({ port: program.adminPort, path: '/metrics' })
  for (const [environment, times] of [
    ['BETA', 1],
    ['RELEASE', 7],
  ])
    assert.match(text, new RegExp(`api="fast",environment="${environment}",status="2xx"} ${times}\n`))
  await admin.offline(fast.id, releaseId)
  assert.equal(sum(await statistics('api', { api_id: fast.id }), 'req_count'), 8)
})
