import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { operations, type Operation } from '@pailou/contract'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'
import { cloudOnly } from './cloud-only.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

for (const id of Object.keys(cloudOnly) as (keyof typeof cloudOnly)[]) {
  test(`${id} says that only a cloud can do that`, async () => {
    const { method, path }: Operation = operations[id]
    const url = path.replace('{project_id}', gateway.projectId).replace('{instance_id}', gateway.instanceId)
    const text = `${id} is not supported by a self-hosted gateway`
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: { anything: 1 } }
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2000', text }, () =>
      gateway.official(method, url, body),
    )
    const elsewhere = url.replace(gateway.instanceId, 'nope')
    if (elsewhere !== url) {
      assertRefused(await gateway.official(method, elsewhere, body), { status: 404, code: 'APIG.3030' })
    }
  })
}

test('whoever may connect to an endpoint is added once, listed and taken away', async () => {
  const add = (...permissions: string[]) => gateway.ask('addEndpointPermissions', { body: { permissions } })
  const list = async (query = {}) =>
    (await gateway.ask('listEndpointPermissions', { query })).permissions.map(({ permission }) => permission)
  assert.deepEqual(await add('iam:domain::a', 'iam:domain::b'), { permissions: ['iam:domain::a', 'iam:domain::b'] })
  await add('iam:domain::b', 'iam:domain::c')
  assert.deepEqual((await list()).toSorted(), ['iam:domain::a', 'iam:domain::b', 'iam:domain::c'])
  assert.deepEqual(await list({ permission: '::b' }), ['iam:domain::b'])
  await gateway.ask('deleteEndpointPermissions', { body: { permissions: ['iam:domain::b', 'iam:domain::x'] } })
  assert.deepEqual((await list()).toSorted(), ['iam:domain::a', 'iam:domain::c'])
  await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, () =>
    gateway.inside('POST', 'vpc-endpoint/permissions/batch-add', { body: { permissions: ['a b'] } }),
  )
})

test('there are no additional load balancers', async () => {
  assert.deepEqual(await gateway.ask('listExtraElbs'), [])
})
