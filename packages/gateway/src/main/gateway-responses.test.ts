import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { apiBody, backend, releaseId } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { freePorts } from './testing/listen.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** How a group words its refusals, from the admin API to the caller. */

let program: Program
let group: { readonly id: string; readonly sl_domain: string }
let defaultId: string
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  group = await program.admin.makeGroup('worded')
  const { responses } = await program.admin.make('GET', `api-groups/${group.id}/gateway-responses`)
  defaultId = responses[0].id
})
after(() => program.stop())

const call = (path: string, options = {}) => program.call(group.sl_domain, path, options)
const word = (id: string, responses: object, name = 'default') =>
  program.admin.make('PUT', `api-groups/${group.id}/gateway-responses/${id}`, { name, responses })
const everything = JSON.stringify(
  Object.fromEntries(
    ['error.code', 'error.message', 'error.type', 'requestId', 'sourceIp', 'reqMethod', 'reqPath', 'reqUri', 'apiName']
      .concat('stage', 'appId', 'authorizer.frontend.x')
      .map(name => [name, `$context.${name}`]),
  ),
)

it('says a refusal in the words of the group, with its status and headers, and remembers what was sent', async () => {
  await program.admin.serve(group.id, { name: 'closed', req_uri: '/closed', auth_type: 'APP' })
  const headers = [
    { key: 'X-Why', value: '$context.error.type of $context.apiName' },
    { key: 'Content-Type', value: 'application/problem+json' },
  ]
  await word(defaultId, { AUTH_HEADER_MISSING: { status: 418, body: everything, headers } })
  const answer = await call('/closed?a=%22')
  assert.equal(answer.status, 418, answer.text)
  const id = String(answer.headers['x-request-id'])
  assert.deepEqual(answer.json, {
    'error.code': 'APIG.0303',
    'error.message': 'Incorrect App authentication information.',
    'error.type': 'AUTH_HEADER_MISSING',
    'requestId': id,
    'sourceIp': '127.0.0.1',
    'reqMethod': 'GET',
    'reqPath': '/closed',
    'reqUri': '/closed?a=%22',
    'apiName': 'closed',
    'stage': 'RELEASE',
    'appId': '',
    'authorizer.frontend.x': '',
  })
  assert.equal(answer.headers['x-why'], 'AUTH_HEADER_MISSING of closed')
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.equal(answer.headers['server'], 'api-gateway')
  const known = await eventually('the refusal to be explained', async () => {
    const found = await program.admin.call('GET', `/pailou/v1/requests/${id}`)
    return found.status === 200 ? found.json : undefined
  })
  assert.deepEqual([known.row, known.status], ['0303', 418])

  const wrong = await call('/closed', {
    headers: { Authorization: 'SDK-HMAC-SHA256 Access=x, SignedHeaders=a, Signature=b' },
  })
  assert.deepEqual([wrong.status, wrong.json.error_code], [401, 'APIG.0303'], 'AUTH_FAILURE is not worded')
})

it('words what is of no type of its own by the class of its status, and keeps the status', async () => {
  const [port] = await freePorts(1)
  await program.admin.serve(group.id, { name: 'down', req_uri: '/down', ...backend(port!, '/') })
  await program.admin.serve(group.id, { name: 'secure', req_uri: '/secure', req_protocol: 'HTTPS' })
  await word(defaultId, { DEFAULT_4XX: { body: '4xx $context.error.code' }, DEFAULT_5XX: { body: '5xx' } })
  const missing = await call('/nowhere')
  assert.deepEqual([missing.status, missing.text], [404, '4xx APIG.0101'], 'also where no API is known')
  assert.equal(missing.headers['content-type'], 'text/plain; charset=utf-8')
  const secure = await call('/secure')
  assert.deepEqual([secure.status, secure.text], [400, '4xx APIG.0607'])
  const down = await call('/down')
  assert.deepEqual([down.status, down.text], [503, '5xx'], 'also when the backend fails')
  const head = await call('/nowhere', { method: 'HEAD' })
  assert.deepEqual([head.status, head.text, head.headers['content-length']], [404, '', '13'])
})

it('lets an API name another gateway response, and falls back to the default one when that is gone', async () => {
  await word(defaultId, { NOT_FOUND: { body: 'default' }, DEFAULT_4XX: { body: 'default' } })
  const path = `api-groups/${group.id}/gateway-responses`
  const own = await program.admin.make('POST', path, { name: 'own', responses: { DEFAULT_4XX: { body: 'own' } } })
  const body = apiBody(group.id, { name: 'picky', req_uri: '/picky', req_protocol: 'HTTPS', response_id: own.id })
  const api = await program.admin.make('POST', 'apis', body)
  assert.equal(api.response_id, own.id)
  await program.admin.publish(api.id, releaseId)
  assert.equal((await call('/picky')).text, 'own')
  await program.admin.make('DELETE', `${path}/${own.id}`)
  assert.equal((await call('/picky')).text, 'default')
  const unknown = await program.admin.inside('POST', 'apis', {
    body: apiBody(group.id, { name: 'unknown', req_uri: '/unknown', response_id: own.id }),
  })
  assert.deepEqual([unknown.status, unknown.json.error_code], [404, 'APIG.3007'])
})

it('lets no caller write a header or break the JSON', async () => {
  const headers = [{ key: 'X-Path', value: '<$context.reqPath>' }]
  await word(defaultId, { NOT_FOUND: { body: '{"path":"$context.reqPath"}', headers } })
  const answer = await call('/a%0D%0AX-Evil:%201%22%E4%B8%AD')
  assert.equal(answer.status, 404)
  assert.deepEqual(answer.json, { path: '/a\r\nX-Evil: 1"中' })
  assert.equal(answer.headers['x-evil'], undefined)
  assert.equal(Buffer.from(String(answer.headers['x-path']), 'latin1').toString(), '</aX-Evil: 1"中>')
})

it('goes back to its own words when the group has none any more', async () => {
  await word(defaultId, {})
  const answer = await call('/nowhere')
  assert.deepEqual([answer.status, answer.json.error_code], [404, 'APIG.0101'])
})
