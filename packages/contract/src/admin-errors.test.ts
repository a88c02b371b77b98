import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adminErrors, type AdminErrorEntry } from './admin-errors.ts'
import { adminMessages, type AdminRefusal } from './admin-messages.ts'

const statuses = new Set([204, 400, 401, 403, 404, 409, 412, 500])

test('every admin error has a code of the contract, a status of the contract and a text without a final stop', () => {
  for (const [code, { status, message }] of Object.entries<AdminErrorEntry>(adminErrors)) {
    assert.match(code, /^API[GC]\.\d{4}$/)
    assert.ok(statuses.has(status), code)
    assert.match(message, /^\S.*[^.\s]$/, code)
  }
})

test('no call is ever told to slow down: clients sleep for minutes on a 429', () => {
  for (const [code, { status }] of Object.entries<AdminErrorEntry>(adminErrors)) assert.notEqual(status, 429, code)
})

const promised: [code: keyof typeof adminErrors, status: number, message: string][] = [
  ['APIG.0000', 204, 'Successful'],
  ['APIG.1002', 401, 'Incorrect token or token resolution failed'],
  ['APIG.1005', 403, 'No permissions to request this method'],
  ['APIG.2000', 400, 'Parameter error'],
  ['APIG.2024', 400, 'Invalid URL domain'],
  ['APIG.3004', 404, 'The app does not exist'],
  ['APIG.3068', 404, 'Plugin {id} does not exist'],
  ['APIG.3131', 403, 'The number of APP codes exceeds the maximum allowed limit'],
  ['APIG.3301', 400, 'The API already exists'],
  ['APIG.3415', 403, 'The API group cannot be deleted because it contains APIs'],
  ['APIG.3458', 412, 'The feature is not supported by current instance'],
  ['APIG.3462', 409, 'The plugin has been attached to the APIs and cannot perform the current operation'],
  ['APIG.9999', 500, 'System error'],
  ['APIC.7200', 400, 'The custom inbound port does not exist'],
  ['APIC.7302', 404, 'Instance not found'],
]

for (const [code, status, message] of promised) {
  test(`${code} is ${status} ${message}`, () => assert.deepEqual(adminErrors[code], { status, message }))
}

const id = '5f918d104dc84480a75166ba99efff21'
const support = '. Please refer to the support documentation'
const long: [AdminRefusal, code: string, message: string][] = [
  [adminMessages.invalid('req_uri'), 'APIG.2011', `Invalid parameter value,parameterName:req_uri${support}`],
  [adminMessages.invalidInUrl('limit'), 'APIG.2012', `Invalid parameter value,parameterName:limit${support}`],
  [adminMessages.missing('name'), 'APIG.2001', `The request parameters must be specified,parameterName:name${support}`],
  [
    adminMessages.tooSmall('call_limits'),
    'APIG.2002',
    `The parameter value is too small,parameterName:call_limits${support}`,
  ],
  [adminMessages.tooLarge('timeout'), 'APIG.2003', `The parameter value is too large,parameterName:timeout${support}`],
  [
    adminMessages.outOfRange('type'),
    'APIG.2004',
    `The parameter value is outside the allowable range,parameterName:type${support}`,
  ],
  [adminMessages.instanceNotExist(id), 'APIG.3030', `The instance does not exist;id:${id}`],
  [adminMessages.notExist('API group', id), 'APIG.3001', `API group ${id} does not exist`],
  [adminMessages.notExist('API', id), 'APIG.3002', `API ${id} does not exist`],
  [adminMessages.notExist('Environment', id), 'APIG.3003', `Environment ${id} does not exist`],
  [adminMessages.notExist('App', id), 'APIG.3004', `App ${id} does not exist`],
  [adminMessages.notExist('Signature key', id), 'APIG.3017', `Signature key ${id} does not exist`],
  [adminMessages.authorizerNotFound(id), 'APIG.3081', `authorizer with id: ${id} not found`],
  [adminMessages.certificateNotFound(id), 'APIG.3025', `ssl with certId ${id} not found`],
  [adminMessages.vpcChannelNotExist(id), 'APIG.3023', `The VPC channel does not exist,id:${id}`],
  [adminMessages.variableNotExist(id), 'APIG.3011', `The environment variable does not exist, id: ${id}`],
  [adminMessages.apiNameExists('a'), 'APIG.3202', 'The API name already exists, api_name:a'],
  [adminMessages.apiExists('a'), 'APIG.3301', 'The API already exists, api_name:a'],
]

for (const [refusal, code, message] of long) {
  test(`says "${message}"`, () => assert.deepEqual(refusal, { code, message }))
}
