import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secret } from '../../base/secret.ts'
import { api, environment, group } from '../testing.ts'
import { documentKinds, uniqueKeys } from './unique-keys.ts'

const times = { createdAt: 1, updatedAt: 1 }
const app = { id: 'a1', instanceId: 'i1', name: 'caller', remark: '', key: 'key', secret: secret('s'), ...times }
const code = { id: 'c1', instanceId: 'i1', appId: 'a1', code: secret('the code'), createdAt: 1 }
const authorization = { id: 'x1', instanceId: 'i1', appId: 'a1', apiId: 'p1', environmentId: 'e1', createdAt: 1 }

describe('the unique keys of a document', () => {
  it('are known for each kind', () => {
    assert.ok(documentKinds.length >= 14)
  })

  it('are the names in their scope', () => {
    assert.deepEqual(uniqueKeys('api-group', group('g1', { name: 'orders' })), ['i1/orders'])
    assert.deepEqual(uniqueKeys('environment', environment('e1', { name: 'TEST' })), ['i1/TEST'])
    assert.deepEqual(uniqueKeys('api', api('p1', 'g1', { name: 'list/all' })), ['g1/list/all'])
    assert.deepEqual(uniqueKeys('app', app), ['i1/caller', 'key'])
    assert.deepEqual(uniqueKeys('app-authorization', authorization), ['a1/p1/e1'])
  })

  it('of an AppCode do not tell the code, and are the same for the same code', () => {
    const [key] = uniqueKeys('app-code', code)
    assert.match(key!, /^[0-9a-f]{64}$/)
    assert.deepEqual(uniqueKeys('app-code', { ...code, id: 'c2', appId: 'a2' }), [key])
    assert.notDeepEqual(uniqueKeys('app-code', { ...code, code: secret('another') }), [key])
  })
})
