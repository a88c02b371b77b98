import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { operations } from '@pailou/contract'
import { Errors } from 'typebox/value'

import { assertRefused, openForTests, password, send, type Answer, type Gateway } from '../admin/open-for-tests.ts'
import { secret } from '../../base/secret.ts'
import { hashPassword } from '../password.ts'
import { tokenLifeMs } from './tokens.ts'

let gateway: Gateway
let userId: string
let accountId: string
before(async () => {
  gateway = await openForTests()
  const [user] = gateway.desk.catalog().all('user')
  userId = user!.id
  accountId = user!.accountId
})
after(() => gateway.close())

const admin = () => ({ name: 'admin', domain: { name: 'pailou' }, password })
const byPassword = (user: object, scope?: object) => ({
  auth: { identity: { methods: ['password'], password: { user } }, scope },
})
const byToken = (id: string, scope?: object) => ({ auth: { identity: { methods: ['token'], token: { id } }, scope } })

function post(body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return send(gateway.port, {
    method: 'POST',
    path: '/v3/auth/tokens',
    headers: { 'Content-Type': 'application/json' },
    body: text,
  })
}

async function tokenFor(body: unknown): Promise<{ token: string; json: Answer['json'] }> {
  const answer = await post(body)
  assert.equal(answer.status, 201, answer.text)
  assert.deepEqual(Errors(operations.keystoneCreateToken.response, answer.json), [])
  return { token: String(answer.headers['x-subject-token']), json: answer.json }
}

function assertUnauthorized(answer: Answer, message: string): void {
  assert.equal(answer.status, 401, answer.text)
  assert.deepEqual(answer.json, { error: { code: 401, message, title: 'Unauthorized' } })
}

describe('a token', () => {
  const scopes: [what: string, scope: () => object | undefined, key: 'project' | 'domain', name: string][] = [
    ['a project by name', () => ({ project: { name: 'pailou-1', domain: { name: 'pailou' } } }), 'project', 'pailou-1'],
    ['a project by id', () => ({ project: { id: gateway.projectId } }), 'project', 'pailou-1'],
    ['a domain by name', () => ({ domain: { name: 'pailou' } }), 'domain', 'pailou'],
    ['a domain by id', () => ({ domain: { id: accountId } }), 'domain', 'pailou'],
    ['nothing in particular', () => undefined, 'domain', 'pailou'],
  ]
  for (const [what, scope, key, name] of scopes) {
    test(`for ${what} is had for a password, and says so`, async () => {
      const { json } = await tokenFor(byPassword(admin(), scope()))
      assert.equal(json.token[key].name, name)
      assert.deepEqual(json.token.user, { id: userId, name: 'admin', domain: { id: accountId, name: 'pailou' } })
      assert.equal(Date.parse(json.token.expires_at) - Date.parse(json.token.issued_at), tokenLifeMs)
    })
  }

  test('is had for a user by id, and for another token, whose end it shares', async () => {
    const first = await tokenFor(byPassword({ id: userId, password }, { domain: { id: accountId } }))
    gateway.clock.at += 60_000
    const second = await tokenFor(byToken(first.token, { project: { name: 'pailou-1' } }))
    assert.equal(second.json.token.expires_at, first.json.token.expires_at)
    assert.deepEqual(second.json.token.methods, ['token'])
    gateway.clock.at -= 60_000
  })

  test('opens the admin API for the project that it was issued for', async () => {
    const { token } = await tokenFor(byPassword(admin(), { project: { id: gateway.projectId } }))
    const path = `/v2/${gateway.projectId}/apigw/instances`
    const answer = await send(gateway.port, { path, headers: { 'X-Auth-Token': token } })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.total, 1)
    const created = await send(gateway.port, {
      method: 'POST',
      path: `${path}/${gateway.instanceId}/envs`,
      headers: { 'X-Auth-Token': token },
      body: '{"name":"by_token"}',
    })
    assert.equal(created.status, 201, created.text)
  })

  test('for an account does not open a project', async () => {
    const { token } = await tokenFor(byPassword(admin(), { domain: { name: 'pailou' } }))
    const answer = await send(gateway.port, {
      path: `/v2/${gateway.projectId}/apigw/instances`,
      headers: { 'X-Auth-Token': token },
    })
    assertRefused(answer, { status: 401, code: 'APIG.1003' })
    assert.equal(
      (await send(gateway.port, { path: '/v3/projects', headers: { 'X-Auth-Token': token } })).json.projects.length,
      1,
    )
  })

  test('that is spoilt is worth nothing, and one that has expired says so', async () => {
    const { token } = await tokenFor(byPassword(admin(), { project: { id: gateway.projectId } }))
    const path = `/v2/${gateway.projectId}/apigw/instances`
    const use = (value: string) => send(gateway.port, { path, headers: { 'X-Auth-Token': value } })
    const [head, body, signature] = token.split('.')
    const none = Buffer.from('{"alg":"none","typ":"pailou"}').toString('base64url')
    const flipped = `${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`
    for (const value of ['x', 'a.b.c', `${head}.${body}.${flipped}`, `${none}.${body}.`, 'x'.repeat(10_000)]) {
      assertRefused(await use(value), { status: 401, code: 'APIG.1002' })
    }
    gateway.clock.at += tokenLifeMs + 1000
    const expired = await use(token)
    const identity = await post(byToken(token))
    gateway.clock.at -= tokenLifeMs + 1000
    assertRefused(expired, { status: 401, code: 'APIG.1001', text: 'The token has expired' })
    assertUnauthorized(identity, 'The token has expired.')
    assert.equal((await use(token)).status, 200)
  })

  test('is shown to its account', async () => {
    const { token, json } = await tokenFor(byPassword(admin(), { project: { id: gateway.projectId } }))
    const shown = await gateway.ask('keystoneValidateToken', { headers: { 'X-Subject-Token': token } })
    assert.deepEqual(shown, json)
    const spoilt = await gateway.official('GET', '/v3/auth/tokens', { headers: { 'X-Subject-Token': 'spoilt' } })
    assert.deepEqual([spoilt.status, spoilt.json.error.title], [404, 'Not Found'])
    assert.equal((await gateway.official('GET', '/v3/auth/tokens')).status, 400)
  })

  test('ends with the password for which it was had', async () => {
    const { token } = await tokenFor(byPassword(admin(), { project: { id: gateway.projectId } }))
    const before = gateway.desk.catalog().get('user', userId)!
    const passwordHash = secret(await hashPassword('a new password'))
    await gateway.desk.write(() => ({
      edits: [{ put: 'user', document: { ...before, passwordHash } }],
      result: undefined,
    }))
    const answer = await send(gateway.port, {
      path: `/v2/${gateway.projectId}/apigw/instances`,
      headers: { 'X-Auth-Token': token },
    })
    await gateway.desk.write(() => ({ edits: [{ put: 'user', document: before }], result: undefined }))
    assertRefused(answer, { status: 401, code: 'APIG.1002' })
  })
})

test('a wrong password and an unknown user are refused in the same words and after the same work', async () => {
  const message = 'The username or password is wrong.'
  const timed = async (user: object): Promise<number> => {
    const began = performance.now()
    assertUnauthorized(await post(byPassword(user)), message)
    return performance.now() - began
  }
  await timed({ ...admin(), password: 'wrong' })
  const wrong = await timed({ ...admin(), password: 'wrong' })
  const unknown = await timed({ ...admin(), name: 'nobody' })
  const elsewhere = await timed({ ...admin(), domain: { name: 'elsewhere' } })
  assert.ok(Math.min(unknown, elsewhere) > wrong / 5, `${unknown} ms and ${elsewhere} ms beside ${wrong} ms`)
})

test('a scope that is not the user’s is refused', async () => {
  const message = 'The requested scope does not exist or is not open to this user.'
  for (const scope of [
    { project: { name: 'nope' } },
    { project: { name: 'pailou-1', domain: { name: 'nope' } } },
    { domain: { id: 'nope' } },
    { project: {} },
  ]) {
    assertUnauthorized(await post(byPassword(admin(), scope)), message)
  }
})

const malformed: [what: string, body: unknown][] = [
  ['no JSON', '{'],
  ['nothing', ''],
  ['a list', []],
  ['no identity', { auth: {} }],
  ['an unknown method', { auth: { identity: { methods: ['totp'] } } }],
  ['a method without its part', { auth: { identity: { methods: ['password'] } } }],
  ['the token method without a token', { auth: { identity: { methods: ['token'] } } }],
  ['a password that is a number', byPassword({ ...admin(), password: 1 })],
]
for (const [what, body] of malformed) {
  test(`asking for a token with ${what} is a bad request`, async () => {
    const answer = await post(body)
    assert.equal(answer.status, 400, answer.text)
    assert.deepEqual([answer.json.error.code, answer.json.error.title], [400, 'Bad Request'])
    assert.equal(answer.headers['x-subject-token'], undefined)
  })
}

test('clients learn by their signature who they are and what they may enter', async () => {
  const { projects } = await gateway.ask('keystoneListProjects', { query: { name: 'pailou-1' } })
  assert.deepEqual(
    projects.map(({ id, domain_id }) => [id, domain_id]),
    [[gateway.projectId, accountId]],
  )
  assert.equal((await gateway.ask('keystoneListProjects', { query: { name: 'pailou' } })).projects.length, 0)
  assert.deepEqual((await gateway.ask('keystoneListAuthProjects')).projects, projects)
  assert.deepEqual(
    (await gateway.ask('keystoneListAuthDomains')).domains.map(({ id, name }) => [id, name]),
    [[accountId, 'pailou']],
  )
  assert.deepEqual(
    (await gateway.ask('keystoneListUsers', { query: { name: 'admin' } })).users.map(({ id }) => id),
    [userId],
  )
  assert.equal((await gateway.ask('keystoneListUsers', { query: { name: 'other' } })).users.length, 0)
  assert.deepEqual(
    (await gateway.ask('keystoneListRegions')).regions.map(({ id }) => id),
    ['pailou-1'],
  )
})

test('passwords and tokens are nowhere in the log', async () => {
  const { token } = await tokenFor(byPassword(admin()))
  await post(byPassword({ ...admin(), password: 'a wrong password' }))
  const text = JSON.stringify(gateway.logged)
  for (const value of [password, 'a wrong password', token]) assert.equal(text.includes(value), false)
})
