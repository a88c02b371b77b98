import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, suite, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { makeCertificate, type MadeCertificate } from '../base/certificates-for-tests.ts'
import { secret } from '../base/secret.ts'
import type { HostCertificates, Snapshot } from '../seam/snapshot.ts'
import { RawClient } from './testing/raw-client.ts'
import { groupId, mockBackend, route, snapshotOf } from './testing/snapshots.ts'
import { Stand } from './testing/stand.ts'

const root = await makeCertificate(['Root of clients'], { authority: true })
const stranger = await makeCertificate(['Root of others'], { authority: true })
const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }
const good = await makeCertificate(['client'], { issuer: root, usage: 'client' })
const wrong = await makeCertificate(['client'], { issuer: stranger, usage: 'client' })
const selfSigned = await makeCertificate(['client'])
const expired = await makeCertificate(['client'], { issuer: root, ...past })
const forServers = await makeCertificate(['client'], { issuer: root, usage: 'server' })
const host = await makeCertificate(['asking.test'])

const asking = (name: string, clientAuthority: string): HostCertificates => ({
  name,
  certificates: [{ chain: host.cert, key: secret(host.key) }],
  clientAuthority,
})

suite('a domain whose callers have to show a certificate', { concurrency: 1 }, () => {
  let stand: Stand
  let revision = 1
  const names = ['asking.test', '*.asking.test', 'open.asking.test', 'open.test']
  const snapshot = (...certificates: HostCertificates[]): Snapshot => ({
    ...snapshotOf([route(mockBackend())], [], ++revision),
    hosts: names.map(name => ({ name, groupId, kind: 'independent' })),
    certificates,
  })
  const both = [asking('asking.test', root.cert), asking('*.asking.test', root.cert)]

  before(async () => {
    stand = await Stand.open({ snapshot: snapshot(...both), tls: true })
  })
  after(() => stand.close())

  interface Greeting {
    readonly servername?: string
    readonly client?: MadeCertificate
    readonly version?: 'TLSv1.2' | 'TLSv1.3'
    readonly session?: Buffer
  }

  async function greet({ servername = 'asking.test', client, version, session }: Greeting = {}): Promise<TLSSocket> {
    const socket = connect({
      host: '127.0.0.1',
      port: stand.tlsPort,
      servername,
      rejectUnauthorized: false,
      ...client,
      ...(version !== undefined && { minVersion: version, maxVersion: version }),
      ...(session !== undefined && { session }),
    })
    await once(socket, 'secureConnect')
    return socket
  }

  async function call(name: string, greeting: Greeting = {}): Promise<number> {
    const client = new RawClient(await greet(greeting))
    const { status } = await client.call(`GET /x HTTP/1.1\r\nHost: ${name}\r\n\r\n`)
    client.destroy()
    if (status === 400) {
      const { row, evidence } = stand.records.at(-1)!
      assert.equal(row, '0201/400')
      assert.deepEqual([evidence['check'], evidence['host']], ['client certificate', name])
    }
    return status
  }

  const callers: [what: string, client: MadeCertificate | undefined, status: number][] = [
    ['with one that its authority issued', good, 200],
    ['without any', undefined, 400],
    ['with one that somebody else issued', wrong, 400],
    ['with one that it made itself', selfSigned, 400],
    ['with one that has expired', expired, 400],
    ['with one that is for servers', forServers, 400],
  ]
  for (const [what, client, status] of callers) {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      test(`answers a caller ${what} over ${version} with ${status}`, async () => {
        assert.equal(await call('asking.test', { version, ...(client && { client }) }), status)
      })
    }
  }

  const detours: [what: string, host: string, greeting: Greeting, status: number][] = [
    ['by way of another name in the greeting', 'asking.test', { servername: 'open.test', client: good }, 400],
    ['in other letters', 'ASKING.test:8443', { servername: 'open.test' }, 400],
    ['under its wildcard', 'sub.asking.test', { servername: 'open.test' }, 400],
    ['under its wildcard, verified', 'sub.asking.test', { servername: 'sub.asking.test', client: good }, 200],
    ['for a domain of its own beside the wildcard', 'open.asking.test', { servername: 'open.asking.test' }, 200],
    ['for a domain that asks nobody', 'open.test', { servername: 'open.test' }, 200],
  ]
  for (const [what, host, greeting, status] of detours) {
    test(`answers a call ${what} with ${status}`, async () => {
      assert.equal(await call(host, greeting), status)
    })
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`takes a session over ${version} up again as what it was, and for nothing more`, async () => {
      for (const [client, status] of [
        [undefined, 400],
        [wrong, 400],
        [good, 200],
      ] as const) {
        const first = await greet({ version, ...(client && { client }) })
        const raw = new RawClient(first)
        await raw.call('GET /x HTTP/1.1\r\nHost: asking.test\r\n\r\n')
        const session = first.getSession()!
        raw.destroy()
        const again = await greet({ version, session })
        assert.equal(again.isSessionReused(), true)
        const next = new RawClient(again)
        assert.equal((await next.call('GET /x HTTP/1.1\r\nHost: asking.test\r\n\r\n')).status, status)
        next.destroy()
        const elsewhere = await greet({ version, session, servername: 'open.test' })
        assert.equal(elsewhere.isSessionReused(), false)
        elsewhere.destroy()
      }
    })
  }

  test('believes an authority no longer from when another takes its place', async () => {
    const client = new RawClient(await greet({ client: good }))
    const get = 'GET /x HTTP/1.1\r\nHost: asking.test\r\n\r\n'
    assert.equal((await client.call(get)).status, 200)
    stand.traffic.adopt(snapshot(asking('asking.test', stranger.cert)))
    assert.equal((await client.call(get)).status, 400)
    client.destroy()
    assert.equal(await call('asking.test', { client: good }), 400)
    assert.equal(await call('asking.test', { client: wrong }), 200)
    const two = [root.cert, stranger.cert].join('\n')
    stand.traffic.adopt(snapshot(asking('asking.test', two)))
    assert.equal(await call('asking.test', { client: good }), 200)
    assert.equal(await call('asking.test', { client: wrong }), 200)
    assert.equal(await call('asking.test', { client: selfSigned }), 400)
  })
})
