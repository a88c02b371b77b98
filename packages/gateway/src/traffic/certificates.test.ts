import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectPlain, createServer, type AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { makeCertificate, type MadeCertificate } from '../base/certificates-for-tests.ts'
import { secret } from '../base/secret.ts'
import type { HostCertificates } from '../seam/snapshot.ts'
import { RawClient } from './testing/raw-client.ts'
import { hostName, mockBackend, route, snapshotOf } from './testing/snapshots.ts'
import { Stand } from './testing/stand.ts'

const get = `GET /x HTTP/1.1\r\nHost: ${hostName}\r\n\r\n`

const root = await makeCertificate(['Root'], { authority: true })
const intermediate = await makeCertificate(['Intermediate'], { authority: true, issuer: root })
const exact = await makeCertificate(['a.test.example'], { issuer: intermediate })
const wildcard = await makeCertificate(['*.test.example'], { keyType: 'rsa' })
const second = await makeCertificate(['a.test.example'])

const of = (name: string, { cert, key }: MadeCertificate, ...issuers: MadeCertificate[]): HostCertificates => ({
  name,
  certificates: [{ chain: [cert, ...issuers.map(({ cert }) => cert)].join('\n'), key: secret(key) }],
})

suite('the TLS port with certificates', { concurrency: 1 }, () => {
  let stand: Stand
  let revision = 1
  const adopt = (...certificates: HostCertificates[]) =>
    stand.traffic.adopt({ ...snapshotOf([route(mockBackend())], [], ++revision), certificates })

  before(async () => {
    stand = await Stand.open({ snapshot: snapshotOf([route(mockBackend())]), tls: true })
    adopt(of('a.test.example', exact, intermediate), of('*.test.example', wildcard))
  })
  after(() => stand.close())

  async function greet(servername: string | undefined, more: object = {}): Promise<TLSSocket> {
    const name = servername === undefined ? {} : { servername }
    const socket = connect({ host: '127.0.0.1', port: stand.tlsPort, rejectUnauthorized: false, ...name, ...more })
    await once(socket, 'secureConnect')
    return socket
  }

  /** The common name of the certificate that a name is answered with. */
  async function shown(servername: string | undefined, more: object = {}): Promise<string> {
    const socket = await greet(servername, more)
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return String(CN)
  }

  const names: [servername: string | undefined, common: string][] = [
    ['a.test.example', 'a.test.example'],
    ['A.TEST.example', 'a.test.example'],
    ['b.test.example', '*.test.example'],
    ['a.b.test.example', 'localhost'],
    ['test.example', 'localhost'],
    ['other.example', 'localhost'],
    [undefined, 'localhost'],
  ]
  for (const [name, common] of names) {
    test(`answers ${name ?? 'no name at all'} with the certificate of ${common}`, async () => {
      assert.equal(await shown(name), common)
    })
  }

  test('shows the whole chain: a client that trusts the root trusts the host', async () => {
    const socket = await greet('a.test.example', { rejectUnauthorized: true, ca: root.cert })
    assert.equal(socket.authorized, true)
    socket.destroy()
  })

  test('shows the certificate of the name to a client who would like another algorithm better', async () => {
    const sigalgs = 'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256'
    assert.equal(await shown('b.test.example', { sigalgs }), '*.test.example')
  })

  test('speaks TLS 1.2 and 1.3 with every certificate, and 1.1 with none', async () => {
    for (const name of ['a.test.example', 'b.test.example', 'other.example']) {
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const socket = await greet(name, { minVersion: version, maxVersion: version })
        assert.equal(socket.getProtocol(), version)
        socket.destroy()
      }
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
      await assert.rejects(greet(name, old), /alert|protocol/i)
    }
  })

  test('answers from the next handshake on with a new certificate, and keeps the connections that there are', async () => {
    const client = new RawClient(await greet('a.test.example'))
    assert.equal((await client.call(get)).status, 200)
    adopt(of('a.test.example', second))
    const socket = await greet('a.test.example', { rejectUnauthorized: true, ca: second.cert })
    socket.destroy()
    assert.equal(await shown('b.test.example'), 'localhost')
    assert.equal((await client.call(get)).status, 200)
    client.destroy()
    adopt()
    assert.equal(await shown('a.test.example'), 'localhost')
  })

  test('makes a certificate ready once, and not again while it stays the same', () => {
    adopt(of('a.test.example', second), of('b.test.example', second))
    const made = stand.traffic.certificates.doorFor('a.test.example')
    assert.ok(made)
    assert.equal(stand.traffic.certificates.doorFor('b.test.example'), made)
    adopt(of('c.test.example', second))
    assert.equal(stand.traffic.certificates.doorFor('c.test.example'), made)
  })

  test('shows each client the certificate of an algorithm that it knows, where a name has two', async () => {
    const both = [...of('two.example', second).certificates, ...of('two.example', wildcard).certificates]
    adopt({ name: 'two.example', certificates: both })
    assert.equal(await shown('two.example', { sigalgs: 'ecdsa_secp256r1_sha256' }), 'a.test.example')
    assert.equal(await shown('two.example', { sigalgs: 'rsa_pss_rsae_sha256' }), '*.test.example')
  })

  test('waits for a greeting that comes byte by byte', async () => {
    adopt(of('a.test.example', second))
    const relay = createServer(async client => {
      const gateway = connectPlain(stand.tlsPort, '127.0.0.1').setNoDelay(true)
      gateway.pipe(client)
      client.on('error', () => {})
      let first = true
      for await (const chunk of client) {
        if (first) for (const byte of chunk as Buffer) await new Promise(done => gateway.write(Buffer.of(byte), done))
        else gateway.write(chunk as Buffer)
        first = false
      }
      gateway.destroy()
    }).listen(0, '127.0.0.1')
    await once(relay, 'listening')
    assert.equal(await shown('a.test.example', { port: (relay.address() as AddressInfo).port }), 'a.test.example')
    relay.close()
  })

  test('keeps the last snapshot whole when one brings a certificate that cannot be loaded', async () => {
    adopt(of('a.test.example', second))
    const { revision } = stand.traffic
    assert.throws(() => adopt(of('a.test.example', { cert: second.cert, key: 'nothing' })))
    assert.equal(stand.traffic.revision, revision)
    assert.equal(await shown('a.test.example'), 'a.test.example')
  })
})
