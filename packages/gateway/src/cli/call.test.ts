import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generate } from 'selfsigned'
import { app, appText, listen, receive, run, type Received } from './client-request.testdata.ts'

test('a call is signed as it is sent, whatever its path, query, headers and body', async () => {
  const seen: Received[] = []
  await using server = await listen(async (request, response) => {
    seen.push(await receive(request))
    response.end('the answer')
  })
  const base = `http://127.0.0.1:${server.port}`
  const cases: [args: string[], method: string, body: string][] = [
    [[`${base}/`], 'GET', ''],
    [[`${base}/a%20b/牌/../c(d)?z=1&a=x+y&flag&a=%E7%89%8C#part`], 'GET', ''],
    [['-H', 'X-Name: 牌楼 à', '-H', 'X-Two: b', '-H', 'X-Two: a', '-H', 'X-Empty:', `${base}/`], 'GET', ''],
    [['-H', 'Host: api.example.com', `${base}/`], 'GET', ''],
    [['-d', '牌楼', '-H', 'Content-Type: text/plain', `${base}/orders`], 'POST', '牌楼'],
    [['-d', '', `${base}/orders`], 'POST', ''],
    [['-X', 'DELETE', '-d', 'with a body', `${base}/orders`], 'DELETE', 'with a body'],
    [
      ['-X', 'PUT', '-d', 'anything', '-H', 'X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD', `${base}/orders`],
      'PUT',
      'anything',
    ],
  ]
  for (const [args, method, body] of cases) {
    const { code, stdout, stderr } = await run('call', ['--app', appText, ...args])
    assert.deepEqual([code, stdout, stderr], [0, 'the answer', ''])
    const last = seen.at(-1)!
    assert.deepEqual([last.method, last.body, last.verification?.ok], [method, body, true], args.join(' '))
  }
  assert.equal(seen.length, cases.length)
  assert.deepEqual(seen[2]?.headers['x-two'], ['b', 'a'])
  assert.deepEqual(seen[3]?.headers['host'], ['api.example.com'])
})

test('the credential may come from the environment, and an AppCode goes before it', async () => {
  const seen: Received[] = []
  await using server = await listen(async (request, response) => {
    seen.push(await receive(request))
    response.end()
  })
  const url = `http://127.0.0.1:${server.port}/`
  const env = { PAILOU_APP: appText }
  assert.equal((await run('call', [url], { env })).code, 0)
  assert.equal(seen[0]?.verification?.ok, true)
  assert.equal((await run('call', ['--app-code', 'a+b/c=', url], { env })).code, 0)
  assert.deepEqual(seen[1]?.headers['x-apig-appcode'], ['a+b/c='])
  assert.equal(seen[1]?.headers['authorization'], undefined)
})

test('a name below localhost leads to this machine', async () => {
  const seen: Received[] = []
  await using server = await listen(async (request, response) => {
    seen.push(await receive(request))
    response.end()
  })
  const host = `group.apig.localhost:${server.port}`
  assert.equal((await run('call', ['--app', appText, `http://${host}/`])).code, 0)
  assert.deepEqual(seen[0]?.headers['host'], [host])
  assert.equal(seen[0]?.verification?.ok, true)
})

test('the exit code tells whether the server refused, and -i shows its head', async () => {
  await using server = await listen((request, response) => {
    response.writeHead(Number(request.url?.slice(1)), { 'X-Request-Id': 'abc' }).end('{"error_code":"APIG.0303"}\n')
  })
  for (const [status, expected] of [
    [200, 0],
    [302, 0],
    [399, 0],
    [400, 1],
    [401, 1],
    [503, 1],
  ]) {
    const { code, stdout } = await run('call', ['--app', appText, `http://127.0.0.1:${server.port}/${status}`])
    assert.deepEqual([code, stdout], [expected, '{"error_code":"APIG.0303"}\n'])
  }
  const { stdout } = await run('call', ['-i', '--app', appText, `http://127.0.0.1:${server.port}/401`])
  assert.match(stdout, /^HTTP\/1.1 401 Unauthorized\nX-Request-Id: abc\n(.+: .+\n)+\n\{"error_code":"APIG.0303"\}\n$/)
})

test('a body of bytes is printed as it came', async () => {
  await using server = await listen((_, response) => void response.end('x'.repeat(300_000)))
  const { stdout } = await run('call', ['--app', appText, `http://127.0.0.1:${server.port}/`])
  assert.equal(stdout, 'x'.repeat(300_000))
})

test('over TLS the certificate has to be trusted: by --cacert, or by -k', async () => {
  const pems = await generate([{ name: 'commonName', value: 'api.apig.localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'api.apig.localhost' }] }],
  })
  const folder = await mkdtemp(join(tmpdir(), 'pailou-call-'))
  const cacert = join(folder, 'ca.pem')
  await writeFile(cacert, pems.cert)
  try {
    const seen: Received[] = []
    await using server = await listen(
      async (request, response) => {
        seen.push(await receive(request))
        response.end('secret')
      },
      { key: pems.private, cert: pems.cert },
    )
    const url = `https://api.apig.localhost:${server.port}/`
    const refused = await run('call', ['--app', appText, url])
    assert.equal(refused.code, 2)
    assert.match(
      refused.stderr,
      /^error: The certificate of .* is not trusted: give its issuer with --cacert FILE, or -k to accept it.\n$/,
    )
    assert.equal(seen.length, 0)
    for (const options of [['--cacert', cacert], ['-k']]) {
      assert.equal((await run('call', ['--app', appText, ...options, url])).stdout, 'secret')
      assert.equal(seen.at(-1)?.verification?.ok, true)
    }
    const otherName = await run('call', [
      '--app',
      appText,
      '--cacert',
      cacert,
      `https://other.localhost:${server.port}/`,
    ])
    assert.match(otherName.stderr, /is for another name/)
    const plain = await run('call', ['--app', appText, `http://api.apig.localhost:${server.port}/`])
    assert.equal(plain.code, 2)
    assert.match(plain.stderr, /did not answer with HTTP: check the port, or write https:\/\//)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a call that gets no whole answer says what to do, with exit code 2', async () => {
  await using http = await listen((request, response) => {
    if (request.url === '/torn')
      response.writeHead(200, { 'Content-Length': '100' }).write('torn', () => response.destroy())
    else response.end()
  })
  const silent = createServer(socket => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1')
  await new Promise(listening => silent.once('listening', listening))
  const { port } = silent.address() as { port: number }
  const empty = await listen(() => {})
  await empty[Symbol.asyncDispose]()

  const cases: [args: string[], message: RegExp][] = [
    [
      [`http://127.0.0.1:${empty.port}/`],
      /Nothing listens on 127.0.0.1:\d+: start the gateway there, or check the port./,
    ],
    [[`http://127.0.0.1:${port}/`], /did not answer with HTTP/],
    [[`http://127.0.0.1:${http.port}/torn`], /closed the connection before its answer was complete/],
    [[`https://127.0.0.1:${http.port}/`], /does not speak TLS: write http:\/\//],
    [['http://no-such-name.invalid/'], /The name no-such-name.invalid cannot be resolved/],
  ]
  try {
    for (const [args, message] of cases) {
      const { code, stderr } = await run('call', ['--app', appText, ...args])
      assert.equal(code, 2)
      assert.match(stderr, message)
      assert.match(stderr, /^error: [^\n]*\n$/)
      assert.ok(!stderr.includes(app.secret))
    }
  } finally {
    await new Promise(closed => silent.close(closed))
  }
})

test('what was typed wrong is told before anything is sent', async () => {
  const url = 'http://127.0.0.1:1/'
  const cases: [args: string[], message: RegExp][] = [
    [[url], /There is no credential: give --app KEY:SECRET or --app-code CODE/],
    [['--app', 'planted', url], /The app has no colon/],
    [['--app', appText, '--app-code', 'planted', url], /'--app-code <code>' cannot be used with option '--app/],
    [['--app-code', '', url], /The AppCode is empty/],
    [
      ['--app', appText, '--cacert', '/no/such/file', url],
      /The file of --cacert \/no\/such\/file cannot be read \(ENOENT\)/,
    ],
    [['--app', appText, '--cacert', import.meta.filename, url], /The file of --cacert .* holds no certificate/],
    [['--app', appText, '-d', '@/no/such/file', url], /The file of -d @\/no\/such\/file cannot be read/],
    [['--app', appText, 'nonsense'], /"nonsense" is not a URL/],
  ]
  for (const [args, message] of cases) {
    const { code, stderr } = await run('call', args)
    assert.equal(code, 2)
    assert.match(stderr, message)
    assert.ok(!stderr.includes('planted'))
  }
})
