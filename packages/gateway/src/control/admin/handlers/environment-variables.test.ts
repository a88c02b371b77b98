import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let groupId: string
before(async () => {
  gateway = await openForTests()
  ;({ id: groupId } = await gateway.ask('createApiGroupV2', { body: { name: 'group' } }))
})
after(() => gateway.close())

const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

function create(name: string, value: string, more: { group_id?: string; env_id?: string } = {}) {
  const body = { env_id: release, group_id: groupId, variable_name: name, variable_value: value, ...more }
  return gateway.ask('createEnvironmentVariableV2', { body })
}

test('a variable is created, read, listed, changed and deleted', async () => {
  gateway.clock.at += 1000
  const created = await create('host', 'a.example:8080')
  assert.deepEqual(created, {
    id: created.id,
    env_id: release,
    group_id: groupId,
    variable_name: 'host',
    variable_value: 'a.example:8080',
  })
  const params = { env_variable_id: created.id }
  assert.deepEqual(await gateway.ask('showDetailsOfEnvironmentVariableV2', { params }), created)
  const changed = await gateway.ask('updateEnvironmentVariableV2', {
    params,
    body: { variable_value: 'b.example', variable_name: 'host', env_id: release, group_id: groupId },
  })
  assert.deepEqual(changed, { ...created, variable_value: 'b.example' })
  const list = await gateway.ask('listEnvironmentVariablesV2', { query: { group_id: groupId } })
  assert.deepEqual(list, { total: 1, size: 1, variables: [changed] })
  await gateway.ask('deleteEnvironmentVariableV2', { params })
  assert.equal((await gateway.ask('listEnvironmentVariablesV2', { query: { group_id: groupId } })).total, 0)
})

test('a list is filtered by environment and by name, in part or precisely', async () => {
  const { id: beta } = await gateway.ask('createEnvironmentV2', { body: { name: 'BETA' } })
  await create('backend_host', 'a')
  await create('backend_host', 'b', { env_id: beta })
  await create('backend_host_2', 'c')
  const count = async (query: Record<string, string>) =>
    (await gateway.ask('listEnvironmentVariablesV2', { query: { group_id: groupId, ...query } })).total
  assert.equal(await count({ env_id: beta }), 1)
  assert.equal(await count({ variable_name: 'BACKEND' }), 3)
  assert.equal(await count({ variable_name: 'backend_host', precise_search: 'variable_name' }), 2)
  await gateway.ask('deleteEnvironmentV2', { params: { env_id: beta } })
  assert.equal(await count({}), 2)
})

const refusals: [what: string, body: object, status: number, code: string][] = [
  ['a name that begins with a digit', { variable_name: '1st' }, 400, 'APIG.2011'],
  ['a name of two', { variable_name: 'ab' }, 400, 'APIG.2011'],
  ['a name of 33', { variable_name: 'a'.repeat(33) }, 400, 'APIG.2011'],
  ['no value', { variable_value: undefined }, 400, 'APIG.2001'],
  ['a value with a space', { variable_value: 'a b' }, 400, 'APIG.2011'],
  ['a value with a line break', { variable_value: 'a\n' }, 400, 'APIG.2011'],
  ['a value of 256', { variable_value: 'a'.repeat(256) }, 400, 'APIG.2011'],
  ['an unknown group', { group_id: 'nope' }, 404, 'APIG.3001'],
  ['an unknown environment', { env_id: 'nope' }, 404, 'APIG.3003'],
  ['a name that is taken', { variable_name: 'taken' }, 400, 'APIG.3303'],
]
for (const [what, more, status, code] of refusals) {
  test(`${what} makes no variable`, async () => {
    if (code === 'APIG.3303') await create('taken', 'x')
    const body = { env_id: release, group_id: groupId, variable_name: 'fine', variable_value: 'v', ...more }
    await assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', 'env-variables', { body }))
  })
}

test('names that differ in case are two', async () => {
  await create('Case', 'x')
  await create('case', 'x')
})

test('a group has 50 variables in an environment and no more', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'full' } })
  for (let at = 0; at < 50; at++) await create(`name${at}`, 'v', { group_id: group.id })
  const body = { env_id: release, group_id: group.id, variable_name: 'more', variable_value: 'v' }
  await assertNothingStored(gateway, { status: 403, code: 'APIG.3106' }, () =>
    gateway.inside('POST', 'env-variables', { body }),
  )
  await gateway.ask('deleteApiGroupV2', { params: { group_id: group.id } })
  assert.equal(
    gateway.desk
      .catalog()
      .all('environment-variable')
      .filter(({ groupId: id }) => id === group.id).length,
    0,
  )
})

test('what a variable is called and where it belongs does not change', async () => {
  const { id } = await create('fixed', 'x')
  for (const field of ['variable_name', 'env_id', 'group_id']) {
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: new RegExp(field) }, () =>
      gateway.inside('PUT', `env-variables/${id}`, { body: { variable_value: 'y', [field]: 'other' } }),
    )
  }
})

test('an unknown variable, and the list of an unknown group, are not found', async () => {
  const refusal = { status: 404, code: 'APIG.3011', text: 'The environment variable does not exist, id: nope' }
  assertRefused(await gateway.inside('GET', 'env-variables/nope'), refusal)
  assertRefused(await gateway.inside('DELETE', 'env-variables/nope'), refusal)
  assertRefused(await gateway.inside('PUT', 'env-variables/nope', { body: { variable_value: 'x' } }), refusal)
  const query = { group_id: 'nope' }
  assertRefused(await gateway.inside('GET', 'env-variables', { query }), { status: 404, code: 'APIG.3001' })
  assertRefused(await gateway.inside('GET', 'env-variables'), { status: 400, code: 'APIG.2001' })
})

function httpApi(name: string, more: object): object {
  const backend_api = { req_protocol: 'HTTP', req_method: 'GET', url_domain: 'a.example', req_uri: '/', timeout: 5000 }
  return {
    name,
    type: 1,
    req_protocol: 'BOTH',
    req_method: 'GET',
    req_uri: `/${name}`,
    auth_type: 'NONE',
    group_id: groupId,
    backend_type: 'HTTP',
    backend_api: { ...backend_api, ...more },
  }
}

const addresses: [written: object, ok: boolean][] = [
  [{ url_domain: '#abc#' }, true],
  [{ url_domain: '#abc#:#def#' }, true],
  [{ url_domain: 'a.#abc#.example:80#def#' }, true],
  [{ url_domain: '[#abc#]:80' }, true],
  [{ url_domain: '[#abc#-]:80' }, false],
  [{ url_domain: '#ab#' }, false],
  [{ url_domain: '#abc' }, false],
  [{ url_domain: '#abc#:#' }, false],
  [{ url_domain: '#abc#:x#def#' }, false],
  [{ url_domain: '#abc#/path' }, false],
  [{ req_uri: '/#abc#/v-#def#' }, true],
  [{ req_uri: '/#abc' }, false],
  [{ req_uri: '/{#abc#}' }, false],
  [{ req_uri: '#abc#' }, false],
]
for (const [at, [written, ok]] of addresses.entries()) {
  test(`a backend ${ok ? 'may' : 'may not'} be written ${JSON.stringify(written)}`, async () => {
    const answer = await gateway.inside('POST', 'apis', { body: httpApi(`written${at}`, written) })
    assert.equal(answer.status, ok ? 201 : 400, answer.text)
    if (ok) assert.deepEqual({ ...answer.json.backend_api, ...written }, answer.json.backend_api)
  })
}

test('a change of a variable reaches traffic at once, and so does its end', async () => {
  const { json: api } = await gateway.inside('POST', 'apis', { body: httpApi('live', { url_domain: '#live#:#port#' }) })
  const serving = () => gateway.adopted.at(-1)!.routes.find(({ apiId }) => apiId === api.id)!.backend
  await gateway.ask('createOrDeletePublishRecordForApiV2', {
    body: { action: 'online', api_id: api.id, env_id: release },
  })
  assert.deepEqual(serving(), {
    kind: 'unavailable',
    settings: {
      row: '0105',
      evidence: { check: 'variable without a value', variables: ['live', 'port'], address: '#live#:#port#', path: '/' },
    },
  })
  await create('live', 'a.example')
  const { id } = await create('port', 'http-alt')
  assert.deepEqual(serving(), {
    kind: 'unavailable',
    settings: { row: '0611', evidence: { check: 'port', written: '#live#:#port#', address: 'a.example:http-alt' } },
  })
  const params = { env_variable_id: id }
  await gateway.ask('updateEnvironmentVariableV2', { params, body: { variable_value: '8080' } })
  const plan = serving()
  assert.ok(plan.kind === 'http')
  assert.deepEqual([plan.settings.host, plan.settings.port], ['a.example', 8080])
  await gateway.ask('deleteEnvironmentVariableV2', { params })
  assert.equal(serving().kind, 'unavailable')
})
