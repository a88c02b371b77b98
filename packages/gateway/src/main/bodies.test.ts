import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, it } from 'node:test'
import { openEcho, type Echo } from '../control/echo.ts'
import { backend, type Admin } from './testing/admin.ts'
import { openBackend } from './testing/listen.ts'
import { startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** Bodies of 10 MB, both ways. */

let program: Program
let admin: Admin
let echo: Echo
const bytes = randomBytes(10 * 1024 * 1024)
let source: Awaited<ReturnType<typeof openBackend>>
let domain: string
before(async () => {
  program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  admin = program.admin
  echo = await openEcho()
  source = await openBackend((request, response) => {
    if (request.url === '/plain') response.setHeader('Content-Length', bytes.length)
    if (request.url === '/plain') response.end(bytes)
    else Readable.from(pieces(bytes)).pipe(response)
  })
  const group = await admin.makeGroup('bodies')
  domain = group.sl_domain
  await admin.serve(group.id, { name: 'upload', req_uri: '/up', req_method: 'ANY', ...backend(echo.port, '/') })
  await admin.serve(group.id, { name: 'download', req_uri: '/down', match_mode: 'SWA', ...backend(source.port, '/') })
})
after(async () => {
  source.close()
  await echo.close()
  await program.stop()
})

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function* pieces(all: Buffer): Generator<Buffer> {
  for (let at = 0, size = 1; at < all.length; at += size, size = (size * 7919) % 90_001)
    yield all.subarray(at, at + size)
}

for (const secured of [false, true]) {
  const over = secured ? 'HTTPS' : 'HTTP'
  const call = (path: string, more: Parameters<Program['call']>[2]) =>
    secured ? program.callTls(domain, path, more) : program.call(domain, path, more)

  it(`bodies of 10 MB arrive whole at the backend over ${over}, with a length and in chunks`, async () => {
    for (const body of [bytes, Readable.from(pieces(bytes))]) {
      const answer = await call('/up', { method: 'PUT', body })
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual([answer.json.bodyBytes, answer.json.bodySha256], [bytes.length, sha256(bytes)])
    }
  })

  it(`bodies of 10 MB come back whole over ${over}, with a length and in chunks`, async () => {
    for (const path of ['/down/plain', '/down/chunks']) {
      const answer = await call(path, {})
      assert.equal(answer.status, 200)
      assert.equal(sha256(answer.body), sha256(bytes))
    }
  })
}
