import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { backend, mock, releaseId, type Admin } from './testing/admin.ts'
import { openBackend } from './testing/listen.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** Debugging calls go through the gateway as every call does. */

let program: Program
let admin: Admin
let echo: Awaited<ReturnType<typeof openBackend>>
let group: { readonly id: string; readonly sl_domain: string }
const apis: Record<string, string> = {}
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  echo = await openBackend(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const { url, method, headers } = request
    response.end(JSON.stringify({ url, method, agent: headers['user-agent'], tea: headers['x-tea'], body }))
  })
  group = await admin.makeGroup('debugged')
  apis['echo'] = (
    await admin.serve(group.id, { name: 'echo', req_uri: '/echo/{what}', req_method: 'ANY', ...echoed() })
  ).id
  const signed = { name: 'signed', req_uri: '/signed/{what}', auth_type: 'APP', req_method: 'ANY', ...echoed() }
  apis['signed'] = (await admin.serve(group.id, signed)).id
  apis['draft'] = (await admin.makeApi(group.id, { name: 'draft', req_uri: '/draft', ...mock('draft') })).id
})
after(async () => {
  echo.close()
  await program.stop()
})

function echoed(): object {
  return {
    req_params: [{ name: 'what', type: 'STRING', location: 'PATH', required: 1 }],
    backend_params: [{ name: 'what', origin: 'REQUEST', location: 'PATH', value: 'what' }],
    ...backend(echo.port, '/got/{what}'),
  }
}

interface Shown {
  readonly request: string
  readonly response: string
  readonly latency: number
  readonly log: string
}

const debug = (api: string, more: object): Promise<Shown> =>
  admin.make('POST', `apis/debug/${apis[api]!}`, { mode: 'CONSUMER', scheme: 'HTTP', method: 'GET', ...more })

const bodyOf = ({ response }: Shown) => JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4))

it('shows what was sent and what came back, over both schemes', async () => {
  for (const scheme of ['HTTP', 'HTTPS']) {
    const more = { header: { 'X-Tea': ['green'] }, query: { colour: ['red', '绿 茶'] }, body: '牌楼' }
    const shown = await debug('echo', { scheme, method: 'POST', path: '/echo/牌 楼'.replace(' ', '%20'), ...more })
    const lines = shown.request.split('\r\n')
    assert.equal(lines[0], 'POST /echo/%E7%89%8C%20%E6%A5%BC?colour=red&colour=%E7%BB%BF%20%E8%8C%B6 HTTP/1.1')
    assert.equal(lines[1], `Host: ${group.sl_domain}`)
    for (const line of [
      'User-Agent: APIGatewayDebugClient/1.0',
      'X-Apig-Mode: debug',
      'X-Tea: green',
      'Content-Length: 6',
    ])
      assert.ok(lines.includes(line), line)
    assert.ok(shown.request.endsWith('\r\n\r\n牌楼'))
    assert.ok(shown.response.startsWith('HTTP/1.1 200 OK\r\n'))
    const { url, method, agent, tea, body } = bodyOf(shown)
    assert.deepEqual(
      { url: decodeURIComponent(url).split('?')[0], method, agent, tea, body },
      { url: '/got/牌 楼', method: 'POST', agent: 'APIGatewayDebugClient/1.0', tea: 'green', body: '牌楼' },
    )
    assert.ok(Number.isInteger(shown.latency))
    assert.match(
      shown.log,
      new RegExp(`^sent to the gateway's ${scheme.toLowerCase()} port \\d+\\nanswered 200 after \\d+ ms`),
    )
  }
})

it('signs with the key and the secret it is given, and shows the reason of a refusal without the secret', async () => {
  const app = await admin.make('POST', 'apps', { name: 'an_app' })
  const credentials = { app_key: app.app_key, app_secret: app.app_secret }
  const stranger = await debug('signed', { path: '/signed/x', ...credentials })
  assert.match(stranger.response, /^HTTP\/1\.1 \d{3} .*"APIG\.0304"/s)
  assert.match(stranger.log, /refused by the gateway: APIG\.0304 .*\nmeaning: .+\nwhat to do: .+\nevidence: \{/s)

  await admin.make('POST', 'app-auths', { env_id: releaseId, app_ids: [app.id], api_ids: [apis['signed']] })
  const more = { method: 'POST', path: '/signed/牌楼', query: { z: ['a+b&c'], a: ['~'] }, body: '{"a": 1}' }
  const shown = await debug('signed', { ...more, ...credentials })
  assert.ok(shown.response.startsWith('HTTP/1.1 200 OK\r\n'), shown.response)
  assert.match(shown.request, /\r\nAuthorization: SDK-HMAC-SHA256 Access=/)
  assert.equal(bodyOf(shown).body, '{"a": 1}')
  assert.ok(!JSON.stringify(shown).includes(app.app_secret))

  const wrong = await debug('signed', { path: '/signed/x', app_key: app.app_key, app_secret: 'not-the-secret' })
  assert.match(wrong.log, /APIG\.0303 .*signature/s)
  const anonymous = await debug('signed', { path: '/signed/x' })
  assert.match(anonymous.response, /"APIG\.0303"/)
})

it('calls the environment and the domain it is told, and nothing that is not published', async () => {
  assert.match((await debug('draft', { path: '/draft' })).response, /"APIG\.0101"/)
  const { id } = await admin.make('POST', 'envs', { name: 'BETA' })
  await admin.publish(apis['draft']!, id)
  const beta = await debug('draft', { path: '/draft', stage: 'BETA' })
  assert.match(beta.request, /\r\nX-Stage: BETA\r\n/)
  assert.ok(beta.response.endsWith('\r\n\r\ndraft'))

  await admin.make('POST', `api-groups/${group.id}/domains`, { url_domain: '*.tea.example' })
  const named = await debug('echo', { path: '/echo/x', domain: 'Green.tea.example' })
  assert.match(named.request, /\r\nHost: green\.tea\.example\r\n/)
  assert.equal(bodyOf(named).url, '/got/x')
})
