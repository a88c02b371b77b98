import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { sign } from '@pailou/signer'

import {
  accessKey,
  assertNothingStored,
  assertRefused,
  openForTests,
  secretKey,
  send,
  type Gateway,
} from './open-for-tests.ts'

let gateway: Gateway
let groups: string
before(async () => {
  gateway = await openForTests()
  groups = `/v2/${gateway.projectId}/apigw/instances/${gateway.instanceId}/api-groups`
})
after(() => gateway.close())

const wrong = { status: 401, code: 'APIG.1002', text: 'Incorrect token or token resolution failed' }

describe('a signature', () => {
  test("of Go's clients counts, which leave the host unsigned and add headers afterwards", async () => {
    const created = await gateway.go('POST', groups, { name: 'from_go' })
    assert.equal(created.status, 201, created.text)
    assert.equal((await gateway.go('GET', `${groups}?name=from_go&limit=5`)).json.total, 1)
    assert.equal((await gateway.go('DELETE', `${groups}/${created.json.id}`)).status, 204)
  })

  test('of the official Node signer counts, also with a query that it encodes in its own way', async () => {
    const answer = await gateway.official('GET', groups, { query: { name: "a b/中*(~)'!" } })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.total, 0)
  })

  test('of an escaped path counts in the reading of the Node client as well', async () => {
    assertRefused(await gateway.official('GET', `${groups}/a%20b`), {
      status: 404,
      code: 'APIG.3001',
      text: 'API group a b does not exist',
    })
  })

  test('over UNSIGNED-PAYLOAD leaves the body open', async () => {
    const url = `http://127.0.0.1:${gateway.port}${groups}`
    const body = '{"name":"unsigned"}'
    const added = sign({ method: 'POST', url, payloadHash: 'UNSIGNED-PAYLOAD' }, { key: accessKey, secret: secretKey })
    assert.equal((await send(gateway.port, { method: 'POST', path: groups, headers: added, body })).status, 201)
  })

  const signed = (over: { method?: string; key?: string; secret?: string; date?: number; body?: string } = {}) =>
    sign(
      {
        method: over.method ?? 'POST',
        url: `http://127.0.0.1:${gateway.port}${groups}`,
        body: over.body ?? '{"name":"x"}',
        date: over.date ?? gateway.clock.at,
      },
      { key: over.key ?? accessKey, secret: over.secret ?? secretKey },
    )
  const minutes = 60_000
  const cases: [what: string, headers: () => Record<string, string>][] = [
    ['with another secret', () => signed({ secret: 'another secret' })],
    ['of an unknown key', () => signed({ key: 'NOBODY', secret: 'another secret' })],
    ['over another method', () => signed({ method: 'PUT' })],
    ['over another body', () => signed({ body: '{"name":"y"}' })],
    ['from sixteen minutes ago', () => signed({ date: gateway.clock.at - 16 * minutes })],
    ['from sixteen minutes ahead', () => signed({ date: gateway.clock.at + 16 * minutes })],
    [
      'of another algorithm',
      () => ({ ...signed(), Authorization: signed()['Authorization']!.replace('SHA256', 'SM3') }),
    ],
    ['cut off', () => ({ ...signed(), Authorization: signed()['Authorization']!.slice(0, -1) })],
    ['that is a bare word', () => ({ Authorization: 'Bearer' })],
    ['with a huge header', () => ({ Authorization: `SDK-HMAC-SHA256 ${'a;'.repeat(5000)}` })],
    [
      'whose payload hash belies the body',
      () =>
        sign(
          { method: 'POST', url: `http://127.0.0.1:${gateway.port}${groups}`, payloadHash: '0'.repeat(64) },
          { key: accessKey, secret: secretKey },
        ),
    ],
  ]
  for (const [what, headers] of cases) {
    test(`${what} is refused, in the same words as any other`, () =>
      assertNothingStored(gateway, wrong, () =>
        send(gateway.port, { method: 'POST', path: groups, headers: headers(), body: '{"name":"x"}' }),
      ))
  }

  test('is refused without its date', () => {
    const { 'X-Sdk-Date': _, ...headers } = signed()
    return assertNothingStored(gateway, wrong, () =>
      send(gateway.port, { method: 'POST', path: groups, headers, body: '{"name":"x"}' }),
    )
  })

  test('that failed leaves the reason in the log, without the secret', () => {
    const text = JSON.stringify(gateway.logged)
    assert.match(text, /"check":"window"/)
    assert.match(text, /"check":"access-key"/)
    assert.doesNotMatch(text, new RegExp(secretKey))
  })
})

test('a call without any credential is told so, whatever its Host', async () => {
  for (const host of ['127.0.0.1', 'rebound.example.com']) {
    assertRefused(await send(gateway.port, { path: groups, headers: { Host: host } }), {
      status: 401,
      code: 'APIG.1000',
      text: 'The token is missing',
    })
  }
})

test('a project is entered by its own account alone', async () => {
  const refusal = { status: 403, code: 'APIG.1005', text: 'No permissions to request this method' }
  assertRefused(
    await gateway.official('GET', '/v2/nope/apigw/instances', { headers: { 'X-Project-Id': 'nope' } }),
    refusal,
  )
  assertRefused(
    await gateway.official('GET', `/v2/${gateway.projectId}/apigw/instances`, { headers: { 'X-Project-Id': 'other' } }),
    refusal,
  )
  const createdAt = gateway.clock.at
  await gateway.desk.write(() => ({
    edits: [
      { put: 'account', document: { id: 'acc2', name: 'second', createdAt } },
      { put: 'project', document: { id: 'project2', accountId: 'acc2', name: 'pailou-2', createdAt } },
      {
        put: 'instance',
        document: { id: 'instance2', projectId: 'project2', name: 'other', description: '', createdAt },
      },
    ],
    result: undefined,
  }))
  assertRefused(
    await gateway.official('GET', '/v2/project2/apigw/instances', { headers: { 'X-Project-Id': 'project2' } }),
    refusal,
  )
  assertRefused(await gateway.official('GET', `/v2/${gateway.projectId}/apigw/instances/instance2/apis`), {
    status: 404,
    code: 'APIG.3030',
  })
})

test('no answer lets a foreign page read it', async () => {
  const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' }
  const answer = await send(gateway.port, { method: 'OPTIONS', path: groups, headers })
  assert.equal(answer.status, 404)
  assert.deepEqual(
    Object.keys(answer.headers).filter(name => name.startsWith('access-control')),
    [],
  )
  assert.equal(answer.headers['set-cookie'], undefined)
})
