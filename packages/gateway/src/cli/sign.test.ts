import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { app, appText, listen, receive, run, type Received } from './client-request.testdata.ts'

/** The headers printed by `pailou sign`, by name. */
function printed(stdout: string): Map<string, string> {
  return new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
}

test('the printed headers make a request that verifies', async () => {
  const seen: Received[] = []
  await using server = await listen(async (request, response) => {
    seen.push(await receive(request))
    response.end()
  })
  const url = `http://127.0.0.1:${server.port}/a%20b/牌?x=1+1&flag`
  const { code, stdout, stderr } = await run('sign', ['--app', appText, '-d', '牌楼', '-H', 'X-Stage: BETA', url])
  assert.deepEqual([code, stderr], [0, ''])
  const headers = printed(stdout)
  assert.deepEqual([...headers.keys()], ['X-Sdk-Date', 'Host', 'Authorization'])
  await fetch(url, { method: 'POST', body: '牌楼', headers: { ...Object.fromEntries(headers), 'X-Stage': 'BETA' } })
  assert.deepEqual(seen[0]?.verification, { ok: true, readings: [], payload: 'compared' })
})

test('the printed curl command, run as it stands, verifies', async t => {
  const found = await promisify(execFile)('curl', ['--version']).catch(() => undefined)
  if (!found) return t.skip('curl is not installed')
  const seen: Received[] = []
  await using server = await listen(async (request, response) => {
    seen.push(await receive(request))
    response.end('answered')
  })
  const folder = await mkdtemp(join(tmpdir(), 'pailou-sign-'))
  try {
    const file = join(folder, "it's a body")
    await writeFile(file, 'line\n牌楼')
    const base = `http://127.0.0.1:${server.port}`
    const cases: [args: string[], method: string, url: string, body: string][] = [
      [[`${base}/`], 'GET', '/', ''],
      [['-X', 'delete', `${base}/a?b={c}[1-2]&d='e'`], 'DELETE', '/a?b={c}[1-2]&d=%27e%27', ''],
      [
        ['-d', '{"it\'s": "$HOME"}', '-H', "X-Note: it's $HOME 牌楼", '-H', 'X-Empty:', `${base}/p`],
        'POST',
        '/p',
        '{"it\'s": "$HOME"}',
      ],
      [['-X', 'PUT', '-d', `@${file}`, '-H', 'Content-Type: text/plain', `${base}/p`], 'PUT', '/p', 'line\n牌楼'],
      [['-X', 'HEAD', `${base}/h`], 'HEAD', '/h', ''],
    ]
    for (const [args, method, url, body] of cases) {
      const { stdout } = await run('sign', ['--app', appText, '--curl', ...args])
      await promisify(execFile)('sh', ['-c', stdout], { env: { ...process.env, no_proxy: '*' } })
      const last = seen.at(-1)!
      assert.deepEqual([last.method, last.url, last.body, last.verification?.ok], [method, url, body, true], stdout)
    }
    assert.equal(seen.length, cases.length)
    assert.equal(seen[2]?.headers['content-type'], undefined)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('as JSON it tells method, URL and headers, and with --explain how the signature came about', async () => {
  const args = [
    '--json',
    '--explain',
    '-H',
    'X-Sdk-Date: 20260115T033655Z',
    '-H',
    'x-name: 牌',
    'http://a.example/x?b=2&a=1',
  ]
  const { stdout } = await run('sign', args, { env: { PAILOU_APP: appText } })
  const told = JSON.parse(stdout)
  assert.deepEqual(Object.keys(told), ['method', 'url', 'headers', 'canonicalRequest', 'stringToSign'])
  assert.deepEqual([told.method, told.url], ['GET', 'http://a.example/x?b=2&a=1'])
  assert.match(
    told.canonicalRequest,
    /^GET\n\/x\/\na=1&b=2\nhost:a.example\nx-name:牌\nx-sdk-date:20260115T033655Z\n\nhost;x-name;x-sdk-date\n/,
  )
  assert.match(told.stringToSign, /^SDK-HMAC-SHA256\n20260115T033655Z\n[0-9a-f]{64}$/)
})

test('--explain shows the same below the headers', async () => {
  const { stdout } = await run('sign', ['--app', appText, '--explain', 'http://a.example/x'])
  assert.match(stdout, /^X-Sdk-Date: .*\nHost: a.example\nAuthorization: .*\n\n# Canonical request\nGET\n\/x\/\n/)
  assert.match(stdout, /\n\n# String to sign\nSDK-HMAC-SHA256\n\d{8}T\d{6}Z\n[0-9a-f]{64}\n$/)
  assert.ok(!stdout.includes(app.secret))
})

test('the body may come from standard input', async () => {
  const url = 'http://a.example/'
  const date = ['-H', 'X-Sdk-Date: 20260115T033655Z', '--app', appText]
  const written = await run('sign', [...date, '-d', 'body', url])
  const read = await run('sign', [...date, '-d', '@-', url], { input: 'body' })
  assert.equal(read.stdout, written.stdout)
  assert.match(read.stdout, /Signature=/)
})

test('what was typed wrong is told in one line, with exit code 2 and without the secret', async () => {
  const url = 'http://a.example/'
  const cases: [args: string[], message: RegExp][] = [
    [[url], /give --app KEY:SECRET, or set PAILOU_APP/],
    [['--app', 'planted', url], /The app has no colon: write --app KEY:SECRET/],
    [['--app', ':planted', url], /empty key/],
    [['--app', 'KEY:', url], /empty secret/],
    [['--app', 'A KEY:planted', url], /comma or white space/],
    [['--app', appText, '-d', '@/no/such/file', url], /The file of -d @\/no\/such\/file cannot be read \(ENOENT\)/],
    [['--app', appText, 'localhost:8000/x'], /"localhost:8000\/x" is not a URL: write http:\/\/HOST/],
    [['--app', appText, '/x'], /"\/x" is not a URL/],
    [['--app', appText, 'http://user:planted@a.example/'], /contains a user or a password/],
    [['--app', appText, '-H', 'no colon', url], /The header "no colon" has no colon/],
    [['--app', appText, '-H', 'a b: c', url], /"a b" is not a header name/],
    [['--app', appText, '-H', 'a: b\nc: d', url], /The header a contains a control character/],
    [['--app', appText, '-X', 'GE T', url], /"GE T" is not a method/],
    [['--app', appText, '-H', 'X-Sdk-Date: today', url], /cannot be signed: X-Sdk-Date is not a date/],
    [['--app', appText, '--curl', '--json', url], /'--curl' cannot be used with option '--json'/],
    [['--app', appText], /missing required argument 'url'/],
    [['--app', appText, '--nonsense', url], /unknown option '--nonsense'/],
  ]
  const results = []
  for (const [args] of cases) results.push(await run('sign', args))
  for (const [i, { code, stdout, stderr }] of results.entries()) {
    const [args, message] = cases[i]!
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, message)
    assert.match(stderr, /^error: [^\n]*\n$/)
    assert.ok(!stderr.includes('planted'))
  }
})
