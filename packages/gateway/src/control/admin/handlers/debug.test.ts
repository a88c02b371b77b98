import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, before, test } from 'node:test'

import { callGateway } from '../debug-client.ts'
import { assertRefused, mockApi, openForTests, type Gateway } from '../open-for-tests.ts'

/** What a debugging call may not be, and what its client does with a server that misbehaves. The rest needs a gateway. */

let gateway: Gateway
let apiId: string
before(async () => {
  gateway = await openForTests()
  const group = await gateway.ask('createApiGroupV2', { body: { name: 'debugged' } })
  const body = mockApi(group.id, 'one', '/one')
  apiId = (await gateway.ask('createApiV2', { body })).id
  const other = await gateway.ask('createApiGroupV2', { body: { name: 'another' } })
  for (const [id, url_domain] of [
    [group.id, '*.ours.example'],
    [other.id, 'www.theirs.example'],
  ] as const) {
    await gateway.ask('associateDomainV2', { params: { group_id: id }, body: { url_domain } })
  }
})
after(() => gateway.close())

const call = { mode: 'CONSUMER', scheme: 'HTTP', method: 'GET', path: '/one' }

const refusals: [what: string, more: object, code: string, field: string][] = [
  ['the draft', { mode: 'DEVELOPER' }, 'APIG.3458', 'mode'],
  ['an API of the market', { mode: 'MARKET' }, 'APIG.3458', 'mode'],
  ['a mode that does not exist', { mode: 'PROVIDER' }, 'APIG.2004', 'mode'],
  ['no path', { path: undefined }, 'APIG.2001', 'path'],
  ['a path that does not begin with a slash', { path: 'one' }, 'APIG.2011', 'path'],
  ['a path with a query', { path: '/one?a=b' }, 'APIG.2011', 'path'],
  ['a path with a line break', { path: '/one\r\nX-Stage: BETA' }, 'APIG.2011', 'path'],
  ['a path with half a character', { path: '/\ud800' }, 'APIG.2011', 'path'],
  ['any method', { method: 'ANY' }, 'APIG.2004', 'method'],
  ['the stage as a header', { header: { 'X-Stage': ['BETA'] } }, 'APIG.2011', 'header'],
  ['a header of the gateway', { header: { 'x-apig-mode': ['off'] } }, 'APIG.2011', 'header'],
  ['a header of the signature', { header: { 'X-Sdk-Date': ['now'] } }, 'APIG.2011', 'header'],
  ['a header that frames the message', { header: { 'Transfer-Encoding': ['chunked'] } }, 'APIG.2011', 'header'],
  ['a host as a header', { header: { Host: ['www.theirs.example'] } }, 'APIG.2011', 'header'],
  ['a credential as a header', { header: { authorization: ['x'] } }, 'APIG.2011', 'header'],
  ['a header name with an underscore', { header: { X_A: ['1'] } }, 'APIG.2011', 'header'],
  ['a header name of 33', { header: { [`a${'b'.repeat(32)}`]: ['1'] } }, 'APIG.2011', 'header'],
  ['a header name that begins with a digit', { header: { '1st': ['1'] } }, 'APIG.2011', 'header'],
  ['a header value with a line break', { header: { 'X-A': ['1\r\nX-B: 2'] } }, 'APIG.2011', 'header.X-A'],
  ['a query name that begins with a digit', { query: { '1st': ['1'] } }, 'APIG.2011', 'query'],
  ['a header value that is no list', { header: { 'X-A': '1' } }, 'APIG.2011', 'header.X-A'],
  ["another group's domain", { domain: 'www.theirs.example' }, 'APIG.2011', 'domain'],
  ['a name two labels below a wildcard', { domain: 'a.b.ours.example' }, 'APIG.2011', 'domain'],
  ['a body of more than 2 MiB', { body: '牌'.repeat(700_000) }, 'APIG.2003', 'body'],
  ['a key without its secret', { app_key: 'a-key-of-an-app' }, 'APIG.2001', 'app_secret'],
  ['a secret without its key', { app_secret: 'a-secret' }, 'APIG.2001', 'app_key'],
  ['a scheme for which nobody listens', { scheme: 'HTTPS', domain: 'a.ours.example' }, 'APIG.3458', 'scheme'],
]

for (const [what, more, code, field] of refusals) {
  test(`a debugging call is refused with ${code}: ${what}`, async () => {
    const answer = await gateway.inside('POST', `apis/debug/${apiId}`, { body: { ...call, ...more } })
    const status = code === 'APIG.3458' ? 412 : 400
    assertRefused(answer, { status, code, text: new RegExp(`parameterName:${field.replace('.', '\\.')}(\\.|$)`) })
  })
}

test('an unknown API is said to be unknown before anything else', async () => {
  const answer = await gateway.inside('POST', 'apis/debug/nobody', { body: { ...call, mode: 'MARKET' } })
  assertRefused(answer, { status: 404, code: 'APIG.3002', text: 'API nobody does not exist' })
})

async function against(reply: string | Buffer, look: (outcome: Awaited<ReturnType<typeof callGateway>>) => void) {
  const server: Server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(reply))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const httpPort = (server.address() as { port: number }).port
    const asked = { scheme: 'http', method: 'GET', host: 'a.example', path: '/', query: '', headers: [] } as const
    look(await callGateway({ host: '0.0.0.0', httpPort, httpsPort: -1 }, { ...asked, body: Buffer.alloc(0) }))
  } finally {
    server.close()
  }
}

test('a response of more than 2 MiB is cut and marked', () =>
  against(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(3_000_000)}`, ({ response, trouble }) => {
    assert.equal(response.length, 2_097_152 + '[TRUNCATED]'.length)
    assert.ok(response.endsWith('x[TRUNCATED]'))
    assert.equal(trouble, undefined)
  }))

test('a connection that ends without a response leaves an empty one and says why', () =>
  against('', ({ request, response, trouble }) => {
    assert.equal(request, 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n')
    assert.equal(response, '')
    assert.match(trouble ?? '', /socket hang up/)
  }))

test('a response that breaks off is shown as far as it came', () =>
  against('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', ({ response, status, trouble }) => {
    assert.equal(status, 200)
    assert.ok(response.endsWith('\r\n\r\nhalf'))
    assert.ok(trouble)
  }))
