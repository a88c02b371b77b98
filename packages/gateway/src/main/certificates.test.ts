import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { connect } from 'node:tls'
import { makeCertificate } from '../base/certificates-for-tests.ts'
import { mock } from './testing/admin.ts'
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

it('keeps a key to itself: in the snapshot, in the store and in the log', async () => {
  const snapshot = await program.admin.call('GET', '/pailou/v1/snapshot')
  assert.deepEqual(snapshot.json.certificates, [{ name: 'shop.example.com', chain: renewed.cert, key: '[secret]' }])
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
