import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:https'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { connect } from 'node:tls'
import { makeCertificate, type MadeCertificate } from '../base/certificates-for-tests.ts'
import { mock } from './testing/admin.ts'
import { eventually } from './testing/eventually.ts'
import { ask } from './testing/http.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** Certificates of domains, from the admin API to the handshakes of callers. */

const root = await makeCertificate(['Root'], { authority: true })
const intermediate = await makeCertificate(['Intermediate'], { authority: true, issuer: root })
const exact = await makeCertificate(['shop.example.com'], { issuer: intermediate })
const wildcard = await makeCertificate(['*.example.com'], { keyType: 'rsa' })
const renewed = await makeCertificate(['shop.example.com'])

const dataDir = join(temporaryDirectory(), 'data')
let program: Program
let group: { readonly id: string; readonly sl_domain: string }
const domains: Record<string, string> = {}
before(async () => {
  program = await startProgram({ dataDir })
  group = await program.admin.makeGroup('certificates')
  await program.admin.serve(group.id, { name: 'shop', req_uri: '/shop', ...mock('open') })
  for (const url_domain of ['shop.example.com', '*.example.com']) {
    const { id } = await program.admin.make('POST', `api-groups/${group.id}/domains`, { url_domain })
    domains[url_domain] = id
  }
})
after(() => program.stop())

const certificates = (method: string, path: string, body?: object) =>
  program.admin.call(method, `/v2/${program.admin.projectId}/apigw/certificates${path}`, body ? { body } : {})

async function create(name: string, content: string, private_key: string): Promise<string> {
  const answer = await certificates('POST', '', { name, cert_content: content, private_key })
  assert.equal(answer.status, 200, answer.text)
  return answer.json.id
}

/** Every thread has to know, and connections go to different ones. */
async function trusted(host: string, ca: string): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const answer = await ask({ port: program.httpsPort, host, path: '/shop', ca })
    assert.equal(answer.text, 'open')
  }
}

const refusedFor = (host: string, ca: string, reason: RegExp) =>
  assert.rejects(ask({ port: program.httpsPort, host, path: '/shop', ca }), reason)

it('serves a certificate from when it is bound until it is unbound, without publishing anything', async () => {
  const content = [exact.cert, intermediate.cert].join('\n')
  const id = await create('shop_cert', content, exact.key)
  const wild = await create('wild_cert', wildcard.cert, wildcard.key)
  await refusedFor('shop.example.com', root.cert, /self-signed|does not match/)
  const place = `api-groups/${group.id}/domains/${domains['shop.example.com']}/certificates`
  await program.admin.make('POST', `${place}/attach`, { certificate_ids: [id] })
  await trusted('shop.example.com', root.cert)
  const attach = { domains: [{ domain: '*.example.com' }] }
  assert.equal((await certificates('POST', `/${wild}/domains/attach`, attach)).status, 204)
  await trusted('other.example.com', wildcard.cert)
  await trusted('shop.example.com', root.cert)
  await trusted(group.sl_domain, program.ca)

  const kept = connect({ host: '127.0.0.1', port: program.httpsPort, servername: 'shop.example.com', ca: root.cert })
  await once(kept, 'secureConnect')
  const body = { name: 'shop_cert', cert_content: renewed.cert, private_key: renewed.key }
  assert.equal((await certificates('PUT', `/${id}`, body)).status, 200)
  await trusted('shop.example.com', renewed.cert)
  kept.write('GET /shop HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n')
  const chunks: Buffer[] = []
  for await (const chunk of kept) chunks.push(chunk as Buffer)
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 [^]*open$/)

  await program.admin.make('POST', `${place}/detach`, { certificate_ids: [id] })
  // What is bound to the wildcard covers it still.
  await trusted('shop.example.com', wildcard.cert)
  assert.equal((await certificates('POST', `/${wild}/domains/detach`, attach)).status, 204)
  await refusedFor('shop.example.com', renewed.cert, /self-signed|does not match/)
  await program.admin.make('POST', `${place}/attach`, { certificate_ids: [id] })
})

/** Calls the domain as a client that has a certificate of its own, or none. */
function callAs(client: MadeCertificate | undefined): Promise<{ status: number; id: string; text: string }> {
  return new Promise((resolve, reject) => {
    const place = { host: '127.0.0.1', port: program.httpsPort, path: '/shop', servername: 'shop.example.com' }
    const headers = { Host: 'shop.example.com' }
    request({ ...place, headers, ...client, ca: renewed.cert, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, id: String(headers['x-request-id']), text: Buffer.concat(chunks).toString() })
      })
    })
      .on('error', reject)
      .end()
  })
}

it('asks callers for certificates from when the certificate names a root for them, and says why it refuses', async () => {
  const place = `api-groups/${group.id}/domains/${domains['shop.example.com']}`
  const { ssl_id } = (await program.admin.make('GET', `api-groups/${group.id}`)).url_domains.find(
    ({ domain }: { domain: string }) => domain === 'shop.example.com',
  )
  const body = { name: 'shop_cert', cert_content: renewed.cert, private_key: renewed.key }
  assert.equal((await callAs(undefined)).status, 200)
  assert.equal((await certificates('PUT', `/${ssl_id}`, { ...body, trusted_root_ca: root.cert })).status, 200)
  await program.admin.make('POST', `${place}/certificates/attach`, { certificate_ids: [ssl_id] })
  const client = await makeCertificate(['client'], { issuer: root, usage: 'client' })
  for (let round = 0; round < 4; round++) {
    assert.equal((await callAs(client)).text, 'open')
    const refused = await callAs(undefined)
    assert.deepEqual([refused.status, JSON.parse(refused.text).error_code], [400, 'APIG.0201'])
    const evidence = await eventually('the refusal to be explained', async () => {
      const found = await program.admin.call('GET', `/pailou/v1/requests/${refused.id}`)
      return found.status === 200 ? found.json.evidence : undefined
    })
    assert.equal(evidence.check, 'client certificate')
  }
  const declined = { min_ssl_version: 'TLSv1.2', verified_client_certificate_enabled: false }
  await program.admin.make('PUT', place, declined)
  assert.equal((await callAs(undefined)).status, 200)
  assert.equal((await certificates('PUT', `/${ssl_id}`, body)).status, 200)
})

it('keeps a key to itself: in the snapshot, in the store and in the log', async () => {
  const snapshot = await program.admin.call('GET', '/pailou/v1/snapshot')
  const certificates = [{ chain: renewed.cert, key: '[secret]' }]
  assert.deepEqual(snapshot.json.certificates, [{ name: 'shop.example.com', certificates }])
  const line = renewed.key.split('\n')[1]!
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = join(dataDir, name)
    if (statSync(file).isFile()) assert.equal(readFileSync(file).includes(line), false, name)
  }
  assert.equal(program.process.stdout.includes(line), false)
})

it('serves the same certificate after a restart', async () => {
  await program.stop()
  program = await startProgram({ dataDir })
  await trusted('shop.example.com', renewed.cert)
})
