import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'

import { operations, type Operation } from '@pailou/contract'
import { sign } from '@pailou/signer'

import { RehearsalError } from '../compile/rehearsal-error.ts'
import { StoreConflict, StoreUnavailable } from '../store/config-store.ts'
import { errorAnswer, keystoneErrors } from './error-answer.ts'
import {
  accessKey,
  assertNothingStored,
  assertRefused,
  openForTests,
  secretKey,
  send,
  type Answer,
  type Gateway,
} from './open-for-tests.ts'

let gateway: Gateway
let groups: string
before(async () => {
  gateway = await openForTests()
  groups = `/v2/${gateway.projectId}/apigw/instances/${gateway.instanceId}/api-groups`
})
after(() => gateway.close())

/** Signs whatever bytes there are. */
function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  path = groups,
  method = 'POST',
): Promise<Answer> {
  const added = sign(
    { method, url: `http://127.0.0.1:${gateway.port}${path}`, body },
    { key: accessKey, secret: secretKey },
  )
  return send(gateway.port, { method, path, headers: { ...headers, ...added }, body })
}

/** Writes bytes to a socket and reads until the server ends it. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', chunk => (text += String(chunk)))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

const unreadable: [what: string, bytes: string, status: number][] = [
  ['a line of nonsense', 'nonsense\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
]
for (const [what, bytes, status] of unreadable) {
  test(`${what} is answered in the contract's words`, async () => {
    const [head, body] = (await raw(bytes)).split('\r\n\r\n')
    assert.match(head!, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.equal(JSON.parse(body!).error_code, 'APIG.2000')
  })
}

describe('a body', () => {
  const malformed: [what: string, body: string | Buffer][] = [
    ['cut off', '{"name":"x"'],
    ['no JSON', 'name=x'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['two values', '{}{}'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['nested 100,000 times', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['nested 100,000 times in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['nested within a field', `{"name":"deep","x":${'['.repeat(1000)}${']'.repeat(1000)}}`],
  ]
  for (const [what, body] of malformed) {
    test(`that is ${what} is refused`, () =>
      assertNothingStored(gateway, { status: 400, code: 'APIG.2000' }, () => post(body)))
  }

  test('that is missing lacks its fields', () =>
    assertNothingStored(gateway, { status: 400, code: 'APIG.2001', text: /parameterName:name/ }, () => post('')))

  test('with brackets inside its texts is not deep', async () => {
    const answer = await post(JSON.stringify({ name: 'brackets', remark: '[{"'.repeat(80) }))
    assert.equal(answer.status, 201, answer.text)
  })

  test('with a prototype in it pollutes nothing', async () => {
    const answer = await post(
      '{"name":"proto","__proto__":{"remark":"polluted"},"constructor":{"prototype":{"polluted":1}}}',
    )
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.json.remark, '')
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  })

  test('with a key twice means the last one', async () => {
    assert.equal((await post('{"name":"once","name":"twice"}')).json.name, 'twice')
  })

  test('with a mark before it and a line feed behind it is read', async () => {
    assert.equal((await post('\uFEFF{"name":"marked"}\n')).status, 201)
  })

  for (const type of [
    'application/json;charset=utf8',
    'text/plain',
    'nonsense',
    ';;;',
    'application/x-www-form-urlencoded',
  ]) {
    test(`of type ${type} is read like any other`, async () => {
      const name = `type_${Buffer.from(type).toString('hex')}`
      assert.equal((await post(JSON.stringify({ name }), { 'Content-Type': type })).status, 201)
    })
  }

  test('in chunks is read like any other', async () => {
    assert.equal((await post('{"name":"chunked"}', { 'Transfer-Encoding': 'chunked' })).status, 201)
  })

  test('of a GET is read and signed, and means nothing', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': '2' }
    const answer = await post('{}', headers, '/v3/projects?name=pailou-1', 'GET')
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(
      answer.json.projects.map(({ id }: { id: string }) => id),
      [gateway.projectId],
    )
  })

  test('of more than 12 MB is refused, with the reason', () =>
    assertNothingStored(gateway, { status: 413, code: 'APIG.2000', text: /larger than 12582912 bytes/ }, () =>
      send(gateway.port, { method: 'POST', path: groups, body: Buffer.alloc(13 * 1024 * 1024, 0x20) }),
    ))

  test('that is announced as enormous is refused before it comes', async () => {
    const answer = await raw(`POST ${groups} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{`)
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /"error_code":"APIG\.2000"/)
  })

  test('of 11 MB is fine, even where the field in it is not', () =>
    assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /parameterName:remark/ }, () =>
      post(JSON.stringify({ name: 'large', remark: 'x'.repeat(11 * 1024 * 1024) })),
    ))
})

describe('a path', () => {
  const unknown: [method: string, path: () => string][] = [
    ['GET', () => '/v2/nothing'],
    ['GET', () => `/v2/${gateway.projectId}/apigw/instances/${gateway.instanceId}/unheard-of`],
    ['PATCH', () => groups],
    ['GET', () => '/pailou/v1/nothing'],
    ['GET', () => '/favicon.ico'],
  ]
  for (const [method, path] of unknown) {
    test(`that nobody serves is not available: ${method} ${path.toString().slice(6)}`, async () => {
      const text = `The operation is not available: ${method} ${path()}`
      assertRefused(await send(gateway.port, { method, path: path() }), { status: 404, code: 'APIG.2000', text })
    })
  }

  test('that cannot be decoded is refused', async () => {
    assertRefused(await send(gateway.port, { path: '/v2/%zz' }), { status: 400, code: 'APIG.2012' })
  })

  test('may have a slash at its end', async () => {
    assert.equal((await gateway.official('GET', `${groups}/`)).status, 200)
  })

  test('with a query that makes no sense says which parameter', async () => {
    const text = 'Invalid parameter value,parameterName:limit. Please refer to the support documentation'
    assertRefused(await gateway.official('GET', groups, { query: { limit: 'many' } }), {
      status: 400,
      code: 'APIG.2012',
      text,
    })
    const pollute = await gateway.official('GET', groups, { query: { __proto__x: '1', limit: '' } })
    assert.equal(pollute.status, 200)
  })
})

test('errors of the identity API have a shape of their own', async () => {
  const unknown = await send(gateway.port, { path: '/v3/nothing' })
  assert.equal(unknown.status, 404)
  assert.deepEqual(unknown.json, {
    error: { code: 404, message: 'The operation is not available: GET /v3/nothing', title: 'Not Found' },
  })
  const nobody = await send(gateway.port, { path: '/v3/projects' })
  assert.deepEqual([nobody.status, nobody.json.error.title], [401, 'Unauthorized'])
})

test('what is here is listed for whoever looks, and described by OpenAPI', async () => {
  assert.equal((await send(gateway.port, { path: '/' })).json.openapi, '/openapi.json')
  const document = (await send(gateway.port, { path: '/openapi.json' })).json
  const described = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap(methods =>
    Object.values(methods).flatMap(({ operationId }) => operationId ?? []),
  )
  assert.deepEqual(described.toSorted(), Object.keys(operations).toSorted())
})

test('ready is who serves the newest snapshot', async () => {
  assert.equal((await send(gateway.port, { path: '/health/live' })).status, 200)
  assert.deepEqual((await send(gateway.port, { path: '/health/ready' })).json, { status: 'ready' })
  gateway.behindBy = 1
  const behind = await send(gateway.port, { path: '/health/ready' })
  gateway.behindBy = 0
  assert.equal(behind.status, 503)
  assert.match(behind.json.reason, /1 of 1 traffic threads/)
})

test('faults that are not the client’s say nothing of themselves', () => {
  const cases: [error: unknown, status: number, text: RegExp][] = [
    [new Error('secret detail'), 500, /^System error$/],
    [new StoreUnavailable('locked by process 7'), 503, /^The configuration store cannot be reached now/],
    [new StoreConflict('app 1 is at revision 3'), 409, /^The configuration was changed at the same time/],
    [
      new RehearsalError({ id: 'a', name: 'n' }, 'backend_api.url_domain', 'is no host'),
      400,
      /^API n \(a\): backend_api\.url_domain/,
    ],
  ]
  for (const [error, status, text] of cases) {
    const answer = errorAnswer(error, 'id', false)
    assert.equal(answer.status, status)
    assert.match((answer.body as { error_msg: string }).error_msg, text)
  }
  assert.deepEqual(['/v3', '/v3/x', '/v3?x', '/v30', '/v2/x'].map(keystoneErrors), [true, true, true, false, false])
})

test('every operation but the open ones wants to know who asks', async () => {
  for (const operation of Object.values<Operation>(operations)) {
    if (operation.open) continue
    const path = operation.path.replaceAll(/\{\w+\}/g, 'x')
    const { status } = await send(gateway.port, { method: operation.method, path })
    assert.equal(status, 401, `${operation.method} ${operation.path}`)
  }
})

test('fifty writes at once all count, and each is told its own', async () => {
  const names = Array.from({ length: 50 }, (_, at) => `at_once_${at}`)
  const answers = await Promise.all(names.map(name => gateway.ask('createApiGroupV2', { body: { name } })))
  assert.deepEqual(
    answers.map(({ name }) => name),
    names,
  )
  assert.equal((await gateway.ask('listApiGroupsV2', { query: { name: 'at_once_' } })).total, 50)
})
