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

const list = async () => (await gateway.ask('listGatewayResponsesV2', { params: { group_id: groupId } })).responses
const path = (rest = '') => `api-groups/${groupId}/gateway-responses${rest}`

test('a group has a gateway response called default, of which nothing is worded', async () => {
  const [response, ...more] = await list()
  assert.deepEqual(more, [])
  assert.deepEqual([response?.name, response?.default], ['default', true])
  assert.equal(Object.keys(response!.responses).length, 23)
  for (const answer of Object.values(response!.responses)) assert.equal(answer!.default, true)
  assert.deepEqual(response!.responses.THROTTLED, {
    status: 429,
    body: '{"error_code":"$context.error.code","error_msg":"$context.error.message","request_id":"$context.requestId"}',
    default: true,
  })
  assert.equal(response!.responses.DEFAULT_4XX?.status, undefined)
  assert.equal((await list())[0]!.id, response!.id)
})

test('a gateway response is created, read, replaced and deleted', async () => {
  gateway.clock.at += 1000
  const headers = [{ key: 'X-Why', value: '$context.error.code' }]
  const created = await gateway.ask('createGatewayResponseV2', {
    params: { group_id: groupId },
    body: {
      name: 'worded',
      responses: { THROTTLED: { status: 503, body: '{"a":1}', headers }, NOT_FOUND: { body: '{}' } },
    },
  })
  assert.equal(created.default, false)
  assert.deepEqual(created.responses.THROTTLED, { status: 503, body: '{"a":1}', headers, default: false })
  assert.deepEqual(created.responses.NOT_FOUND, { status: 404, body: '{}', default: false })
  assert.equal(created.responses.ACCESS_DENIED?.default, true)
  assert.deepEqual(
    (await list()).map(({ name }) => name),
    ['worded', 'default'],
  )

  gateway.clock.at += 1000
  const params = { group_id: groupId, response_id: created.id }
  const replaced = await gateway.ask('updateGatewayResponseV2', { params, body: { name: 'again' } })
  assert.equal(replaced.responses.THROTTLED?.default, true, 'what is left out has its default')
  assert.deepEqual([replaced.name, replaced.create_time], ['again', created.create_time])
  assert.deepEqual(await gateway.ask('showDetailsOfGatewayResponseV2', { params }), replaced)
  await gateway.ask('deleteGatewayResponseV2', { params })
  assert.equal((await list()).length, 1)
})

test('one type is worded, read and given back its default, of the default response too', async () => {
  const { id } = (await list()).at(-1)!
  const params = { group_id: groupId, response_id: id, response_type: 'AUTH_FAILURE' }
  const worded = { AUTH_FAILURE: { status: 418, body: '{}', default: false } }
  const body = { status: 418, body: '{}' }
  assert.deepEqual(await gateway.ask('updateGatewayResponseTypeV2', { params, body }), worded)
  assert.deepEqual(await gateway.ask('showDetailsOfGatewayResponseTypeV2', { params }), worded)
  const after = (await list()).at(-1)!
  assert.deepEqual([after.id, after.name, after.default], [id, 'default', true])
  assert.equal(after.responses.THROTTLED?.default, true)
  await gateway.ask('deleteGatewayResponseTypeV2', { params })
  const shown = await gateway.ask('showDetailsOfGatewayResponseTypeV2', { params })
  assert.equal(shown.AUTH_FAILURE?.default, true)
})

test('the default response is neither renamed nor deleted', async () => {
  const { id } = (await list()).at(-1)!
  await assertNothingStored(gateway, { status: 409, code: 'APIG.3491' }, () => gateway.inside('DELETE', path(`/${id}`)))
  await assertNothingStored(gateway, { status: 409, code: 'APIG.3492' }, () =>
    gateway.inside('PUT', path(`/${id}`), { body: { name: 'other' } }),
  )
  const params = { group_id: groupId, response_id: id }
  const body = { name: 'default', responses: { NOT_FOUND: { body: '{}' } } }
  const replaced = await gateway.ask('updateGatewayResponseV2', { params, body })
  assert.equal(replaced.responses.NOT_FOUND?.default, false)
})

const rule = { body: '{}' }
const long = 'x'.repeat(1025)
const refusals: [what: string, body: object, code: string, text?: RegExp][] = [
  ['no name', { responses: {} }, 'APIG.2001'],
  ['a name with a dot', { name: 'a.b' }, 'APIG.2011'],
  ['a name of 65', { name: 'a'.repeat(65) }, 'APIG.2011'],
  ['the name default', { name: 'default' }, 'APIG.3216'],
  ['an unknown type', { responses: { TEAPOT: rule } }, 'APIG.2011', /responses/],
  ['a rule without a body', { responses: { THROTTLED: { status: 500 } } }, 'APIG.2001', /responses.THROTTLED.body/],
  ['an empty body', { responses: { THROTTLED: { body: '' } } }, 'APIG.2011', /responses.THROTTLED.body/],
  ['a status below the range', { responses: { THROTTLED: { ...rule, status: 199 } } }, 'APIG.2002'],
  ['a status above the range', { responses: { THROTTLED: { ...rule, status: 600 } } }, 'APIG.2003'],
  ['the status 444', { responses: { THROTTLED: { ...rule, status: 444 } } }, 'APIG.2011', /responses.THROTTLED.status/],
  ...[
    { key: 'a b', value: 'x' },
    { key: 'Content-Length', value: '1' },
    { key: 'a', value: 'x\r\ny: z' },
    { key: 'a', value: '[[x' },
    { key: 'a', value: long },
  ].map((header): [string, object, string, RegExp] => [
    `the header ${JSON.stringify(header).slice(0, 40)}`,
    { responses: { THROTTLED: { ...rule, headers: [header] } } },
    'APIG.2011',
    /responses.THROTTLED.headers\[0\]/,
  ]),
  [
    'eleven headers',
    { responses: { THROTTLED: { ...rule, headers: Array.from({ length: 11 }, () => ({ key: 'a', value: 'b' })) } } },
    'APIG.2011',
  ],
]
for (const [what, more, code, text] of refusals) {
  test(`${what} makes no gateway response`, () => {
    const body = { ...(code === 'APIG.2001' && what === 'no name' ? {} : { name: 'fine' }), ...more }
    const refusal = { status: 400, code, ...(text && { text }) }
    return assertNothingStored(gateway, refusal, () => gateway.inside('POST', path(), { body }))
  })
}

test('an unknown group, response or type is not found', async () => {
  const { id } = (await list()).at(-1)!
  assertRefused(await gateway.inside('GET', 'api-groups/nope/gateway-responses'), { status: 404, code: 'APIG.3001' })
  const refusal = { status: 404, code: 'APIG.3007', text: 'Gateway response nope does not exist' }
  assertRefused(await gateway.inside('GET', path('/nope')), refusal)
  assertRefused(await gateway.inside('DELETE', path('/nope')), refusal)
  assertRefused(await gateway.inside('GET', path('/nope/THROTTLED')), refusal)
  assertRefused(await gateway.inside('GET', path(`/${id}/TEAPOT`)), { status: 400, code: 'APIG.2012' })
  assertRefused(await gateway.inside('GET', path(`/${id}/toString`)), { status: 400, code: 'APIG.2012' })
})

test('a group has four gateway responses besides the default one, and takes them along', async () => {
  const { id } = await gateway.ask('createApiGroupV2', { body: { name: 'full' } })
  const create = (name: string) => gateway.inside('POST', `api-groups/${id}/gateway-responses`, { body: { name } })
  for (const name of ['a', 'b', 'c', 'd']) assert.equal((await create(name)).status, 201)
  assertRefused(await create('a'), { status: 400, code: 'APIG.3216' })
  assertRefused(await create('e'), { status: 403, code: 'APIG.3136' })
  await gateway.ask('deleteApiGroupV2', { params: { group_id: id } })
  assert.ok(
    gateway.desk
      .catalog()
      .all('gateway-response')
      .every(response => response.groupId !== id),
  )
})
