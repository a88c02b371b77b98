import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { assertNothingStored, assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

test('a group is created, read, replaced, listed and deleted', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: '订单_(v1)', remark: 'first' } })
  assert.deepEqual(await gateway.ask('showDetailsOfApiGroupV2', { params: { group_id: group.id } }), group)
  assert.equal(group.sl_domain, `${group.id}.apig.test`)
  assert.equal(group.is_default, 2)

  gateway.clock.at += 5000
  const params = { group_id: group.id }
  const replaced = await gateway.ask('updateApiGroupV2', { params, body: { name: 'orders' } })
  assert.deepEqual(replaced, { ...group, name: 'orders', remark: '', update_time: replaced.update_time })
  assert.notEqual(replaced.update_time, group.update_time)
  assert.deepEqual((await gateway.ask('listApiGroupsV2', { query: { id: group.id } })).groups, [replaced])

  await gateway.ask('deleteApiGroupV2', { params })
  const text = `API group ${group.id} does not exist`
  assertRefused(await gateway.inside('GET', `api-groups/${group.id}`), { status: 404, code: 'APIG.3001', text })
})

test('blanks of real clients count as absent, and unknown fields are ignored', async () => {
  const body = { name: 'blanks', remark: null, roma_app_id: '', something_new: [1] } as unknown as { name: string }
  assert.equal((await gateway.ask('createApiGroupV2', { body })).remark, '')
})

test('an answer for a change comes after traffic was given it', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'announced' } })
  const hosts = gateway.adopted.at(-1)!.hosts
  assert.ok(hosts.some(({ name, kind }) => name === group.sl_domain && kind === 'debugging'))
  const params = { group_id: group.id }
  await gateway.ask('updateSlDomainSettingV2', { params, body: { sl_domain_access_enabled: false } })
  assert.equal(
    gateway.adopted.at(-1)!.hosts.some(({ name }) => name === group.sl_domain),
    false,
  )
  assert.equal((await gateway.ask('showDetailsOfApiGroupV2', { params })).sl_domain_access_enabled, false)
})

test('lists come newest first, in pages that are clamped', async () => {
  for (let index = 0; index < 23; index += 1) {
    gateway.clock.at += 1000
    await gateway.ask('createApiGroupV2', { body: { name: `page_${String(index).padStart(2, '0')}` } })
  }
  const names = async (query: Record<string, string>) => {
    const { total, size, groups } = await gateway.ask('listApiGroupsV2', { query: { name: 'PAGE_', ...query } })
    assert.equal(total, 23)
    assert.equal(size, groups.length)
    return groups.map(({ name }) => name)
  }
  assert.equal((await names({}))[0], 'page_22')
  assert.equal((await names({})).length, 20)
  assert.deepEqual(await names({ offset: '21' }), ['page_01', 'page_00'])
  assert.equal((await names({ offset: '-5', limit: '2' })).length, 2)
  assert.equal((await names({ limit: '0' })).length, 20)
  assert.equal((await names({ limit: '100000' })).length, 23)
  assert.deepEqual(await names({ offset: '500' }), [])
})

test('names are filtered by a part of them, or precisely', async () => {
  const of = async (query: Record<string, string>) =>
    (await gateway.ask('listApiGroupsV2', { query })).groups.map(({ name }) => name)
  assert.deepEqual(await of({ name: 'ge_07' }), ['page_07'])
  assert.deepEqual(await of({ name: 'ge_07', precise_search: 'name' }), [])
  assert.deepEqual(await of({ name: 'page_07', precise_search: 'id, name' }), ['page_07'])
})

test('a name is checked and taken once', async () => {
  await gateway.ask('createApiGroupV2', { body: { name: 'taken' } })
  const free = await gateway.ask('createApiGroupV2', { body: { name: 'free' } })
  const refusal = { status: 400, code: 'APIG.3201' }
  await gateway.ask('checkApiGroupsV2', { body: { group_name: 'nobody_has_it' } })
  assertRefused(await gateway.inside('POST', 'api-groups/check', { body: { group_name: 'taken' } }), refusal)
  await assertNothingStored(gateway, refusal, () => gateway.inside('POST', 'api-groups', { body: { name: 'taken' } }))
  await assertNothingStored(gateway, refusal, () =>
    gateway.inside('PUT', `api-groups/${free.id}`, { body: { name: 'taken' } }),
  )
})

test('the built-in group keeps its name and stays', async () => {
  const [group] = (await gateway.ask('listApiGroupsV2', { query: { name: 'DEFAULT' } })).groups
  assert.equal(group!.is_default, 1)
  const refusal = { status: 403, code: 'APIG.1101' }
  await assertNothingStored(gateway, refusal, () => gateway.inside('DELETE', `api-groups/${group!.id}`))
  await assertNothingStored(gateway, refusal, () =>
    gateway.inside('PUT', `api-groups/${group!.id}`, { body: { name: 'other' } }),
  )
})

test('a group with APIs stays, and one without takes its domains along', async () => {
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'with_apis' } })
  const params = { group_id: group.id }
  const api = await gateway.ask('createApiV2', { body: mockApi(group.id, 'one', '/one') })
  await gateway.ask('associateDomainV2', { params, body: { url_domain: 'gone.example.com' } })
  await assertNothingStored(gateway, { status: 403, code: 'APIG.3415' }, () =>
    gateway.inside('DELETE', `api-groups/${group.id}`),
  )
  await gateway.ask('deleteApiV2', { params: { api_id: api.id } })
  await gateway.ask('deleteApiGroupV2', { params })
  assert.equal(
    gateway.desk
      .catalog()
      .all('domain')
      .some(({ name }) => name === 'gone.example.com'),
    false,
  )
})

describe('a group domain', () => {
  let groupId: string
  before(async () => {
    groupId = (await gateway.ask('createApiGroupV2', { body: { name: 'with_domains' } })).id
  })

  test('is bound, changed, shown by its group and unbound', async () => {
    const params = { group_id: groupId }
    const domain = await gateway.ask('associateDomainV2', { params, body: { url_domain: '*.Shop.Example.com' } })
    assert.equal(domain.url_domain, '*.shop.example.com')
    assert.equal(domain.min_ssl_version, 'TLSv1.2')
    assert.ok(
      gateway.adopted.at(-1)!.hosts.some(({ name, kind }) => name === '*.shop.example.com' && kind === 'independent'),
    )

    const ofDomain = { ...params, domain_id: domain.id }
    const changed = await gateway.ask('updateDomainV2', { params: ofDomain, body: { min_ssl_version: 'TLSv1.1' } })
    assert.deepEqual(changed, { ...domain, min_ssl_version: 'TLSv1.1' })
    const { url_domains } = await gateway.ask('showDetailsOfApiGroupV2', { params })
    assert.deepEqual(
      url_domains.map(({ domain: name, min_ssl_version }) => [name, min_ssl_version]),
      [['*.shop.example.com', 'TLSv1.1']],
    )

    await gateway.ask('disassociateDomainV2', { params: ofDomain })
    assertRefused(await gateway.inside('DELETE', `api-groups/${groupId}/domains/${domain.id}`), {
      status: 404,
      code: 'APIG.3020',
    })
  })

  const faults: [what: string, body: object, status: number, code: string][] = [
    ['one label', { url_domain: 'localhost' }, 400, 'APIG.2024'],
    ['nine labels', { url_domain: 'a.b.c.d.e.f.g.h.i' }, 400, 'APIG.2024'],
    ['an address', { url_domain: '10.0.0.1' }, 400, 'APIG.2024'],
    ['a port', { url_domain: 'example.com:80' }, 400, 'APIG.2024'],
    ['a wildcard inside', { url_domain: 'a.*.example.com' }, 400, 'APIG.2024'],
    ['a space', { url_domain: 'exa mple.com' }, 400, 'APIG.2024'],
    ['a line break', { url_domain: 'example.com\r\nx: y' }, 400, 'APIG.2024'],
    ['no name', {}, 400, 'APIG.2001'],
    ['a number', { url_domain: 7 }, 400, 'APIG.2011'],
    ['an unknown TLS version', { url_domain: 'x.example.com', min_ssl_version: 'SSLv3' }, 400, 'APIG.2004'],
    [
      'a redirect, which nobody performs yet',
      { url_domain: 'x.example.com', is_http_redirect_to_https: true },
      412,
      'APIG.3458',
    ],
    ['a port without custom ingress', { url_domain: 'x.example.com', ingress_http_port: 8088 }, 400, 'APIG.2049'],
  ]
  for (const [what, body, status, code] of faults) {
    test(`is refused for ${what}`, () =>
      assertNothingStored(gateway, { status, code }, () =>
        gateway.inside('POST', `api-groups/${groupId}/domains`, { body }),
      ))
  }

  test('is bound once, and its group is the one that may change it', async () => {
    const other = await gateway.ask('createApiGroupV2', { body: { name: 'other_group' } })
    const domain = await gateway.ask('associateDomainV2', {
      params: { group_id: groupId },
      body: { url_domain: 'once.example.com' },
    })
    const body = { url_domain: 'ONCE.example.com' }
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3305' }, () =>
      gateway.inside('POST', `api-groups/${other.id}/domains`, { body }),
    )
    await assertNothingStored(gateway, { status: 403, code: 'APIG.3474' }, () =>
      gateway.inside('DELETE', `api-groups/${other.id}/domains/${domain.id}`),
    )
  })

  test('is one of five at most', async () => {
    const { id } = await gateway.ask('createApiGroupV2', { body: { name: 'five_domains' } })
    for (let index = 0; index < 5; index += 1) {
      await gateway.ask('associateDomainV2', {
        params: { group_id: id },
        body: { url_domain: `d${index}.five.example` },
      })
    }
    await assertNothingStored(gateway, { status: 403, code: 'APIG.3108' }, () =>
      gateway.inside('POST', `api-groups/${id}/domains`, { body: { url_domain: 'd5.five.example' } }),
    )
  })
})

const badNames: [what: string, body: unknown, code: string, text: RegExp][] = [
  ['missing', {}, 'APIG.2001', /^The request parameters must be specified,parameterName:name\./],
  ['null', { name: null }, 'APIG.2011', /parameterName:name\./],
  ['empty', { name: '' }, 'APIG.2011', /parameterName:name\./],
  [
    'too short',
    { name: 'ab' },
    'APIG.2011',
    /^Invalid parameter value,parameterName:name\. Please refer to the support documentation$/,
  ],
  ['too long', { name: 'x'.repeat(256) }, 'APIG.2011', /parameterName:name\./],
  ['beginning with a dash', { name: '-abc' }, 'APIG.2011', /parameterName:name\./],
  ['a number', { name: 12_345 }, 'APIG.2011', /parameterName:name\./],
  ['an object', { name: { toString: 'x' } }, 'APIG.2011', /parameterName:name\./],
]
for (const [what, body, code, text] of badNames) {
  test(`a group whose name is ${what} is refused, with the field named`, () =>
    assertNothingStored(gateway, { status: 400, code, text }, () => gateway.inside('POST', 'api-groups', { body })))
}
