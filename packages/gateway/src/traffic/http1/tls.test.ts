import assert from 'node:assert/strict'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'
import { after, before, suite, test } from 'node:test'
import { RawClient, exchange, until } from '../testing/raw-client.ts'
import { hostName, mockBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const get = `GET /x HTTP/1.1\r\nHost: ${hostName}\r\n\r\n`

suite('the TLS port', { concurrency: 1 }, () => {
  let stand: Stand

  before(async () => {
    stand = await Stand.open({ snapshot: snapshotOf([route(mockBackend())]), tls: true })
  })
  after(() => stand.close())

  for (const bytes of [get, 'x'.repeat(1_000), '\r\n\r\n\r\n', 'G']) {
    test(`answers ${JSON.stringify(bytes.slice(0, 12))} in plain HTTP with 0201/400, and goes on serving`, async () => {
      const client = await RawClient.open(stand.tlsPort)
      client.socket.write(Buffer.from(bytes, 'latin1'))
      await client.untilOver()
      const text = client.received.toString('latin1')
      assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/)
      assert.match(text, /"error_code":"APIG\.0201"/)
      assert.deepEqual(stand.records.at(-1)!.evidence, { check: 'plaintext on the TLS port' })
      client.destroy()
      assert.equal((await exchange(stand.tlsPort, get, { tls: true }))[0]!.status, 200)
    })
  }

  test('closes on what only begins like TLS, and goes on serving', async () => {
    const client = await RawClient.open(stand.tlsPort)
    client.socket.end(Buffer.from('\x16\x03\x01\x00\x05hello', 'latin1'))
    await client.untilOver()
    // At most an alert of TLS: nothing that HTTP has said.
    assert.equal(client.received.includes('HTTP'), false)
    client.destroy()
    assert.equal((await exchange(stand.tlsPort, get, { tls: true }))[0]!.status, 200)
  })

  test('the plain port refuses a TLS greeting as a broken message', async () => {
    const socket = connectTls({ host: '127.0.0.1', port: stand.port, rejectUnauthorized: false })
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /wrong version|packet length|not TLS|SSL/i)
    await until(() => stand.traffic.connectionCount === 0, 'the connection to be closed')
    assert.equal(stand.records.at(-1)!.row, '0201/400')
  })

  test('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = connectTls({
        host: '127.0.0.1',
        port: stand.tlsPort,
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
      })
      await once(socket, 'secureConnect')
      assert.equal(socket.getProtocol(), version)
      socket.destroy()
    }
    const old = connectTls({
      host: '127.0.0.1',
      port: stand.tlsPort,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
    })
    await once(old, 'error')
  })
})
