import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { operations, type Operation } from '@pailou/contract'

import type { User } from '../../documents/documents.ts'
import {
  accessKey as adminKey,
  assertNothingStored,
  assertRefused,
  openForTests,
  password as adminPassword,
  type Answer,
  type Gateway,
} from '../open-for-tests.ts'
import { clientsOf } from './iam-for-tests.ts'

type Role = NonNullable<User['role']>
let gateway: Gateway
let clients: ReturnType<typeof clientsOf>
let admin: User
let count = 0
before(async () => {
  gateway = await openForTests()
  clients = clientsOf(gateway)
  admin = gateway.desk.catalog().all('user')[0]!
})
after(() => gateway.close())
beforeEach(() => (count += 1))

const own = '/pailou/v1/iam'
const inProject = (path: string) => `/v2/${gateway.projectId}/apigw/instances/${gateway.instanceId}/${path}`

const login = (name: string, password: string): Promise<Answer> =>
  clients.login({ name, password, project: gateway.projectId })

async function tokenOf(name: string, password: string): Promise<string> {
  const answer = await login(name, password)
  assert.equal(answer.status, 201, answer.text)
  return String(answer.headers['x-subject-token'])
}

/** A user of a role, with an access key and a token. */
async function made(role: Role) {
  const name = `${role}-${count}`
  const { id, password } = await gateway.ask('createUser', { body: { name, role } })
  const key = await gateway.ask('createAccessKey', { body: { user_id: id } })
  const credential = { key: key.access_key, secret: key.secret_key }
  return { id, name, password: password!, credential, token: await tokenOf(name, password!) }
}

const forbidden = { status: 403, code: 'APIG.1005' }
const wrong = { status: 401, code: 'APIG.1002' }
const usersPath = `${own}/users`

test('the user of the first start, whose document names no role, is an administrator who is enabled', async () => {
  assert.equal(admin.role, undefined)
  const self = await gateway.ask('showOwnUser')
  assert.deepEqual([self.id, self.name, self.role, self.enabled], [admin.id, 'admin', 'administrator', true])
  assert.deepEqual(await gateway.ask('showUser', { params: { user_id: admin.id } }), self)
})

describe('a user', () => {
  test('has the password that was chosen, and a viewer’s role unless another is given', async () => {
    const created = await gateway.ask('createUser', { body: { name: `ann-${count}`, password: 'a chosen password' } })
    assert.equal(created.role, 'viewer')
    assert.equal(created.password, undefined)
    await tokenOf(`ann-${count}`, 'a chosen password')
  })

  test('without a chosen password gets one, which is shown once and stored as a hash alone', async () => {
    const created = await gateway.ask('createUser', { body: { name: `bob-${count}`, role: 'operator' } })
    assert.match(created.password!, /^[A-Za-z0-9]{20}$/)
    await tokenOf(`bob-${count}`, created.password!)
    const shown = await gateway.ask('showUser', { params: { user_id: created.id } })
    assert.equal('password' in shown, false)
    assert.equal(JSON.stringify(gateway.desk.catalog().get('user', created.id)).includes(created.password!), false)
    assert.equal(JSON.stringify(gateway.logged).includes(created.password!), false)
  })

  const malformed: [what: string, body: object, code: string][] = [
    ['no name', { role: 'viewer' }, 'APIG.2001'],
    ['an unknown role', { name: 'someone', role: 'root' }, 'APIG.2004'],
    ['a name with a slash', { name: 'a/b' }, 'APIG.2011'],
    ['a name of one letter', { name: 'a' }, 'APIG.2011'],
    ['a password of seven', { name: 'someone', password: 'planted' }, 'APIG.2011'],
    ['a password of more than 1024 bytes', { name: 'someone', password: '牌'.repeat(342) }, 'APIG.2011'],
    ['a name that is taken', { name: 'admin' }, 'APIG.3309'],
  ]
  for (const [what, body, code] of malformed) {
    test(`with ${what} is refused, and the password is not repeated`, async () => {
      await assertNothingStored(gateway, { status: 400, code }, async () => {
        const answer = await gateway.official('POST', usersPath, { body })
        assert.doesNotMatch(answer.text, /planted/)
        return answer
      })
    })
  }

  test('is found by a part of the name, by the whole of it, by role and by state', async () => {
    const { id, name } = await made('operator')
    await gateway.ask('updateUser', { params: { user_id: id }, body: { enabled: false } })
    const ids = async (query: Record<string, string>) =>
      (await gateway.ask('listUsers', { query: { limit: '500', ...query } })).users.map(user => user.id)
    assert.deepEqual(await ids({ name: name.slice(1) }), [id])
    assert.deepEqual(await ids({ name: name.slice(1), precise_search: 'name' }), [])
    assert.deepEqual(await ids({ name, precise_search: 'name' }), [id])
    assert.equal((await ids({ role: 'operator' })).includes(id), true)
    assert.equal((await ids({ role: 'viewer' })).includes(id), false)
    assert.equal((await ids({ enabled: 'false' })).includes(id), true)
    assert.equal((await ids({ enabled: 'true' })).includes(id), false)
    const keystone = await gateway.ask('keystoneListUsers', { query: { name } })
    assert.deepEqual([keystone.users[0]?.id, keystone.users[0]?.enabled], [id, false])
  })

  test('that does not exist, or belongs to another account, is a 404', async () => {
    const createdAt = gateway.clock.at
    const passwordHash = { secret: 'nobody has this' }
    await gateway.desk.write(() => ({
      edits: [
        { put: 'account', document: { id: `acc-${count}`, name: `acc-${count}`, createdAt } },
        {
          put: 'user',
          document: { id: `foreign-${count}`, accountId: `acc-${count}`, name: 'foreign', passwordHash, createdAt },
        },
        {
          put: 'access-key',
          document: { id: `FOREIGN${count}`, userId: `foreign-${count}`, secretKey: { secret: 's' }, createdAt },
        },
      ],
      result: undefined,
    }))
    const calls: [method: string, path: string, body?: object][] = ['nope', `foreign-${count}`].flatMap(id => [
      ['GET', `${usersPath}/${id}`],
      ['PUT', `${usersPath}/${id}`, { role: 'viewer' }],
      ['DELETE', `${usersPath}/${id}`],
      ['PUT', `${usersPath}/${id}/password`, {}],
      ['POST', `${own}/access-keys`, { user_id: id }],
      ['GET', `${own}/access-keys?user_id=${id}`],
      ['PUT', `${own}/access-keys/${id === 'nope' ? id : `FOREIGN${count}`}`, { enabled: false }],
      ['DELETE', `${own}/access-keys/${id === 'nope' ? id : `FOREIGN${count}`}`],
    ])
    for (const [method, path, body] of calls) {
      const [plain = '', query = ''] = path.split('?')
      await assertNothingStored(gateway, { status: 404, code: 'APIG.3007' }, () =>
        gateway.official(method, plain, {
          query: Object.fromEntries(new URLSearchParams(query)),
          ...(body && { body }),
        }),
      )
    }
    assert.equal((await gateway.ask('listUsers', { query: { name: 'foreign' } })).total, 0)
    const keys = await gateway.ask('listAccessKeys', { query: { limit: '500' } })
    assert.equal(
      keys.access_keys.some(({ access_key }) => access_key.startsWith('FOREIGN')),
      false,
    )
  })
})

describe('roles', () => {
  test('a viewer reads everything and writes nothing, by key and by token', async () => {
    const { credential, token } = await made('viewer')
    for (const path of [inProject('envs'), usersPath, `${own}/access-keys`, '/v3/projects', '/pailou/v1/snapshot']) {
      assert.equal((await clients.signed('GET', path, credential)).status, 200, path)
      assert.equal((await clients.withToken(token, 'GET', path)).status, 200, path)
    }
    const text = 'No permissions to request this method: the role viewer only reads'
    for (const [method, path] of [
      ['POST', inProject('envs')],
      ['POST', inProject('apis/check')],
      ['PUT', inProject('envs/x')],
      ['DELETE', inProject('envs/x')],
      ['POST', usersPath],
    ] as const) {
      await assertNothingStored(gateway, { ...forbidden, text }, () =>
        clients.signed(method, path, credential, { name: 'x' }),
      )
      await assertNothingStored(gateway, { ...forbidden, text }, () =>
        clients.withToken(token, method, path, { name: 'x' }),
      )
    }
  })

  test('an operator writes everything but users and access keys', async () => {
    const { id, credential } = await made('operator')
    const created = await clients.signed('POST', inProject('envs'), credential, { name: `by_operator_${count}` })
    assert.equal(created.status, 201, created.text)
    assert.equal((await clients.signed('DELETE', inProject(`envs/${created.json.id}`), credential)).status, 204)
    const text = 'No permissions to request this method: IAM management is for the role administrator'
    for (const [method, path, body] of [
      ['POST', usersPath, { name: 'mallory', role: 'administrator' }],
      ['PUT', `${usersPath}/${id}`, { role: 'administrator' }],
      ['PUT', `${usersPath}/${admin.id}/password`, { password: 'a stolen account' }],
      ['DELETE', `${usersPath}/${admin.id}`, undefined],
      ['POST', `${own}/access-keys`, { user_id: admin.id }],
      ['PUT', `${own}/access-keys/${adminKey}`, { enabled: false }],
      ['DELETE', `${own}/access-keys/${adminKey}`, undefined],
    ] as const) {
      await assertNothingStored(gateway, { ...forbidden, text }, () => clients.signed(method, path, credential, body))
    }
  })

  test('every operation that manages IAM is refused to an operator, and every write to a viewer', async () => {
    const operator = await made('operator')
    count += 1000
    const viewer = await made('viewer')
    const writes = Object.values<Operation>(operations).filter(
      ({ id, method, open }) => method !== 'GET' && !open && id !== 'changeOwnPassword',
    )
    assert.ok(writes.length > 40)
    for (const { id, method, path } of writes) {
      const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        name === 'project_id' ? gateway.projectId : name === 'instance_id' ? gateway.instanceId : 'x',
      )
      assert.equal((await clients.signed(method, place, viewer.credential, {})).status, 403, id)
      if (path.startsWith(`${own}/`))
        assert.equal((await clients.signed(method, place, operator.credential, {})).status, 403, id)
    }
  })

  test('a new administrator can do what the first can', async () => {
    const { credential } = await made('administrator')
    const created = await clients.signed('POST', usersPath, credential, { name: `by-second-${count}` })
    assert.equal(created.status, 201, created.text)
  })
})

describe('the last administrator', () => {
  const text = /it is the last administrator who is enabled$/
  const refusal = { status: 403, code: 'APIG.1107', text }
  const attempts: [what: string, method: string, body?: object][] = [
    ['disabled', 'PUT', { enabled: false }],
    ['made an operator', 'PUT', { role: 'operator' }],
    ['deleted', 'DELETE'],
  ]
  before(async () => {
    for (const user of gateway.desk.catalog().all('user')) {
      if (user.id !== admin.id && user.accountId === admin.accountId) {
        await gateway.ask('deleteUser', { params: { user_id: user.id } })
      }
    }
  })

  for (const [what, method, body] of attempts) {
    test(`is not ${what}, also not beside a disabled one`, async () => {
      const call = () => gateway.official(method, `${usersPath}/${admin.id}`, body ? { body } : {})
      await assertNothingStored(gateway, refusal, call)
      const { id } = await made('administrator')
      await gateway.ask('updateUser', { params: { user_id: id }, body: { enabled: false } })
      await assertNothingStored(gateway, refusal, call)
      await gateway.ask('deleteUser', { params: { user_id: id } })
    })
  }

  test('is no longer the last once another one is there', async () => {
    const second = await made('administrator')
    const demoted = await gateway.ask('updateUser', { params: { user_id: admin.id }, body: { role: 'viewer' } })
    assert.equal(demoted.role, 'viewer')
    assertRefused(await gateway.official('DELETE', `${usersPath}/${second.id}`), forbidden)
    const back = await clients.signed('PUT', `${usersPath}/${admin.id}`, second.credential, { role: 'administrator' })
    assert.equal(back.json.role, 'administrator')
  })
})

describe('what a user holds', () => {
  const changes: [what: string, change: (id: string) => Promise<unknown>, keyToo: boolean][] = [
    ['disabled', id => gateway.ask('updateUser', { params: { user_id: id }, body: { enabled: false } }), true],
    [
      'given another role',
      id => gateway.ask('updateUser', { params: { user_id: id }, body: { role: 'viewer' } }),
      false,
    ],
    [
      'renamed',
      id => gateway.ask('updateUser', { params: { user_id: id }, body: { name: `renamed-${count}` } }),
      false,
    ],
    ['given another password', id => gateway.ask('resetPassword', { params: { user_id: id } }), false],
    ['deleted', id => gateway.ask('deleteUser', { params: { user_id: id } }), true],
  ]
  for (const [what, change, keyToo] of changes) {
    test(`ends at once when the user is ${what}: the tokens${keyToo ? ' and the access keys' : ', not the keys'}`, async () => {
      const { id, token, credential } = await made('operator')
      const path = inProject('envs')
      assert.equal((await clients.withToken(token, 'GET', path)).status, 200)
      await change(id)
      assertRefused(await clients.withToken(token, 'GET', path), wrong)
      const byKey = await clients.signed('GET', path, credential)
      if (keyToo) assertRefused(byKey, wrong)
      else assert.equal(byKey.status, 200)
    })
  }

  test('stays when a change changes nothing', async () => {
    const { id, name, token } = await made('operator')
    const { revision } = gateway.desk.catalog()
    const body = { name, role: 'operator', enabled: true } as const
    await gateway.ask('updateUser', { params: { user_id: id }, body })
    assert.equal(gateway.desk.catalog().revision, revision)
    assert.equal((await clients.withToken(token, 'GET', inProject('envs'))).status, 200)
  })

  test('does not come back with the user: a token from before stays dead, a key and the password work again', async () => {
    const { id, name, password, token, credential } = await made('operator')
    await gateway.ask('updateUser', { params: { user_id: id }, body: { enabled: false } })
    const refused = await login(name, password)
    assert.deepEqual([refused.status, refused.json.error.message], [401, 'The username or password is wrong.'])
    await gateway.ask('updateUser', { params: { user_id: id }, body: { enabled: true } })
    assertRefused(await clients.withToken(token, 'GET', inProject('envs')), wrong)
    assert.equal((await clients.signed('GET', inProject('envs'), credential)).status, 200)
    await tokenOf(name, password)
  })
})

describe('a password', () => {
  for (const role of ['viewer', 'operator', 'administrator'] as const) {
    test(`is changed by a ${role} with the old one`, async () => {
      const { name, password, token } = await made(role)
      const path = `${own}/self/password`
      await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /parameterName:old_password/ }, () =>
        clients.withToken(token, 'PUT', path, { old_password: 'not that one', password: 'another password' }),
      )
      const body = { old_password: password, password: 'another password' }
      assert.equal((await clients.withToken(token, 'PUT', path, body)).status, 204)
      assertRefused(await clients.withToken(token, 'PUT', path, body), wrong)
      assert.equal((await login(name, password)).status, 401)
      await tokenOf(name, 'another password')
    })
  }

  test('is changed once by two who change it at the same time', async () => {
    const { password, credential, name } = await made('viewer')
    const chosen = ['the first password', 'the second password']
    const answers = await Promise.all(
      chosen.map(next =>
        clients.signed('PUT', `${own}/self/password`, credential, { old_password: password, password: next }),
      ),
    )
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [204, 400],
    )
    await tokenOf(name, chosen[answers.findIndex(({ status }) => status === 204)]!)
  })

  test('of another user is given by an administrator, chosen or generated', async () => {
    const { id, name, password } = await made('viewer')
    const generated = await gateway.ask('resetPassword', { params: { user_id: id } })
    assert.equal((await login(name, password)).status, 401)
    await tokenOf(name, generated.password!)
    const chosen = await gateway.ask('resetPassword', {
      params: { user_id: id },
      body: { password: 'chosen for them' },
    })
    assert.deepEqual(chosen, {})
    await tokenOf(name, 'chosen for them')
  })

  test('of one’s own is not changed without the old one', async () => {
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2000', text: /self\/password/ }, () =>
      gateway.official('PUT', `${usersPath}/${admin.id}/password`, { body: { password: 'forgot the old one' } }),
    )
    await tokenOf('admin', adminPassword)
  })
})

describe('an access key', () => {
  test('follows another: two work at once, then the first is disabled, enabled again, and deleted', async () => {
    const { id, credential: first } = await made('operator')
    const path = inProject('envs')
    const second = await gateway.ask('createAccessKey', { body: { user_id: id, description: 'the next one' } })
    assert.match(second.access_key, /^[A-Z0-9]{20}$/)
    assert.match(second.secret_key, /^[A-Za-z0-9]{40}$/)
    const next = { key: second.access_key, secret: second.secret_key }
    assert.deepEqual(
      [(await clients.signed('GET', path, first)).status, (await clients.signed('GET', path, next)).status],
      [200, 200],
    )

    const params = { access_key: first.key }
    assert.equal((await gateway.ask('updateAccessKey', { params, body: { enabled: false } })).enabled, false)
    assertRefused(await clients.signed('GET', path, first), wrong)
    assert.match(JSON.stringify(gateway.logged), /"check":"access-key-disabled"/)
    await gateway.ask('updateAccessKey', { params, body: { enabled: true } })
    assert.equal((await clients.signed('GET', path, first)).status, 200)
    await gateway.ask('deleteAccessKey', { params })
    assertRefused(await clients.signed('GET', path, first), wrong)
    assert.equal((await clients.signed('GET', path, next)).status, 200)
  })

  test('is listed without its secret key, by user and by state, and counted', async () => {
    const { id, name, credential } = await made('viewer')
    const list = await gateway.ask('listAccessKeys', { query: { user_id: id } })
    assert.deepEqual(
      list.access_keys.map(key => [key.access_key, key.user_id, key.user_name, key.enabled, key.description]),
      [[credential.key, id, name, true, '']],
    )
    assert.equal(JSON.stringify(list).includes(credential.secret), false)
    assert.equal((await gateway.ask('listAccessKeys', { query: { user_id: id, enabled: 'false' } })).total, 0)
    assert.equal((await gateway.ask('showUser', { params: { user_id: id } })).access_keys, 1)
  })

  test('is one’s own unless a user is named, and one of five', async () => {
    const { id, credential } = await made('administrator')
    for (let n = 2; n <= 5; n++) {
      const mine = await clients.signed('POST', `${own}/access-keys`, credential, {})
      assert.deepEqual([mine.status, mine.json.user_id], [201, id], mine.text)
    }
    await assertNothingStored(gateway, { status: 403, code: 'APIG.3100', text: /at most 5 access keys/ }, () =>
      clients.signed('POST', `${own}/access-keys`, credential, {}),
    )
  })
})

describe('a write', () => {
  const lines = () => (gateway.logged as { event?: string }[]).filter(({ event }) => event === 'admin-write')

  test('leaves one line that says who did what to which ids, in which request', async () => {
    const { id, name, credential, token } = await made('operator')
    const before = lines().length
    const created = await clients.signed('POST', inProject('envs'), credential, { name: `audited_${count}` })
    const removed = await clients.withToken(token, 'DELETE', inProject(`envs/${created.json.id}`))
    const place = { project_id: gateway.projectId, instance_id: gateway.instanceId }
    const who = { event: 'admin-write', user: name, userId: id, text: 'admin write' }
    assert.deepEqual(lines().slice(before), [
      {
        ...who,
        operation: 'createEnvironmentV2',
        accessKey: credential.key,
        ids: { ...place, id: created.json.id },
        requestId: created.headers['x-request-id'],
      },
      {
        ...who,
        operation: 'deleteEnvironmentV2',
        ids: { ...place, env_id: created.json.id },
        requestId: removed.headers['x-request-id'],
      },
    ])
  })

  test('names the ids of its body, and never a value', async () => {
    const key = await gateway.ask('createAccessKey', { body: { user_id: (await made('viewer')).id } })
    const line = JSON.stringify(lines().at(-1))
    assert.match(line, new RegExp(`"user_id":"${key.user_id}"`))
    assert.match(line, new RegExp(`"access_key":"${key.access_key}"`))
    assert.equal(JSON.stringify(gateway.logged).includes(key.secret_key), false)
  })

  test('that was refused, changed nothing or only looked leaves none', async () => {
    const before = lines().length
    await gateway.official('POST', usersPath, { body: { name: 'admin' } })
    await gateway.ask('updateUser', { params: { user_id: admin.id }, body: {} })
    await gateway.ask('listUsers')
    await gateway.official('POST', inProject('api-groups/check'), { body: { group_name: 'free_name' } })
    assert.equal(lines().length, before)
  })
})
