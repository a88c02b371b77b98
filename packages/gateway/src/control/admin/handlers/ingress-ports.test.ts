import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, assertRefused, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const add = (protocol: 'HTTP' | 'HTTPS', port: number) =>
  gateway.ask('addCustomIngressPort', { body: { protocol, ingress_port: port } })

test('a port is added, found by every filter and deleted', async () => {
  const port = await add('HTTP', 8080)
  assert.deepEqual(port, {
    ingress_port_id: port.ingress_port_id,
    protocol: 'HTTP',
    ingress_port: 8080,
    status: 'normal',
  })
  await add('HTTPS', 8443)
  const count = async (query: Record<string, string>) => (await gateway.ask('listCustomIngressPorts', { query })).total
  assert.deepEqual(
    [await count({}), await count({ protocol: 'HTTPS' }), await count({ ingress_port: '8080' })],
    [2, 1, 1],
  )
  await gateway.ask('deleteCustomIngressPort', { params: { ingress_port_id: port.ingress_port_id } })
  assert.equal(await count({}), 1)
})

test('a domain names ports that are there, and keeps them in use', async () => {
  const http = await add('HTTP', 9080)
  const https = await add('HTTPS', 9443)
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'group' } })
  const params = { group_id: group.id }
  const ports = { ingress_http_port: 9080, ingress_https_port: 9443 }
  const domain = await gateway.ask('associateDomainV2', { params, body: { url_domain: 'a.example.com', ...ports } })
  assert.deepEqual([domain.ingress_http_port, domain.ingress_https_port], [9080, 9443])
  const shown = (await gateway.ask('showDetailsOfApiGroupV2', { params })).url_domains[0]!
  assert.deepEqual([shown.ingress_http_port, shown.ingress_https_port], [9080, 9443])

  const ofHttp = { ingress_port_id: http.ingress_port_id }
  assert.deepEqual((await gateway.ask('listCustomIngressPortDomains', { params: ofHttp })).domain_infos, [
    { group_id: group.id, group_name: 'group', domain_name: 'a.example.com' },
  ])
  const query = { domain_name: 'b.example' }
  assert.equal((await gateway.ask('listCustomIngressPortDomains', { params: ofHttp, query })).total, 0)
  await assertNothingStored(gateway, { status: 400, code: 'APIC.7257' }, () =>
    gateway.inside('DELETE', `custom-ingress-ports/${http.ingress_port_id}`),
  )

  const place = { ...params, domain_id: domain.id }
  const kept = await gateway.ask('updateDomainV2', { params: place, body: { min_ssl_version: 'TLSv1.1' } })
  assert.equal(kept.ingress_http_port, 9080)
  await gateway.ask('updateDomainV2', { params: place, body: { min_ssl_version: 'TLSv1.1', ingress_http_port: 80 } })
  await gateway.ask('deleteCustomIngressPort', { params: ofHttp })
  const crossed = { url_domain: 'c.example.com', ingress_http_port: 9443 }
  await assertNothingStored(gateway, { status: 400, code: 'APIG.2049' }, () =>
    gateway.inside('POST', `api-groups/${group.id}/domains`, { body: crossed }),
  )
  assert.ok(https.ingress_port_id)
})

const refusals: [what: string, body: object, code: string][] = [
  ['a port below the range', { protocol: 'HTTP', ingress_port: 1023 }, 'APIG.2002'],
  ['a port above the range', { protocol: 'HTTP', ingress_port: 49152 }, 'APIG.2003'],
  ['a port that is a text', { protocol: 'HTTP', ingress_port: '8080' }, 'APIG.2011'],
  ['an unknown protocol', { protocol: 'TCP', ingress_port: 8081 }, 'APIG.2004'],
  ['a port that is there, of another protocol too', { protocol: 'HTTP', ingress_port: 8443 }, 'APIC.7258'],
]
for (const [what, body, code] of refusals) {
  test(`${what} is not added`, () =>
    assertNothingStored(gateway, { status: 400, code }, () => gateway.inside('POST', 'custom-ingress-ports', { body })))
}

test('an unknown port is refused as clients expect it', async () => {
  const refusal = { status: 400, code: 'APIC.7200' }
  assertRefused(await gateway.inside('DELETE', 'custom-ingress-ports/nope'), refusal)
  assertRefused(await gateway.inside('GET', 'custom-ingress-ports/nope/domains'), refusal)
})
