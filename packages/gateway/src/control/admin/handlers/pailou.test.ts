import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

test('the table of errors is told in both languages', async () => {
  const zh = await gateway.ask('listErrors')
  const en = await gateway.ask('listErrors', { query: { lang: 'en' } })
  assert.equal(zh.errors.length, 35)
  assert.match(zh.errors[0]!.meaning, /\p{Script=Han}/u)
  assert.doesNotMatch(en.errors[0]!.meaning, /\p{Script=Han}/u)
})

test('a code is explained with all its rows, and a row alone', async () => {
  assert.deepEqual(
    (await gateway.ask('showError', { params: { code: 'APIG.0303' } })).errors.map(({ row }) => row),
    ['0303'],
  )
  assert.ok((await gateway.ask('showError', { params: { code: 'APIG.0201' } })).errors.length > 1)
  assert.deepEqual(
    (await gateway.ask('showError', { params: { code: '0201/413' } })).errors.map(({ status }) => status),
    [413],
  )
  assertRefused(await gateway.official('GET', '/pailou/v1/errors/APIG.7777'), { status: 404, code: 'APIG.3007' })
  assertRefused(await gateway.official('GET', '/pailou/v1/errors', { query: { lang: 'fr' } }), {
    status: 400,
    code: 'APIG.2012',
  })
})

test('a refusal is explained by its evidence and by the table', async () => {
  const requestId = 'a'.repeat(32)
  gateway.refusals.set(requestId, {
    requestId,
    at: 1,
    row: '0303',
    status: 401,
    message: 'Incorrect app authentication information: app not found, appkey x',
    fault: 'caller',
    evidence: { check: 'access', key: { secret: 'hidden' } },
    scheme: 'http',
    client: '127.0.0.1',
    method: 'GET',
    apiId: 'api',
    apiName: 'name',
  })
  const why = await gateway.ask('showRequest', { params: { request_id: requestId }, query: { lang: 'en' } })
  assert.equal(why.code, 'APIG.0303')
  assert.deepEqual(why.evidence, { check: 'access', key: '[secret]' })
  assert.equal(why.api_id, 'api')
  assert.ok(why.next_step.length > 0)
  assertRefused(await gateway.official('GET', '/pailou/v1/requests/nope'), { status: 404, code: 'APIG.3007' })
})

test('the snapshot shows everything but secrets', async () => {
  await gateway.ask('createAnAppV2', { body: { name: 'secretive', app_secret: 'never-show-this' } })
  const snapshot = await gateway.ask('showSnapshot')
  assert.equal(snapshot['revision'], gateway.desk.catalog().revision)
  assert.match(JSON.stringify(snapshot), /secretive/)
  assert.doesNotMatch(JSON.stringify(snapshot), /never-show-this/)
})
