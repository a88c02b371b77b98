import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { show } from '../../../base/secret.ts'
import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'
import { publishForTests, release, takeOfflineForTests, type PublishedForTests } from '../publish-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const gone = (id: string) => ({ status: 404, code: 'APIG.3017', text: `Signature key ${id} does not exist` })
const given = { sign_type: 'hmac', sign_key: 'signkeysignkey', sign_secret: 'sig-secret_!@#$%' } as const

test('a signature key is created, listed, replaced and deleted', async () => {
  const key = await gateway.ask('createSignatureKeyV2', { body: { ...given, name: '签名_1' } })
  assert.deepEqual(key, {
    ...given,
    id: key.id,
    name: '签名_1',
    sign_algorithm: '',
    create_time: key.create_time,
    update_time: key.update_time,
  })
  gateway.clock.at += 1000
  const params = { sign_id: key.id }
  const renamed = await gateway.ask('updateSignatureKeyV2', { params, body: { name: 'renamed' } })
  assert.deepEqual(renamed, { ...key, name: 'renamed', update_time: renamed.update_time })
  assert.notEqual(renamed.update_time, key.update_time)
  for (const query of [{ id: key.id }, { name: 'NAMED' }, { name: 'renamed', precise_search: 'name' }]) {
    const { signs } = await gateway.ask('listSignatureKeysV2', { query })
    assert.deepEqual(signs, [{ ...renamed, bind_num: 0, ldapi_bind_num: 0 }])
  }
  await gateway.ask('deleteSignatureKeyV2', { params })
  const none = await gateway.ask('listSignatureKeysV2', { query: { id: key.id } })
  assert.deepEqual(none, { total: 0, size: 0, signs: [] })
  assertRefused(await gateway.inside('PUT', `signs/${key.id}`, { body: { name: 'renamed' } }), gone(key.id))
  assertRefused(await gateway.inside('DELETE', `signs/${key.id}`), gone(key.id))
})

describe('a key and a secret that are left out are generated', () => {
  const forms: [what: string, body: object, key: RegExp, secret: RegExp][] = [
    ['hmac, which is what an unnamed type is', {}, /^[A-Za-z0-9]{32}$/, /^[A-Za-z0-9]{64}$/],
    ['basic', { sign_type: 'basic' }, /^[A-Za-z][A-Za-z0-9]{31}$/, /^[A-Za-z0-9]{64}$/],
    ['public_key', { sign_type: 'public_key' }, /^[A-Za-z0-9]{64}$/, /^[A-Za-z0-9]{128}$/],
    ['aes-128', { sign_type: 'aes', sign_algorithm: 'aes-128-cfb' }, /^[A-Za-z0-9]{16}$/, /^[A-Za-z0-9]{16}$/],
    ['aes-256', { sign_type: 'aes', sign_algorithm: 'aes-256-cfb' }, /^[A-Za-z0-9]{32}$/, /^[A-Za-z0-9]{16}$/],
  ]
  for (const [index, [what, body, key, secret]] of forms.entries()) {
    test(what, async () => {
      const name = `generated_${index}`
      const made = await gateway.ask('createSignatureKeyV2', { body: { name, ...body } })
      assert.match(made.sign_key, key)
      assert.match(made.sign_secret, secret)
      assert.notEqual(made.sign_key, made.sign_secret)
    })
  }

  test('also when the type changes, and the algorithm goes with it', async () => {
    const body = { name: 'changing', sign_type: 'aes', sign_algorithm: 'aes-128-cfb' } as const
    const made = await gateway.ask('createSignatureKeyV2', { body })
    const params = { sign_id: made.id }
    const longer = await gateway.ask('updateSignatureKeyV2', {
      params,
      body: { ...body, sign_algorithm: 'aes-256-cfb' },
    })
    assert.equal(longer.sign_key.length, 32)
    // An algorithm that comes along with another type says nothing.
    const hmac = await gateway.ask('updateSignatureKeyV2', { params, body: { ...body, sign_type: 'hmac' } })
    assert.deepEqual([hmac.sign_type, hmac.sign_algorithm, hmac.sign_secret.length], ['hmac', '', 64])
    assert.equal('algorithm' in gateway.desk.catalog().get('signature-key', made.id)!, false)
  })
})

describe('a signature key', () => {
  before(() => gateway.ask('createSignatureKeyV2', { body: { ...given, name: 'taken' } }))
  const hidden = 'never-in-a-text!'
  const cases: [what: string, body: object, code?: string, field?: string][] = [
    ['takes a basic pair', { sign_type: 'basic', sign_key: 'user', sign_secret: 'password' }],
    ['takes a public key', { sign_type: 'public_key', sign_key: '+/ab-_==', sign_secret: `/${'a'.repeat(2047)}` }],
    [
      'takes an AES key',
      { sign_type: 'aes', sign_algorithm: 'aes-128-cfb', sign_key: '+ab!@#$%/=-_0123', sign_secret: '/'.repeat(16) },
    ],
    ['refuses a name that is taken', { name: 'taken' }, 'APIG.3207'],
    ['refuses to be without a name', { name: undefined }, 'APIG.2001', 'name'],
    ['refuses an unknown type', { sign_type: 'rsa' }, 'APIG.2004', 'sign_type'],
    ['refuses a key of seven', { sign_key: 'abcdefg' }, 'APIG.2011', 'sign_key'],
    ['refuses a key of 33', { sign_key: 'a'.repeat(33) }, 'APIG.2011', 'sign_key'],
    ['refuses a key with a mark', { sign_key: 'abcdefgh!' }, 'APIG.2011', 'sign_key'],
    ['refuses a short secret', { sign_secret: 'abc' }, 'APIG.2011', 'sign_secret'],
    ['refuses a secret that begins with a mark', { sign_secret: `!${hidden}` }, 'APIG.2011', 'sign_secret'],
    [
      'refuses a basic user that begins with a digit',
      { sign_type: 'basic', sign_key: '1user' },
      'APIG.2011',
      'sign_key',
    ],
    ['refuses AES without an algorithm', { sign_type: 'aes' }, 'APIG.2001', 'sign_algorithm'],
    ['refuses an unknown algorithm', { sign_type: 'aes', sign_algorithm: 'aes-1' }, 'APIG.2004', 'sign_algorithm'],
    [
      'refuses a key that does not fit its algorithm',
      { sign_type: 'aes', sign_algorithm: 'aes-256-cfb', sign_key: 'a'.repeat(16), sign_secret: 'a'.repeat(16) },
      'APIG.2011',
      'sign_key',
    ],
    [
      'refuses a vector of 17',
      { sign_type: 'aes', sign_algorithm: 'aes-128-cfb', sign_key: 'a'.repeat(16), sign_secret: 'a'.repeat(17) },
      'APIG.2011',
      'sign_secret',
    ],
  ]
  for (const [index, [what, more, code, field]] of cases.entries()) {
    test(what, async () => {
      const body = { ...given, name: `case_${index}`, ...more }
      const post = () => gateway.inside('POST', 'signs', { body })
      if (code) {
        const refusal = { status: 400, code, ...(field && { text: new RegExp(`parameterName:${field}\\.`) }) }
        await assertNothingStored(gateway, refusal, post)
      } else assert.equal((await post()).status, 201)
    })
  }

  test('keeps what is secret out of texts, the log and what prints documents', async () => {
    const body = { ...given, name: 'hidden', sign_secret: hidden }
    const { id } = await gateway.ask('createSignatureKeyV2', { body })
    const refusal = await gateway.inside('POST', 'signs', { body: { ...body, sign_secret: `!${hidden}` } })
    assert.doesNotMatch(refusal.text, /never-in-a-text/)
    assert.doesNotMatch(JSON.stringify(gateway.logged), /never-in-a-text/)
    assert.doesNotMatch(show(gateway.desk.catalog().get('signature-key', id)), /never-in-a-text|signkeysignkey/)
  })
})

describe('a signature key that is bound', () => {
  let group_id: string
  let one: PublishedForTests
  let two: PublishedForTests
  let first: string
  let second: string
  before(async () => {
    group_id = (await gateway.ask('createApiGroupV2', { body: { name: 'signed' } })).id
    one = await publishForTests(gateway, group_id, 'one', { tags: ['red'] })
    two = await publishForTests(gateway, group_id, 'two')
    first = (await gateway.ask('createSignatureKeyV2', { body: { ...given, name: 'first' } })).id
    second = (await gateway.ask('createSignatureKeyV2', { body: { ...given, name: 'second' } })).id
  })
  const bind = async (sign_id: string, ...publish_ids: string[]) =>
    (await gateway.ask('associateSignatureKeyV2', { body: { sign_id, publish_ids } })).bindings
  const bound = async (sign_id: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisBindedToSignatureKeyV2', { query: { sign_id, ...query } })).bindings
  const unbound = async (sign_id: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listApisNotBoundWithSignatureKeyV2', { query: { sign_id, ...query } })).apis
  const keysOf = async (api_id: string, query: Record<string, string> = {}) =>
    (await gateway.ask('listSignatureKeysBindedToApiV2', { query: { api_id, ...query } })).bindings

  test('is shown from both sides, and leaves the list of the unbound at once', async () => {
    assert.equal((await unbound(first)).length, 2)
    const [binding] = await bind(first, one.publish_id)
    assert.deepEqual(binding, {
      ...given,
      id: binding!.id,
      publish_id: one.publish_id,
      api_id: one.api_id,
      api_name: 'one',
      api_type: 1,
      api_remark: '',
      group_name: 'signed',
      env_id: release,
      env_name: 'RELEASE',
      binding_time: binding!.binding_time,
      sign_id: first,
      sign_name: 'first',
      req_method: 'GET',
      tags: ['red'],
    })
    assert.deepEqual(await bound(first, { api_name: 'ON', tags: 'red', env_id: release, group_id }), [binding])
    assert.deepEqual(await bound(first, { tags: 'blue' }), [])
    assert.deepEqual(await keysOf(one.api_id, { sign_name: 'FIR', sign_id: first, env_id: release }), [binding])
    assert.deepEqual(await keysOf(one.api_id, { env_id: 'elsewhere' }), [])
    assert.deepEqual(
      (await unbound(first)).map(({ publish_id }) => publish_id),
      [two.publish_id],
    )
    const { signs } = await gateway.ask('listSignatureKeysV2', { query: { id: first } })
    assert.equal(signs[0]!.bind_num, 1)
  })

  test('stays as it is when it is bound again, and gives way to another key', async () => {
    const [before] = await bind(first, one.publish_id)
    gateway.clock.at += 1000
    assert.deepEqual(await bind(first, one.publish_id), [before])
    await bind(second, one.publish_id)
    assert.deepEqual(await bound(first), [])
    assert.deepEqual(
      (await keysOf(one.api_id)).map(({ sign_name }) => sign_name),
      ['second'],
    )
    const others = await unbound(first)
    const boundThere = Object.fromEntries(others.map(({ name, signature_name }) => [name, signature_name]))
    assert.deepEqual(boundThere, { one: 'second', two: undefined })
  })

  test('is unbound', async () => {
    const [binding] = await bind(first, two.publish_id)
    await gateway.ask('disassociateSignatureKeyV2', { params: { sign_bindings_id: binding!.id } })
    assertRefused(await gateway.inside('DELETE', `sign-bindings/${binding!.id}`), {
      status: 404,
      code: 'APIG.3018',
      text: 'The signature key binding record does not exist',
    })
    assert.deepEqual(await bound(first), [])
  })

  test('survives a re-publish, goes when the API is taken offline, and takes its bindings with it', async () => {
    const three = await publishForTests(gateway, group_id, 'three')
    await bind(second, three.publish_id, two.publish_id)
    const body = { action: 'online', api_id: three.api_id, env_id: release } as const
    await gateway.ask('createOrDeletePublishRecordForApiV2', { body })
    assert.equal((await keysOf(three.api_id)).length, 1)
    await takeOfflineForTests(gateway, three.api_id)
    assert.deepEqual(await keysOf(three.api_id), [])
    assert.equal((await keysOf(two.api_id)).length, 1)
    await gateway.ask('deleteSignatureKeyV2', { params: { sign_id: second } })
    assert.deepEqual(await keysOf(two.api_id), [])
    assert.deepEqual(gateway.desk.catalog().all('signature-binding'), [])
    for (const side of ['binded-apis', 'unbinded-apis']) {
      assertRefused(await gateway.inside('GET', `sign-bindings/${side}`, { query: { sign_id: second } }), gone(second))
    }
  })

  const refusals: [what: string, body: () => object, status: number, code: string][] = [
    ['an unknown key', () => ({ sign_id: 'nope', publish_ids: [one.publish_id] }), 404, 'APIG.3017'],
    ['an unknown publication', () => ({ sign_id: first, publish_ids: ['nope'] }), 404, 'APIG.3015'],
    ['no publication', () => ({ sign_id: first, publish_ids: [] }), 400, 'APIG.2011'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`is refused with ${what}`, () =>
      assertNothingStored(gateway, { status, code }, () => gateway.inside('POST', 'sign-bindings', { body: body() })))
  }
})
