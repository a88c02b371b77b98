import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { formatAuthorization } from './index.ts'
import { vectors } from './vectors.testdata.ts'

const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The package as it is, its types blanked out: one import specifier, one file. */
function serveSources() {
  return createServer((request, response) => {
    const name = /^\/([a-z0-9-]+\.ts)$/.exec(request.url ?? '')?.[1]
    if (!name)
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>signer</title>')
    readFile(new URL(name, import.meta.url), 'utf8').then(
      source => response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(stripTypeScriptTypes(source)),
      () => response.writeHead(404).end(),
    )
  })
}

test('a browser makes the same signatures', { timeout: 60_000 }, async t => {
  if (!existsSync(executablePath)) return t.skip('Chromium is not installed')
  const server = serveSources().listen(0, '127.0.0.1')
  await new Promise(listening => server.once('listening', listening))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const browser = await chromium.launch({ executablePath, args })
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)

  const strict = vectors.filter(vector => !vector.reading)
  const signed = await page.evaluate(async vectors => {
    const entry = '/index.ts'
    const { sign, parseDate } = (await import(entry)) as typeof import('./index.ts')
    return vectors.map(vector => {
      const url = `${vector.scheme}://${vector.host}${vector.path}${vector.query && `?${vector.query}`}`
      return sign({ ...vector, url, date: parseDate(vector.date)! }, vector)['Authorization']
    })
  }, strict)
  const expected = strict.map(({ key: access, signedHeaders, signature }) =>
    formatAuthorization({ access, signedHeaders, signature }),
  )
  assert.deepEqual(signed, expected)

  const hashes = await page.evaluate(async () => {
    const entry = '/index.ts'
    const { sha256Hex } = (await import(entry)) as typeof import('./index.ts')
    const pairs: [ours: string, theirs: string][] = []
    for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
      const bytes = crypto.getRandomValues(new Uint8Array(length))
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      pairs.push([sha256Hex(bytes), Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')])
    }
    return pairs
  })
  assert.equal(hashes.length, 8)
  for (const [ours, theirs] of hashes) assert.equal(ours, theirs)
})
