import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { openEcho } from './echo.ts'

async function echo(t: TestContext) {
  const opened = await openEcho()
  t.after(() => opened.close())
  return opened.port
}

async function ask(
  port: number,
  options: { method?: string; path?: string; headers?: string[] },
  body?: Buffer | string,
) {
  const asking = request({ host: '127.0.0.1', port, agent: false, ...options }).end(body)
  const [response] = await once(asking, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json: text === '' ? undefined : JSON.parse(text),
  }
}

const sha256 = (body: Buffer | string) => createHash('sha256').update(body).digest('hex')

describe('the echo backend', () => {
  it('answers with the request as it came', async t => {
    const port = await echo(t)
    const headers = ['Host', 'a.example', 'X-Twice', '1', 'x-twice', '2', 'Content-Length', '6']
    const {
      status,
      headers: answered,
      json,
    } = await ask(port, { method: 'PUT', path: '/a%20b/?q=1&q=2', headers }, '牌楼')
    assert.equal(status, 200)
    assert.equal(answered['content-type'], 'application/json')
    const { headers: received, ...rest } = json
    assert.deepEqual([received.host, received['x-twice']], ['a.example', ['1', '2']])
    assert.deepEqual(rest, {
      method: 'PUT',
      path: '/a%20b/',
      query: 'q=1&q=2',
      body: '牌楼',
      bodyEncoding: 'utf8',
      bodyBytes: 6,
      bodySha256: sha256('牌楼'),
    })
  })

  it('answers a GET without a body, and HEAD with its length alone', async t => {
    const port = await echo(t)
    const { json } = await ask(port, { path: '/' })
    assert.deepEqual([json.query, json.body, json.bodyBytes], ['', '', 0])
    const { status, headers, text } = await ask(port, { method: 'HEAD', path: '/' })
    assert.equal(status, 200)
    assert.equal(text, '')
    assert.ok(Number(headers['content-length']) > 100)
  })

  it('shows bytes that are no text in base64', async t => {
    const body = Buffer.from([0xff, 0, 0x80, 1])
    const { json } = await ask(await echo(t), { method: 'POST' }, body)
    assert.deepEqual([json.body, json.bodyEncoding, json.bodyBytes], [body.toString('base64'), 'base64', 4])
  })

  it('counts and hashes a large body, and shows its beginning', async t => {
    // Three bytes each, so that the cut goes through a character.
    const body = Buffer.from('牌'.repeat(2 << 20))
    const { json } = await ask(await echo(t), { method: 'POST' }, body)
    assert.deepEqual([json.bodyBytes, json.bodySha256, json.bodyTruncated], [body.length, sha256(body), true])
    assert.equal(json.body, '牌'.repeat(Math.floor((64 * 1024) / 3)))
  })

  it('takes the port that is asked for, and another one when that is taken', async t => {
    const first = await openEcho()
    await first.close()
    const again = await openEcho({ port: first.port })
    t.after(() => again.close())
    assert.equal(again.port, first.port)
    const beside = await openEcho({ port: first.port })
    t.after(() => beside.close())
    assert.notEqual(beside.port, first.port)
    assert.equal((await ask(beside.port, { path: '/' })).status, 200)
  })
})
