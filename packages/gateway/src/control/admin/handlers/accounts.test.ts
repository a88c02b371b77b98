import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { operations, type Operation } from '@pailou/contract'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'
import { clientsOf } from './iam-for-tests.ts'

let gateway: Gateway
let clients: ReturnType<typeof clientsOf>
let count = 0
before(async () => {
  gateway = await openForTests()
  clients = clientsOf(gateway)
})
after(() => gateway.close())
beforeEach(() => (count += 1))

const path = '/pailou/v1/iam/accounts'

/** An account, and the credential of its administrator. */
async function made() {
  const created = await gateway.ask('createAccount', { body: { name: `team-${count}` } })
  return { ...created, credential: { key: created.access_key, secret: created.secret_key } }
}

describe('an account', () => {
  test('begins with an administrator, a project and an instance, which open at once', async () => {
    const { credential, ...account } = await made()
    assert.deepEqual([account.user_name, account.project_name], ['admin', 'pailou-1'])
    const inside = `/v2/${account.project_id}/apigw/instances/${account.instance_id}`
    const groups = await clients.signed('GET', `${inside}/api-groups`, credential)
    assert.deepEqual(
      groups.json.groups.map(({ name }: { name: string }) => name),
      ['DEFAULT'],
    )
    assert.equal((await clients.signed('POST', `${inside}/envs`, credential, { name: 'of_team' })).status, 201)

    const login = { name: 'admin', domain: account.name, password: account.password!, project: account.project_id }
    const token = await clients.login(login)
    assert.equal(token.status, 201, token.text)
    const value = String(token.headers['x-subject-token'])
    assert.equal((await clients.withToken(value, 'GET', `${inside}/envs`)).json.total, 2)
    // The user of the same name in the first account has another password.
    assert.equal((await clients.login({ ...login, domain: 'pailou', project: gateway.projectId })).status, 401)
  })

  test('takes the names that were chosen', async () => {
    const body = { name: `chosen-${count}`, user_name: 'lead', password: 'a chosen password', project_name: 'region-9' }
    const created = await gateway.ask('createAccount', { body })
    assert.deepEqual([created.user_name, created.project_name, created.password], ['lead', 'region-9', undefined])
    const login = { name: 'lead', domain: body.name, password: body.password, project: created.project_id }
    assert.equal((await clients.login(login)).status, 201)
  })

  test('whose name is taken or malformed is refused', async () => {
    const taken = { status: 400, code: 'APIG.3309', text: /an account of this name already exists/ }
    await assertNothingStored(gateway, taken, () => gateway.official('POST', path, { body: { name: 'pailou' } }))
    for (const name of ['', 'a/b', '1st']) {
      const answer = await gateway.official('POST', path, { body: { name } })
      assert.equal(answer.status, 400, answer.text)
    }
  })

  test('sees nothing of another: neither projects nor users nor keys, by list or by id', async () => {
    const { credential, name } = await made()
    const seen = async (at: string) => (await clients.signed('GET', at, credential)).json
    assert.equal((await seen('/v3/projects')).projects.length, 1)
    assert.deepEqual(
      (await seen('/v3/auth/domains')).domains.map((domain: { name: string }) => domain.name),
      [name],
    )
    assert.equal((await seen('/pailou/v1/iam/users')).total, 1)
    assert.equal((await seen('/pailou/v1/iam/access-keys')).total, 1)

    const first = gateway.desk.catalog().all('user').at(-1)!
    assertRefused(await clients.signed('GET', `/pailou/v1/iam/users/${first.id}`, credential), {
      status: 404,
      code: 'APIG.3007',
    })
    assertRefused(await clients.signed('GET', `/v2/${gateway.projectId}/apigw/instances`, credential), {
      status: 403,
      code: 'APIG.1005',
    })
    const foreign = await gateway.ask('listUsers', { query: { limit: '500' } })
    assert.deepEqual(
      foreign.users.map(user => user.name),
      ['admin'],
    )
  })

  test('that is not the first may not ask for what belongs to the installation', async () => {
    const { credential } = await made()
    const ofAll = Object.values<Operation>(operations).filter(
      operation =>
        operation.path.startsWith('/pailou/v1/') && !/v1\/(errors|iam\/(self|users|access-keys))/.test(operation.path),
    )
    assert.ok(ofAll.length >= 5)
    for (const operation of ofAll) {
      const place = operation.path.replaceAll(/\{\w+\}/g, 'x')
      assertRefused(await clients.signed(operation.method, place, credential, {}), {
        status: 403,
        code: 'APIG.1005',
        text: 'No permissions to request this method: it is for users of the first account',
      })
    }
    assert.equal((await clients.signed('GET', '/pailou/v1/errors', credential)).status, 200)
    assert.equal((await clients.signed('GET', '/pailou/v1/iam/self', credential)).json.role, 'administrator')
  })

  test('is made and deleted by administrators alone', async () => {
    const { id } = await gateway.ask('createUser', { body: { name: `operator-${count}`, role: 'operator' } })
    const key = await gateway.ask('createAccessKey', { body: { user_id: id } })
    const operator = { key: key.access_key, secret: key.secret_key }
    const forbidden = { status: 403, code: 'APIG.1005' }
    await assertNothingStored(gateway, forbidden, () => clients.signed('POST', path, operator, { name: 'more' }))
    await assertNothingStored(gateway, forbidden, () => clients.signed('DELETE', `${path}/x`, operator))
    assert.equal((await clients.signed('GET', path, operator)).status, 200)
    await gateway.ask('deleteUser', { params: { user_id: id } })
  })

  test('is listed with what it has', async () => {
    const { id, name, project_id } = await made()
    const { accounts } = await gateway.ask('listAccounts', { query: { name, precise_search: 'name' } })
    assert.deepEqual(
      accounts.map(account => [account.id, account.users, account.instances, account.projects]),
      [[id, 1, 1, [{ id: project_id, name: 'pailou-1' }]]],
    )
  })

  test('goes with its users and keys once it has no instance, and the first never', async () => {
    const { id, credential, project_id, instance_id } = await made()
    const full = { status: 403, code: 'APIG.1107', text: /still has instances, 1 in all$/ }
    await assertNothingStored(gateway, full, () => gateway.official('DELETE', `${path}/${id}`))
    const emptied = await clients.signed('DELETE', `/v2/${project_id}/apigw/instances/${instance_id}`, credential)
    assert.ok(emptied.status < 300, emptied.text)
    await gateway.ask('deleteAccount', { params: { account_id: id } })
    const projects = await clients.signed('GET', `/v2/${project_id}/apigw/instances`, credential)
    assertRefused(projects, { status: 401, code: 'APIG.1002' })
    const catalog = gateway.desk.catalog()
    for (const kind of ['user', 'project'] as const) {
      assert.equal(
        catalog.all(kind).some(({ accountId }) => accountId === id),
        false,
        kind,
      )
    }
    assert.equal(catalog.get('access-key', credential.key), undefined)
    assertRefused(await gateway.official('DELETE', `${path}/${id}`), { status: 404, code: 'APIG.3007' })

    const first = catalog.all('account').at(-1)!
    const stays = { status: 403, code: 'APIG.1107', text: /the first account stays$/ }
    await assertNothingStored(gateway, stays, () => gateway.official('DELETE', `${path}/${first.id}`))
  })
})
