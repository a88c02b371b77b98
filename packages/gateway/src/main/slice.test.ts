import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEcho, type Echo } from '../control/echo.ts'
import { apiBody, backend, mock, releaseId, type Admin } from './testing/admin.ts'
import { ask, assertRefused, type Answer } from './testing/http.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** What somebody does who has just started it, over the network and nothing else. */

let program: Program
let admin: Admin
let echo: Echo
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  echo = await openEcho()
})
after(async () => {
  await echo.close()
  await program.stop()
})

describe('getting in', () => {
  async function token(password: string): Promise<Answer> {
    const { account, user } = program.credentials
    const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: account } } } }
    const scope = { project: { id: admin.projectId } }
    return ask({
      port: program.adminPort,
      method: 'POST',
      path: '/v3/auth/tokens',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope } }),
    })
  }

  it('gives a token for the printed password, with which the admin API is entered', async () => {
    const login = await token(program.credentials.password)
    assert.equal(login.status, 201, login.text)
    const headers = { 'X-Auth-Token': String(login.headers['x-subject-token']) }
    const path = `/v2/${admin.projectId}/apigw/instances`
    const listed = await ask({ port: program.adminPort, path, headers })
    assert.equal(listed.status, 200, listed.text)
    assert.deepEqual(
      listed.json.instances.map(({ id }: { id: string }) => id),
      [admin.instanceId],
    )
  })

  it('gives none for another password', async () => {
    assert.equal((await token(`${program.credentials.password}x`)).status, 401)
  })

  it('recognises the printed access key, and nobody without one', async () => {
    const path = `/v2/${admin.projectId}/apigw/instances`
    assert.equal((await admin.call('GET', path)).status, 200)
    assert.equal((await ask({ port: program.adminPort, path })).status, 401)
  })
})

describe('the ways to an API', () => {
  let group: { id: string; sl_domain: string }
  before(async () => {
    group = await admin.makeGroup('ways')
  })

  it('answers at the debugging domain once it is published, over HTTP and HTTPS', async () => {
    const api = await admin.makeApi(group.id, { name: 'mocked', req_uri: '/mocked', ...mock('{"a":"好"}', 201) })
    assertRefused(await program.call(group.sl_domain, '/mocked'), 404, 'APIG.0101')
    await admin.publish(api.id)
    for (const answer of [
      await program.call(group.sl_domain, '/mocked'),
      await program.callTls(group.sl_domain, '/mocked'),
      await program.call(`${group.sl_domain.toUpperCase()}:${program.httpPort}`, '/mocked?x=1'),
    ]) {
      assert.deepEqual([answer.status, answer.text], [201, '{"a":"好"}'])
      assert.equal(answer.headers['server'], 'api-gateway')
    }
    assertRefused(await program.call(group.sl_domain, '/mocked', { method: 'POST' }), 404, 'APIG.0101')
  })

  it('answers at a bound domain and at every name of a wildcard, until they are unbound', async () => {
    await admin.serve(group.id, { name: 'bound', req_uri: '/bound' })
    const bind = (url_domain: string) => admin.make('POST', `api-groups/${group.id}/domains`, { url_domain })
    const { id } = await bind('api.example.com')
    await bind('*.wild.example.com')
    const statusAt = async (host: string) => (await program.call(host, '/bound')).status
    assert.equal(await statusAt('api.example.com'), 200)
    assert.equal(await statusAt('one.wild.example.com'), 200)
    assert.equal(await statusAt('one.two.wild.example.com'), 404)
    await admin.make('DELETE', `api-groups/${group.id}/domains/${id}`)
    assert.equal(await statusAt('api.example.com'), 404)
  })

  it('closes the debugging domain and opens it again', async () => {
    await admin.serve(group.id, { name: 'setting', req_uri: '/setting' })
    const setting = (sl_domain_access_enabled: boolean) =>
      admin.make('PUT', `api-groups/${group.id}/sl-domain-access-settings`, { sl_domain_access_enabled })
    await setting(false)
    assertRefused(await program.call(group.sl_domain, '/setting'), 404, 'APIG.0101')
    await setting(true)
    assert.equal((await program.call(group.sl_domain, '/setting')).status, 200)
  })

  it('serves each environment its own version, chosen by X-Stage', async () => {
    const { id: beta } = await admin.make('POST', 'envs', { name: 'BETA' })
    const api = await admin.makeApi(group.id, { name: 'staged', req_uri: '/staged', ...mock('release') })
    await admin.publish(api.id)
    await admin.make(
      'PUT',
      `apis/${api.id}`,
      apiBody(group.id, { name: 'staged', req_uri: '/staged', ...mock('beta') }),
    )
    await admin.publish(api.id, beta)
    const at = (stage?: string) =>
      program.call(group.sl_domain, '/staged', stage === undefined ? {} : { headers: { 'X-Stage': stage } })
    assert.equal((await at()).text, 'release')
    assert.equal((await at('RELEASE')).text, 'release')
    assert.equal((await at('BETA')).text, 'beta')
    assertRefused(await at('GAMMA'), 404, 'APIG.0101')
  })

  const parameter = (name: string) => ({ name, type: 'STRING', location: 'PATH', required: 1 })
  const from = (name: string, value = name) => ({ name, location: 'PATH', origin: 'REQUEST', value })
  const paths: readonly [
    what: string,
    definition: Record<string, unknown>,
    call: string,
    method: string,
    received: string,
  ][] = [
    [
      'a path template',
      {
        req_uri: '/users/{id}/posts/{post}',
        req_params: [parameter('id'), parameter('post')],
        backend_params: [from('user', 'id'), from('post')],
        path: '/v1/{user}/{post}',
      },
      '/users/a%20b/posts/7?q=1',
      'GET',
      '/v1/a%20b/7?q=1',
    ],
    [
      '{proxy+}',
      {
        req_uri: '/files/{proxy+}',
        req_params: [parameter('proxy')],
        backend_params: [from('proxy')],
        path: '/store/{proxy}',
      },
      '/files/one/two/three',
      'GET',
      '/store/one/two/three',
    ],
    [
      'a prefix',
      { req_uri: '/prefix', match_mode: 'SWA', path: '/behind' },
      '/prefix/one/two?x=y',
      'GET',
      '/behind/one/two?x=y',
    ],
    ['the prefix itself', { req_uri: '/itself', match_mode: 'SWA', path: '/behind' }, '/itself', 'GET', '/behind'],
    ['ANY', { req_uri: '/any', req_method: 'ANY', path: '/any' }, '/any', 'PATCH', '/any'],
  ]
  for (const [index, [what, { path, ...definition }, call, method, received]] of paths.entries()) {
    it(`leads ${what} to the backend`, async () => {
      const name = `path${index}`
      await admin.serve(group.id, { name, req_uri: '', ...definition, ...backend(echo.port, String(path)) })
      const answer = await program.call(group.sl_domain, call, { method })
      assert.equal(answer.status, 200, answer.text)
      const { path: at, query } = answer.json
      assert.equal(query === '' ? at : `${at}?${query}`, received)
      assert.equal(answer.json.method, method)
    })
  }

  it('does not take half a segment for a prefix', async () => {
    assertRefused(await program.call(group.sl_domain, '/prefixes'), 404, 'APIG.0101')
  })
})

it('keeps a draft apart from what serves, and goes back to an earlier version', async () => {
  const group = await admin.makeGroup('versions')
  const said = async () => (await program.call(group.sl_domain, '/v')).text
  const draft = (content: string) => apiBody(group.id, { name: 'versioned', req_uri: '/v', ...mock(content) })
  const api = await admin.make('POST', 'apis', draft('one'))
  const first = await admin.publish(api.id)
  await admin.make('PUT', `apis/${api.id}`, draft('two'))
  assert.equal(await said(), 'one')
  const second = await admin.publish(api.id)
  assert.equal(second.publish_id, first.publish_id)
  assert.equal(await said(), 'two')
  await admin.make('PUT', `apis/publish/${api.id}`, { version_id: first.version_id })
  assert.equal(await said(), 'one')
  const { api_versions: versions } = await admin.make('GET', `apis/publish/${api.id}`)
  const status = (id: string) => versions.find((version: { version_id: string }) => version.version_id === id)?.status
  assert.deepEqual([status(first.version_id), status(second.version_id)], [1, 2])
  await admin.offline(api.id)
  assertRefused(await program.call(group.sl_domain, '/v'), 404, 'APIG.0101')
})

it('deletes everything that was made, and then nothing of it answers', async () => {
  const { groups } = await admin.make('GET', 'api-groups')
  for (const group of groups) {
    if (group.is_default === 1) continue
    const { apis } = (await admin.inside('GET', 'apis', { query: { group_id: group.id, limit: '500' } })).json
    for (const api of apis) {
      for (const environment of api.run_env_id.split('|').filter(Boolean)) await admin.offline(api.id, environment)
      await admin.make('DELETE', `apis/${api.id}`)
      assert.equal((await admin.inside('GET', `apis/${api.id}`)).status, 404)
    }
    await admin.make('DELETE', `api-groups/${group.id}`)
    assertRefused(await program.call(group.sl_domain, '/mocked'), 404, 'APIG.0101')
  }
  for (const environment of (await admin.make('GET', 'envs')).envs) {
    if (environment.id !== releaseId) await admin.make('DELETE', `envs/${environment.id}`)
  }
  const left = await Promise.all(['api-groups', 'apis', 'envs'].map(kind => admin.make('GET', kind)))
  assert.deepEqual(
    left.map(({ total }) => total),
    [1, 0, 1],
  )
  const snapshot = (await admin.call('GET', '/pailou/v1/snapshot')).json
  assert.deepEqual(snapshot.routes, [])
})
