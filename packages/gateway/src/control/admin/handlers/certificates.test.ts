import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { makeCertificate } from '../../../base/certificates-for-tests.ts'
import { isSecret, secret } from '../../../base/secret.ts'
import { assertNothingStored, assertRefused, openForTests, type Answer, type Gateway } from '../open-for-tests.ts'

const subject = [
  { shortName: 'O', value: 'Example' },
  { shortName: 'OU', value: 'Ops' },
  { shortName: 'L', value: 'Shenzhen' },
  { shortName: 'ST', value: 'Guangdong' },
  { shortName: 'C', value: 'CN' },
]
const ec = await makeCertificate(['api.example.com', 'www.example.com'], { subject })
const rsa = await makeCertificate(['*.example.com'], { keyType: 'rsa' })
const other = await makeCertificate(['api.other.com'])
const expired = await makeCertificate(['api.example.com'], {
  notBefore: new Date('2020-01-01'),
  notAfter: new Date('2021-01-01'),
})
const root = await makeCertificate(['Clients'], { authority: true })

type Material = typeof ec
const body = (name: string, { cert, key }: Material = ec, more: object = {}) =>
  ({ name, cert_content: cert, private_key: key, ...more }) as const

let gateway: Gateway
before(async () => {
  gateway = await openForTests()
})
after(() => gateway.close())

const create = (name: string, material?: Material, more?: object) =>
  gateway.ask('createCertificateV2', { body: body(name, material, more) })
const outside = (method: string, path: string, body?: object): Promise<Answer> =>
  gateway.official(method, `/v2/${gateway.projectId}/apigw/${path}`, body === undefined ? {} : { body })
const list = (query: Record<string, string>) => gateway.ask('listCertificatesV2', { query })
const namesOf = async (query: Record<string, string>) => (await list(query)).certs.map(({ name }) => name)
const attached = async (certificate_id: string, query = {}) =>
  (await gateway.ask('listAttachedDomainsV2', { params: { certificate_id }, query })).bound_domains

let groups = 0
async function makeDomains(...domains: string[]) {
  const group = await gateway.ask('createApiGroupV2', { body: { name: `group_${++groups}` } })
  const made = []
  for (const url_domain of domains) {
    const { id } = await gateway.ask('associateDomainV2', { params: { group_id: group.id }, body: { url_domain } })
    made.push({ group_id: group.id, domain_id: id })
  }
  return made
}

async function domainInGroup({ group_id, domain_id }: { group_id: string; domain_id: string }) {
  const { url_domains } = await gateway.ask('showDetailsOfApiGroupV2', { params: { group_id } })
  return url_domains.find(({ id }) => id === domain_id)!
}

suite('certificates', () => {
  test('one is made, shown, replaced and deleted, and what it holds is never shown', async () => {
    gateway.clock.at = Date.now()
    const made = await create('first')
    assert.deepEqual(made, {
      id: made.id,
      name: 'first',
      type: 'global',
      instance_id: 'common',
      project_id: gateway.projectId,
      common_name: 'api.example.com',
      san: ['api.example.com', 'www.example.com'],
      signature_algorithm: 'ECDSA-SHA256',
      algorithm_type: 'ECC',
      is_has_trusted_root_ca: false,
      not_after: made.not_after,
      create_time: made.create_time,
      update_time: made.create_time,
      version: 3,
      organization: ['Example'],
      organizational_unit: ['Ops'],
      locality: ['Shenzhen'],
      state: ['Guangdong'],
      country: ['CN'],
      issuer: ['Example'],
      serial_number: made.serial_number,
      not_before: made.not_before,
    })
    assert.match(made.serial_number, /^\d+$/)
    const params = { certificate_id: made.id }
    assert.deepEqual(await gateway.ask('showDetailsOfCertificateV2', { params }), made)

    gateway.clock.at += 5_000
    const replaced = await gateway.ask('updateCertificateV2', {
      params,
      body: body('renewed', rsa, { trusted_root_ca: root.cert }),
    })
    assert.equal(replaced.id, made.id)
    assert.deepEqual(
      [replaced.name, replaced.algorithm_type, replaced.signature_algorithm, replaced.is_has_trusted_root_ca],
      ['renewed', 'RSA', 'SHA256-RSA', true],
    )
    assert.deepEqual(replaced.issuer, ['*.example.com'])
    assert.equal(replaced.create_time, made.create_time)
    assert.notEqual(replaced.update_time, made.update_time)
    const again = await gateway.ask('updateCertificateV2', { params, body: body('renewed', rsa) })
    assert.equal(again.is_has_trusted_root_ca, false)

    const stored = gateway.desk.catalog().get('certificate', made.id)!
    assert.ok(isSecret(stored.privateKey))
    assert.ok(!JSON.stringify(gateway.logged).includes('PRIVATE KEY'))
    await gateway.ask('deleteCertificateV2', { params })
    const gone = { status: 404, code: 'APIG.3025', text: /^ssl with certId [a-f0-9]+ not found$/ }
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/attached-domains'],
    ] as const)
      assertRefused(await outside(method, `certificates/${made.id}${path}`), gone)
  })

  test('every filter of the list works, and an instance shows the global ones with its own', async () => {
    await create('global_ec')
    await create('global_rsa', rsa)
    await create('mine_ec', other, { type: 'instance', instance_id: gateway.instanceId })
    const { instance_id: elsewhere } = await gateway.ask('createInstanceV2', {
      body: {
        instance_name: 'elsewhere',
        spec_id: 'BASIC',
        vpc_id: 'v',
        subnet_id: 's',
        security_group_id: 'g',
        available_zone_ids: ['az1'],
      },
    })
    const expected: [query: Record<string, string>, names: string[]][] = [
      [{}, ['mine_ec', 'global_rsa', 'global_ec']],
      [{ instance_id: gateway.instanceId }, ['mine_ec', 'global_rsa', 'global_ec']],
      [{ instance_id: elsewhere }, ['global_rsa', 'global_ec']],
      [{ name: 'rsa' }, ['global_rsa']],
      [{ common_name: 'other' }, ['mine_ec']],
      [{ signature_algorithm: 'SHA256-RSA' }, ['global_rsa']],
      [{ type: 'instance' }, ['mine_ec']],
      [{ algorithm_type: 'ECC' }, ['mine_ec', 'global_ec']],
      [{ limit: '1', offset: '1' }, ['global_rsa']],
    ]
    for (const [query, names] of expected) assert.deepEqual(await namesOf(query), names, JSON.stringify(query))
    assertRefused(
      await gateway.official('GET', `/v2/${gateway.projectId}/apigw/certificates`, { query: { instance_id: 'nope' } }),
      { status: 404, code: 'APIG.3030' },
    )
  })

  const refusals: [what: string, body: object, status: number, code: string][] = [
    ['a key of another', body('wrong', { cert: ec.cert, key: other.key }), 400, 'APIG.2101'],
    ['no time left', body('late', expired), 400, 'APIG.2102'],
    ['no content', { name: 'empty', private_key: ec.key }, 400, 'APIG.2001'],
    ['no key', { name: 'empty', cert_content: ec.cert }, 400, 'APIG.2001'],
    ['a name of three', body('abc'), 400, 'APIG.2011'],
    ['a name with a dash', body('my-cert'), 400, 'APIG.2011'],
    ['a type that there is not', body('some_type', ec, { type: 'mine' }), 400, 'APIG.2004'],
    ['an instance that is not said', body('some_instance', ec, { type: 'instance' }), 400, 'APIG.2001'],
    ['an unknown instance', body('some_instance', ec, { type: 'instance', instance_id: 'x' }), 404, 'APIG.3030'],
  ]
  for (const [what, body, status, code] of refusals) {
    test(`a certificate with ${what} is not made`, () =>
      assertNothingStored(gateway, { status, code }, () => outside('POST', 'certificates', body)))
  }

  test('whose it is stays as it was made', async () => {
    const { id } = await create('whose')
    const refused = { status: 400, code: 'APIG.2011', text: /parameterName:type/ }
    const mine = body('whose', ec, { type: 'instance', instance_id: gateway.instanceId })
    await assertNothingStored(gateway, refused, () => outside('PUT', `certificates/${id}`, mine))
  })
})

suite('certificates of domains', () => {
  test('are bound and unbound at the domain, and reach traffic at once', async () => {
    const [place, untouched] = await makeDomains('api.example.com', 'www.example.com')
    const { id } = await create('for_a_domain')
    const { revision } = gateway.desk.catalog()
    await gateway.ask('batchAssociateCertsV2', { params: place!, body: { certificate_ids: [id] } })
    const { certificates = [] } = gateway.adopted.at(-1)!
    assert.deepEqual(
      certificates.map(({ name, certificates, clientAuthority }) => [name, ...certificates, clientAuthority]),
      [['api.example.com', { chain: ec.cert, key: secret(ec.key.trim()) }, undefined]],
    )
    const shown = await domainInGroup(place!)
    assert.deepEqual(
      [shown.ssl_id, shown.ssl_name, shown.verified_client_certificate_enabled],
      [id, 'for_a_domain', false],
    )
    assert.deepEqual(shown.ssl_infos, [
      { ssl_id: id, ssl_name: 'for_a_domain', algorithm_type: 'ECC', type: 2, is_has_trusted_root_ca: false },
    ])
    assert.deepEqual((await domainInGroup(untouched!)).ssl_infos, [])
    // Once more is no change.
    await gateway.ask('batchAssociateCertsV2', { params: place!, body: { certificate_ids: [id] } })
    assert.equal(gateway.desk.catalog().revision, revision + 1)

    await assertNothingStored(gateway, { status: 400, code: 'APIG.2000', text: /bound to .*api\.example\.com/ }, () =>
      outside('DELETE', `certificates/${id}`),
    )
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2103' }, () =>
      outside('PUT', `certificates/${id}`, body('for_a_domain', other)),
    )
    await gateway.ask('updateDomainV2', { params: place!, body: { min_ssl_version: 'TLSv1.1' } })
    assert.equal((await domainInGroup(place!)).ssl_id, id)
    await gateway.ask('updateCertificateV2', { params: { certificate_id: id }, body: body('for_a_domain', rsa) })
    assert.equal(gateway.adopted.at(-1)!.certificates![0]!.certificates[0]!.chain, rsa.cert)

    await gateway.ask('batchDisassociateCertsV2', { params: place!, body: { certificate_ids: [id] } })
    assert.equal(gateway.adopted.at(-1)!.certificates, undefined)
    const path = `api-groups/${place!.group_id}/domains/${place!.domain_id}/certificates/detach`
    assertRefused(await gateway.inside('POST', path, { body: { certificate_ids: [id] } }), {
      status: 404,
      code: 'APIG.3021',
    })
    await gateway.ask('deleteCertificateV2', { params: { certificate_id: id } })
    await gateway.ask('deleteApiGroupV2', { params: { group_id: place!.group_id } })
  })

  test('are bound and unbound at the certificate, by the names of domains', async () => {
    const [first, second] = await makeDomains('one.example.com', 'two.example.com', '*.example.com')
    const { id } = await create('for_domains', rsa)
    const params = { certificate_id: id }
    const domains = [
      { domain: 'ONE.example.com', instance_ids: [gateway.instanceId] },
      { domain: 'two.example.com', verified_client_certificate_enabled: false },
      { domain: '*.example.com' },
    ]
    await gateway.ask('batchAssociateDomainsV2', { params, body: { domains } })
    assert.equal((await attached(id)).length, 3)
    const [one] = await attached(id, { url_domain: 'ne.ex' })
    assert.deepEqual(one, {
      url_domain: 'one.example.com',
      id: first!.domain_id,
      status: 3,
      min_ssl_version: 'TLSv1.2',
      is_http_redirect_to_https: false,
      verified_client_certificate_enabled: false,
      ingress_http_port: 80,
      ingress_https_port: 443,
      ssl_id: id,
      ssl_name: 'for_domains',
      ssl_infos: [
        { ssl_id: id, ssl_name: 'for_domains', algorithm_type: 'RSA', type: 2, is_has_trusted_root_ca: false },
      ],
      api_group_id: first!.group_id,
      api_group_name: `group_${groups}`,
      instance_id: gateway.instanceId,
    })
    await gateway.ask('batchDisassociateDomainsV2', { params, body: { domains: [domains[0]!, { domain: 'x.y' }] } })
    assert.deepEqual((await attached(id)).map(({ url_domain }) => url_domain).toSorted(), [
      '*.example.com',
      'two.example.com',
    ])
    const nothing = { status: 400, code: 'APIG.2000', text: 'no valid domain name' }
    await assertNothingStored(gateway, nothing, () =>
      outside('POST', `certificates/${id}/domains/detach`, { domains: [domains[0]] }),
    )
    // A domain that goes takes its binding with it.
    await gateway.ask('disassociateDomainV2', { params: second! })
    assert.deepEqual(
      (await attached(id)).map(({ url_domain }) => url_domain),
      ['*.example.com'],
    )
    await gateway.ask('deleteApiGroupV2', { params: { group_id: first!.group_id } })
    assert.deepEqual(await attached(id), [])
    await gateway.ask('deleteCertificateV2', { params })
  })

  test('are not bound where they do not belong', async () => {
    const [place] = await makeDomains('bad.example.com')
    const fitting = await create('fitting', rsa)
    const sameKind = await create('same_kind', rsa)
    const otherKind = await create('other_kind', await makeCertificate(['bad.example.com']))
    const stranger = await create('stranger', other)
    const rooted = await create('rooted', rsa, { trusted_root_ca: root.cert })
    const elsewhere = (await list({})).certs.find(({ type }) => type === 'instance')!
    const { instances } = await gateway.ask('listInstancesV2', { query: { instance_name: 'elsewhere' } })
    const bound = await create('bound_elsewhere', rsa, { type: 'instance', instance_id: instances[0]!.id })
    assert.ok(elsewhere)
    const path = `api-groups/${place!.group_id}/domains/${place!.domain_id}/certificates/attach`
    const attach =
      (id: string, more: object = {}) =>
      () =>
        gateway.inside('POST', path, { body: { certificate_ids: [id], ...more } })
    const verified = { verified_client_certificate_enabled: true }
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2103' }, attach(stranger.id))
    await assertNothingStored(gateway, { status: 403, code: 'APIG.1115' }, attach(bound.id))
    await assertNothingStored(gateway, { status: 404, code: 'APIG.3025' }, attach('abc'))
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, attach(fitting.id, verified))
    for (const certificate_ids of [[], [fitting.id, sameKind.id]]) {
      await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /certificate_ids/ }, () =>
        gateway.inside('POST', path, { body: { certificate_ids } }),
      )
    }
    await attach(rooted.id, { verified_client_certificate_enabled: false })()
    assert.equal((await domainInGroup(place!)).is_has_trusted_root_ca, true)
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3715' }, attach(sameKind.id))
    assert.equal((await attach(otherKind.id)()).status, 204)
    const infos = (await domainInGroup(place!)).ssl_infos!
    assert.deepEqual(
      infos.map(({ ssl_id, algorithm_type }) => [ssl_id, algorithm_type]),
      [
        [rooted.id, 'RSA'],
        [otherKind.id, 'ECC'],
      ],
    )
    assert.equal(gateway.adopted.at(-1)!.certificates![0]!.certificates.length, 2)
    // As ECC it would be the second of its kind there.
    const moved = body('rooted', await makeCertificate(['bad.example.com']))
    await assertNothingStored(gateway, { status: 400, code: 'APIG.3715' }, () =>
      outside('PUT', `certificates/${rooted.id}`, moved),
    )
    const domains = `certificates/${fitting.id}/domains/attach`
    for (const wanted of [
      { domain: 'x.example.com' },
      { domain: 'bad.example.com', instance_ids: [instances[0]!.id] },
    ]) {
      await assertNothingStored(gateway, { status: 404, code: 'APIG.3020' }, () =>
        outside('POST', domains, { domains: [wanted] }),
      )
    }
  })

  test('with a root have clients verified, unless that is declined, until no root is left', async () => {
    const [place] = await makeDomains('verified.example.com')
    const rooted = await create('with_root', rsa, { trusted_root_ca: root.cert })
    const plain = await create('without_root', await makeCertificate(['verified.example.com']))
    const verifies = async () => {
      const { verified_client_certificate_enabled: shown } = await domainInGroup(place!)
      const { certificates = [] } = gateway.adopted.at(-1)!
      const { clientAuthority } = certificates.find(({ name }) => name === 'verified.example.com') ?? {}
      assert.equal(clientAuthority, shown ? root.cert : undefined)
      return shown
    }
    const attach = (id: string, more: object = {}) =>
      gateway.ask('batchAssociateCertsV2', { params: place!, body: { certificate_ids: [id], ...more } })
    const update = (verify?: boolean) => ({
      min_ssl_version: 'TLSv1.2' as const,
      ...(verify !== undefined && { verified_client_certificate_enabled: verify }),
    })
    await attach(plain.id)
    assert.equal(await verifies(), false)
    const domain = `api-groups/${place!.group_id}/domains/${place!.domain_id}`
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /verified_client/ }, () =>
      gateway.inside('PUT', domain, { body: update(true) }),
    )
    await attach(rooted.id)
    assert.equal(await verifies(), true)
    assert.equal((await attached(rooted.id))[0]!.verified_client_certificate_enabled, true)
    await attach(plain.id)
    assert.equal(await verifies(), true)
    await gateway.ask('updateDomainV2', { params: place!, body: update() })
    assert.equal(await verifies(), true)
    // A certificate that loses its root would let everybody pass.
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011', text: /trusted_root_ca/ }, () =>
      outside('PUT', `certificates/${rooted.id}`, body('with_root', rsa)),
    )
    await gateway.ask('updateDomainV2', { params: place!, body: update(false) })
    assert.equal(await verifies(), false)
    await gateway.ask('updateDomainV2', { params: place!, body: update(true) })
    assert.equal(await verifies(), true)
    await gateway.ask('batchDisassociateCertsV2', { params: place!, body: { certificate_ids: [rooted.id] } })
    assert.equal(await verifies(), false)
    const shown = await domainInGroup(place!)
    assert.deepEqual([shown.ssl_id, shown.is_has_trusted_root_ca], [plain.id, false])
    const group = `api-groups/${place!.group_id}/domains`
    const early = { url_domain: 'early.example.com', verified_client_certificate_enabled: true }
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2011' }, () =>
      gateway.inside('POST', group, { body: early }),
    )
  })

  test('are made, shown and unbound in one step each, the old way', async () => {
    const [place] = await makeDomains('api.example.com')
    const made = await gateway.ask('associateCertificateV2', { params: place!, body: body('old_way') })
    assert.deepEqual(
      [made.url_domain, made.id, made.ssl_name, made.status],
      ['api.example.com', place!.domain_id, 'old_way', 3],
    )
    const params = { ...place!, certificate_id: made.ssl_id }
    const shown = await gateway.ask('showDetailsOfDomainNameCertificateV2', { params })
    assert.deepEqual([shown.id, shown.type, shown.instance_id], [made.ssl_id, 'instance', gateway.instanceId])
    await gateway.ask('disassociateCertificateV2', { params })
    assert.equal((await domainInGroup(place!)).ssl_id, '')
    const path = `api-groups/${place!.group_id}/domains/${place!.domain_id}/certificate`
    for (const method of ['GET', 'DELETE'])
      assertRefused(await gateway.inside(method, `${path}/${made.ssl_id}`), { status: 404, code: 'APIG.3021' })
    await assertNothingStored(gateway, { status: 400, code: 'APIG.2103' }, () =>
      gateway.inside('POST', path, { body: body('old_way', other) }),
    )
  })
})
