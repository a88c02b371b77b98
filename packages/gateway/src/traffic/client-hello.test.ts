import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { incomplete, serverNameIn } from './client-hello.ts'

/** The greeting of a real client. */
async function greeting(options: object): Promise<Buffer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ...options })
  socket.on('error', () => {})
  const [peer] = (await once(server, 'connection')) as [import('node:net').Socket]
  const [bytes] = (await once(peer, 'data')) as [Buffer]
  peer.destroy()
  socket.destroy()
  server.close()
  return bytes
}

const named = await greeting({ servername: 'Shop.Example.com' })
const nameless = await greeting({})
const old = await greeting({ servername: 'shop.example.com', maxVersion: 'TLSv1.2' })

/** The same greeting in records of so many bytes. */
function inRecords(bytes: Buffer, size: number): Buffer {
  const hello = bytes.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < hello.length; at += size) {
    const part = hello.subarray(at, at + size)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  return Buffer.concat(records)
}

const changed = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}

const cases: [what: string, bytes: Buffer, name: string | undefined][] = [
  ['TLS 1.3', named, 'shop.example.com'],
  ['TLS 1.2', old, 'shop.example.com'],
  ['no name', nameless, undefined],
  ['records of one byte', inRecords(named, 1), 'shop.example.com'],
  ['records of a hundred bytes', inRecords(named, 100), 'shop.example.com'],
  ['more behind it', Buffer.concat([named, Buffer.from('more')]), 'shop.example.com'],
  ['another message', changed(named, 5, 2), undefined],
  ['another kind of record', changed(named, 0, 23), undefined],
  ['a record of nothing', Buffer.from([22, 3, 1, 0, 0]), undefined],
  ['a record of too much', Buffer.from([22, 3, 1, 255, 255]), undefined],
  ['a greeting of too much', changed(named, 6, 1), undefined],
  [
    'a session id that points behind the end',
    Buffer.from([22, 3, 1, 0, 39, 1, 0, 0, 35, ...Array(34).fill(0), 255]),
    undefined,
  ],
]
for (const [what, bytes, name] of cases) {
  test(`in a greeting with ${what} the name is ${name ?? 'none'}`, () => assert.equal(serverNameIn(bytes), name))
}

test('a greeting that is cut off anywhere may go on', () => {
  for (const bytes of [named, inRecords(named, 50)]) {
    for (let end = 0; end < bytes.length; end++)
      assert.equal(serverNameIn(bytes.subarray(0, end)), incomplete, `${end}`)
  }
})

test('a greeting that is broken anywhere is read without an error', () => {
  for (let at = 0; at < named.length; at++) {
    for (const value of [0, 1, 127, 255]) {
      const name = serverNameIn(changed(named, at, value))
      assert.ok(name === undefined || name === incomplete || typeof name === 'string')
    }
  }
})
