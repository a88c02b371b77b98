import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'
import { eventually } from './testing/eventually.ts'
import { Process, programOf, startProgram, temporaryDirectory, type Program } from './testing/program.ts'

const pailou = fileURLToPath(new URL('../../../../node_modules/.bin/pailou', import.meta.url))
const noCurl = spawnSync('curl', ['--version']).error === undefined ? false : 'there is no curl here'

/** Runs a printed line as a shell does; `npx pailou` is the program of this repository. */
async function paste(line: string, cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = line.replace('npx pailou', `'${process.execPath}' '${pailou}'`)
  const child = spawn('sh', ['-c', command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>(ended => child.on('close', ended)),
  ])
  return { code, stdout, stderr }
}

/** The lines to paste, by what they begin with. */
function printedCalls(banner: string): { hello: string; code: string; echo: string } {
  const lines = banner.split('\n').map(line => line.trim())
  const [hello, code] = lines.filter(line => line.startsWith('curl '))
  const echo = lines.find(line => line.startsWith('npx pailou call '))
  assert.ok(hello !== undefined && code !== undefined && echo !== undefined, banner)
  return { hello, code, echo }
}

async function assertCallsWork(program: Program, cwd: string): Promise<void> {
  const { hello, code, echo } = printedCalls(program.banner)
  if (noCurl === false) {
    const first = await paste(hello, cwd)
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stdout, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(first.stdout, /\{"message":"Hello from Pailou"\}$/)
    const second = await paste(code, cwd)
    assert.equal(second.code, 0, `${code}\n${second.stderr}`)
    assert.match(second.stdout, /\{"message":"This AppCode may pass"\}$/)
  }
  const third = await paste(echo, cwd)
  assert.equal(third.code, 0, third.stderr)
  assert.match(third.stdout, /^HTTP\/1\.1 200 OK\n/)
  const received = JSON.parse(third.stdout.slice(third.stdout.indexOf('\n\n')))
  assert.deepEqual([received.method, received.path, received.query], ['GET', '/anything', 'x=1'])
}

describe('the first start and the second', () => {
  const cwd = temporaryDirectory()
  // A name that a shell would take apart.
  const dataDir = join(cwd, "its data, i'm told")
  const options = { dataDir, cwd, env: { PAILOU_DEMO: '1' } }
  let first: Program
  let listed: unknown
  before(async () => {
    first = await startProgram(options)
  })
  after(() => first.process.kill())

  it('prints where everything is and the credentials of the administrator, once', () => {
    const { banner, credentials, admin, httpPort, httpsPort, adminPort } = first
    for (const said of [
      `http://127.0.0.1:${httpPort}   https://127.0.0.1:${httpsPort}`,
      `http://127.0.0.1:${adminPort}/openapi.json`,
      `account ${credentials.account}   user ${credentials.user}   password ${credentials.password}`,
      `AK ${credentials.access_key}   SK ${credentials.secret_key}`,
      `instance     ${admin.instanceId}   project ${admin.projectId}`,
    ]) {
      assert.ok(banner.includes(said), `${said} is not in:\n${banner}`)
    }
    assert.equal(first.process.stderr, '')
  })

  it('keeps the data directory for its owner alone', () => {
    const entries = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    const modes = entries.map(entry => {
      const mode = (statSync(join(entry.parentPath, entry.name)).mode & 0o777).toString(8)
      return `${entry.name} ${mode}`
    })
    assert.equal((statSync(dataDir).mode & 0o777).toString(8), '700')
    const expected = ['admin-credentials.json', 'gateway.crt', 'gateway.key', 'master.key', 'pailou.db', 'pailou.log']
    for (const name of expected) assert.ok(modes.includes(`${name} 600`), `${name}: ${modes.join(', ')}`)
    assert.ok(modes.includes('tls 700'))
    assert.deepEqual(
      modes.filter(mode => !/ (600|700)$/.test(mode)),
      [],
    )
  })

  it('prints three calls that work when pasted', { skip: noCurl }, () => assertCallsWork(first, cwd))

  it('writes no secret into its log', () => {
    const log = readFileSync(join(dataDir, 'pailou.log'), 'utf8')
    const { password, secret_key } = first.credentials
    const code = /AppCode: (\w+)/.exec(first.banner)![1]!
    const appSecret = /--app \w+:(\w+)/.exec(first.banner)![1]!
    for (const secret of [password, secret_key, code, appSecret]) assert.ok(!log.includes(secret))
  })

  it('keeps every id and every credential over a restart, and does not print the secrets again', async () => {
    const groups = async (program: Program) => (await program.admin.make('GET', 'api-groups')).groups
    listed = await groups(first)
    await first.stop()
    const second = await startProgram(options)
    try {
      assert.equal(second.admin.projectId, first.admin.projectId)
      assert.equal(second.admin.instanceId, first.admin.instanceId)
      assert.deepEqual(second.credentials, first.credentials)
      assert.deepEqual(await groups(second), listed)
      const { password, secret_key } = first.credentials
      for (const secret of [password, secret_key]) assert.ok(!second.banner.includes(secret))
      assert.match(second.banner, /credentials are in .*admin-credentials\.json/)
      await assertCallsWork(second, cwd)
    } finally {
      await second.stop()
    }
  })
})

it('takes the credentials that it is given, and repeats the chosen secrets nowhere', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const env = {
    PAILOU_ADMIN_AK: 'CHOSENKEY1',
    PAILOU_ADMIN_SK: 'chosen-secret-key-1',
    PAILOU_ADMIN_PASSWORD: 'chosen password',
  }
  const program = await startProgram({ dataDir, env })
  try {
    const answer = await program.call('x', '/')
    assert.equal(answer.status, 404)
    const kept = readFileSync(join(dataDir, 'admin-credentials.json'), 'utf8')
    const log = readFileSync(join(dataDir, 'pailou.log'), 'utf8')
    for (const secret of [env.PAILOU_ADMIN_SK, env.PAILOU_ADMIN_PASSWORD]) {
      assert.ok(!program.banner.includes(secret) && !kept.includes(secret) && !log.includes(secret))
    }
    assert.match(program.banner, /AK CHOSENKEY1 {3}SK the one you chose/)
  } finally {
    await program.stop()
  }
})

it('says so when the file with the credentials has been taken away', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const program = await startProgram({ dataDir })
  await program.stop()
  rmSync(join(dataDir, 'admin-credentials.json'))
  const again = new Process({ dataDir, env: { PAILOU_DEMO: '0' } })
  await again.printed('Ctrl-C lets')
  assert.match(again.stdout, /were shown at the first start; .*admin-credentials\.json is not there/)
  again.signal('SIGTERM')
  assert.equal((await again.ended).code, 0)
})

describe('listening at another address', () => {
  const cwd = temporaryDirectory()
  const six = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'))
  const hosts: readonly [host: string, reachable: boolean][] = [
    ['localhost', false],
    ['0.0.0.0', true],
    ['::1', false],
    ['::', true],
  ]
  for (const [host, reachable] of hosts.filter(([host]) => six || !host.includes(':'))) {
    it(`prints calls that work there: ${host}`, { skip: noCurl }, async () => {
      const program = new Process({ dataDir: join(cwd, 'data'), cwd, flags: ['--host', host] })
      await program.printed('Ctrl-C lets')
      const said = `can be reached from other machines, because the host is ${host}.`
      assert.equal(program.stdout.includes(said), reachable)
      await assertCallsWork(programOf(program, join(cwd, 'data')), cwd)
      program.signal('SIGINT')
      assert.equal((await program.ended).code, 0)
    })
  }
})

const full = existsSync('/dev/full') ? false : 'there is no device here that is always full'
it('goes on serving when its log cannot be written', { skip: full }, async () => {
  const program = await startProgram({ dataDir: join(temporaryDirectory(), 'data'), flags: ['--log', '/dev/full'] })
  for (let call = 0; call < 3; call++) assert.equal((await program.call('nobody.example.com', '/')).status, 404)
  const asked = await eventually('the refusals to be logged', () => program.process.stderr || undefined)
  assert.equal(asked, 'The log /dev/full cannot be written now (ENOSPC): lines are being lost.\n')
  assert.equal((await program.admin.inside('GET', 'apis')).status, 200)
  program.process.signal('SIGINT')
  assert.equal((await program.process.ended).code, 0)
})

it('makes its certificate anew for another domain suffix, and leaves one that it did not make', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const crt = join(dataDir, 'tls', 'gateway.crt')
  const statusUnder = async (suffix: string) => {
    const program = await startProgram({ dataDir, env: { PAILOU_DOMAIN_SUFFIX: suffix } })
    const { status } = await program.callTls(`any.${suffix}`, '/').catch(({ code }) => ({ status: code }))
    await program.stop()
    return status
  }
  assert.equal(await statusUnder('one.localhost'), 404)
  const first = readFileSync(crt, 'utf8')
  assert.equal(await statusUnder('one.localhost'), 404)
  assert.equal(readFileSync(crt, 'utf8'), first)
  assert.equal(await statusUnder('two.localhost'), 404)
  assert.notEqual(readFileSync(crt, 'utf8'), first)

  const own = await generate([{ name: 'commonName', value: 'own.example.com' }], { keyType: 'ec' })
  writeFileSync(crt, own.cert)
  writeFileSync(join(dataDir, 'tls', 'gateway.key'), own.private)
  assert.equal(await statusUnder('two.localhost'), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(readFileSync(crt, 'utf8'), own.cert)
})

it('writes into a new log file when the old one was moved away and SIGHUP comes', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const program = await startProgram({ dataDir })
  const log = join(dataDir, 'pailou.log')
  renameSync(log, `${log}.1`)
  program.process.signal('SIGHUP')
  await eventually('the new log', () => existsSync(log) || undefined)
  const answer = await program.call('nobody.example.com', '/')
  const line = () => readFileSync(log, 'utf8').includes(String(answer.headers['x-request-id'])) || undefined
  await eventually('the refusal in the new log', line)
  assert.equal((statSync(log).mode & 0o777).toString(8), '600')
  await program.stop()
})
