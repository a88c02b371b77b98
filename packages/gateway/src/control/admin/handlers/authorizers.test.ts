import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { show } from '../../../base/secret.ts'
import type { ApiDefinition } from '../../documents/documents.ts'
import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const urn = 'urn:fss:pailou-1:0001:function:default:auth'
const least = { name: 'least', type: 'FRONTEND', authorizer_type: 'FUNC', authorizer_uri: urn } as const

test('an authorizer is created with its defaults, read, replaced, listed and deleted', async () => {
  const created = await gateway.ask('createCustomAuthorizerV2', { body: least })
  assert.deepEqual(created, {
    id: created.id,
    ...least,
    authorizer_version: '',
    authorizer_alias_uri: '',
    network_type: 'V1',
    ttl: 0,
    user_data: '',
    need_body: false,
    identities: [],
    create_time: created.create_time,
  })
  const params = { authorizer_id: created.id }
  const identities = [
    { name: 'X-Token', location: 'HEADER', validation: '^[a-z]+$' },
    { name: 'X-Token', location: 'QUERY' },
  ] as const
  const whole = { ...least, name: 'whole', ttl: 60, user_data: 'u', need_body: true, identities: [...identities] }
  const updated = await gateway.ask('updateCustomAuthorizerV2', { params, body: whole })
  assert.deepEqual(updated, { ...created, ...whole })
  assert.deepEqual(await gateway.ask('showDetailsOfCustomAuthorizersV2', { params }), updated)

  const reset = await gateway.ask('updateCustomAuthorizerV2', { params, body: { ...least, name: 'reset' } })
  assert.deepEqual(reset, { ...created, name: 'reset' }, 'what a PUT leaves out has its default again')

  await gateway.ask('deleteCustomAuthorizerV2', { params })
  const gone = { status: 404, code: 'APIG.3081', text: `authorizer with id: ${created.id} not found` }
  assertRefused(await gateway.inside('GET', `authorizers/${created.id}`), gone)
  assertRefused(await gateway.inside('PUT', `authorizers/${created.id}`, { body: least }), gone)
  assertRefused(await gateway.inside('DELETE', `authorizers/${created.id}`), gone)
})

test('a body as Terraform sends it, with its blanks, is taken', async () => {
  const body = { ...least, name: 'from_terraform', identities: null, user_data: '', ttl: 0, need_body: false }
  const { status, json } = await gateway.inside('POST', 'authorizers', { body })
  assert.equal(status, 201)
  assert.deepEqual([json.ttl, json.need_body, json.identities], [0, false, []])
})

test('the list is filtered by id, a part of the name, and type', async () => {
  const front = await gateway.ask('createCustomAuthorizerV2', { body: { ...least, name: 'listed_front' } })
  const back = await gateway.ask('createCustomAuthorizerV2', {
    body: { ...least, name: 'listed_back', type: 'BACKEND' },
  })
  const idsOf = async (query: Record<string, string>) =>
    (await gateway.ask('listCustomAuthorizersV2', { query })).authorizer_list.map(({ id }) => id)
  assert.deepEqual(await idsOf({ name: 'LISTED' }), [back.id, front.id])
  assert.deepEqual(await idsOf({ name: 'listed', type: 'BACKEND' }), [back.id])
  assert.deepEqual(await idsOf({ id: front.id }), [front.id])
})

test('the user data is a secret wherever it is printed', async () => {
  await gateway.ask('createCustomAuthorizerV2', { body: { ...least, name: 'secretive', user_data: 'do-not-show-me' } })
  assert.doesNotMatch(show(gateway.desk.catalog().all('authorizer')), /do-not-show-me/)
})

test('an authorizer that an API uses stays, also when only a published version uses it', async () => {
  const { id } = await gateway.ask('createCustomAuthorizerV2', { body: { ...least, name: 'used' } })
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'authorized' } })
  const made = await gateway.ask('createApiV2', { body: mockApi(group.id, 'asks', '/asks') })
  const withAuthorizer = (definition: ApiDefinition): ApiDefinition =>
    Object.assign({}, definition, { authorizer_id: id })
  const refusal = { status: 400, code: 'APIG.2000', text: /being used by the API asks/ }

  const draft = gateway.desk.catalog().get('api', made.id)!
  const write = (definition: ApiDefinition) =>
    gateway.desk.write(() => ({ edits: [{ put: 'api', document: { ...draft, definition } }], result: undefined }))
  await write(withAuthorizer(draft.definition))
  await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `authorizers/${id}`))
  await gateway.ask('createOrDeletePublishRecordForApiV2', {
    body: { action: 'online', api_id: made.id, env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' },
  })
  await write(draft.definition)
  await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `authorizers/${id}`))
  await gateway.ask('createOrDeletePublishRecordForApiV2', {
    body: { action: 'offline', api_id: made.id, env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' },
  })
  await gateway.ask('deleteCustomAuthorizerV2', { params: { authorizer_id: id } })
})

describe('an authorizer is refused', () => {
  before(() => gateway.ask('createCustomAuthorizerV2', { body: { ...least, name: 'taken' } }))
  const identity = { name: 'X-Token', location: 'HEADER' }
  const cases: [what: string, body: object, code: string, field: string | undefined][] = [
    ['with a name that is taken', { name: 'taken' }, 'APIG.3211', undefined],
    ['with a short name', { name: 'ab' }, 'APIG.2011', 'name'],
    ['without a function', { authorizer_uri: undefined }, 'APIG.2001', 'authorizer_uri'],
    ['of an unknown type', { type: 'MIDDLE' }, 'APIG.2004', 'type'],
    ['with an unknown authorizer type', { authorizer_type: 'HTTP' }, 'APIG.2004', 'authorizer_type'],
    ['with a ttl above an hour', { ttl: 3601 }, 'APIG.2003', 'ttl'],
    ['with a negative ttl', { ttl: -1 }, 'APIG.2002', 'ttl'],
    ['with a ttl in text', { ttl: '60' }, 'APIG.2011', 'ttl'],
    ['that remembers without identities', { ttl: 60 }, 'APIG.2001', 'identities'],
    ['with long user data', { user_data: 'x'.repeat(2049) }, 'APIG.2011', 'user_data'],
    [
      'with an identity in a cookie',
      { identities: [{ ...identity, location: 'COOKIE' }] },
      'APIG.2004',
      'identities[0].location',
    ],
    [
      'with a pattern that is none',
      { identities: [{ ...identity, validation: '(' }] },
      'APIG.2011',
      'identities[0].validation',
    ],
    ['with one header twice', { identities: [identity, { ...identity, name: 'x-token' }] }, 'APIG.3212', undefined],
  ]
  for (const [what, change, code, field] of cases) {
    test(what, () =>
      assertNothingStored(
        gateway,
        {
          status: 400,
          code,
          ...(field !== undefined && { text: new RegExp(`parameterName:${field.replaceAll(/[[\]]/g, '\\$&')}\\.`) }),
        },
        () => gateway.inside('POST', 'authorizers', { body: { ...least, name: 'refused', ...change } }),
      ),
    )
  }

  test('when an update changes its type', async () => {
    const { id } = await gateway.ask('createCustomAuthorizerV2', { body: { ...least, name: 'steady' } })
    const body = { ...least, name: 'steady', type: 'BACKEND' }
    const refusal = { status: 400, code: 'APIG.2011', text: /parameterName:type\./ }
    await assertNothingStored(gateway, refusal, () => gateway.inside('PUT', `authorizers/${id}`, { body }))
  })
})
