import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { before, describe, it } from 'node:test'
import { connect } from 'node:net'
import { freePorts, occupied } from './testing/listen.ts'
import { Process, startProgram, temporaryDirectory, type ProgramOptions } from './testing/program.ts'

/** Starts what cannot be, and expects one line that says why. Answers with that line. */
async function refusal(options: ProgramOptions): Promise<string> {
  const program = new Process(options)
  const timer = setTimeout(() => program.signal('SIGKILL'), 20_000)
  const { code, stdout, stderr } = await program.ended
  clearTimeout(timer)
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, /^pailou: [^\n]+\n$/)
  return stderr.slice('pailou: '.length, -1)
}

const listens = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

describe('a program that cannot start', () => {
  const root = temporaryDirectory()
  const fresh = (name: string) => join(root, name)
  const used = fresh('used')
  before(async () => {
    const program = await startProgram({ dataDir: used })
    await program.stop()
  })

  /** A copy of a data directory that has been in use, with something changed in it. */
  function copy(name: string, change: (directory: string) => void): string {
    const directory = fresh(name)
    cpSync(used, directory, { recursive: true })
    change(directory)
    return directory
  }

  it('names each port that is in use, and listens on none', { concurrency: true }, async t => {
    const { port: taken, server } = await occupied()
    const table = [
      ['--http-port', 'PAILOU_HTTP_PORT'],
      ['--https-port', 'PAILOU_HTTPS_PORT'],
      ['--admin-port', 'PAILOU_ADMIN_PORT'],
    ] as const
    for (const [flag, variable] of table) {
      await t.test(flag, async () => {
        const free = await freePorts(3)
        const others = table.flatMap(([other], index) => (other === flag ? [] : [other, String(free[index])]))
        const line = await refusal({ dataDir: fresh(`port${flag}`), flags: [flag, String(taken), ...others] })
        assert.equal(line, `Port ${taken} on 127.0.0.1 is in use. Choose another with ${variable} or ${flag}.`)
        for (const port of free) assert.equal(await listens(port), false)
      })
    }
    server.close()
  })

  const file = fresh('a-file')
  writeFileSync(file, 'kept')
  const table: readonly [what: string, options: () => ProgramOptions, line: RegExp][] = [
    [
      'a data directory that is a file',
      () => ({ dataDir: file }),
      /^The data directory .*a-file is a file\. Choose another with PAILOU_DATA_DIR or --data-dir\.$/,
    ],
    [
      'a data directory that cannot be made',
      () => ({ dataDir: join(file, 'below') }),
      /^The data directory .*below cannot be written \(ENOTDIR\)\. Choose another with PAILOU_DATA_DIR/,
    ],
    [
      'a database that is none',
      () => ({
        dataDir: copy('no-database', at => writeFileSync(join(at, 'pailou.db'), 'no database at all, but text')),
      }),
      /pailou\.db: file is not a database$/,
    ],
    [
      'a database with a damaged page',
      () => ({
        dataDir: copy('damaged', at => {
          const bytes = readFileSync(join(at, 'pailou.db'))
          bytes.fill(0xa5, 4096, 8192)
          writeFileSync(join(at, 'pailou.db'), bytes)
        }),
      }),
      /pailou\.db.*(damaged|malformed|not a database)/,
    ],
    [
      "somebody else's database",
      () => ({
        dataDir: copy('foreign', at => {
          rmSync(join(at, 'pailou.db'))
          const database = new DatabaseSync(join(at, 'pailou.db'))
          database.exec('CREATE TABLE shopping (item TEXT)')
          database.close()
        }),
      }),
      /pailou\.db is not a database of Pailou's$/,
    ],
    [
      'a master key that is lost',
      () => ({ dataDir: copy('no-key', at => rmSync(join(at, 'master.key'))) }),
      /master\.key is missing, and the data beside it is sealed with master key [0-9a-f]{8}: bring the file back/,
    ],
    [
      'another master key than the one that sealed the data',
      () => ({ dataDir: copy('other-key', () => undefined), env: { PAILOU_MASTER_KEY: 'ab'.repeat(32) } }),
      /master key/,
    ],
    [
      'a master key that is none',
      () => ({ dataDir: fresh('bad-key'), env: { PAILOU_MASTER_KEY: 'planted-secret' } }),
      /^PAILOU_MASTER_KEY is no master key: 64 hex characters/,
    ],
    [
      'a log that is a directory',
      () => ({ dataDir: fresh('log'), flags: ['--log', root] }),
      /^The log .* cannot be written \(EISDIR\)\. Choose another with PAILOU_LOG or --log\.$/,
    ],
    [
      'an address of another machine',
      () => ({ dataDir: fresh('address'), flags: ['--host', '192.0.2.1'] }),
      /^The address 192\.0\.2\.1 is not one of this machine's \(EADDRNOTAVAIL\)\. Choose another with PAILOU_HOST/,
    ],
    [
      'a certificate that is none',
      () => ({ dataDir: copy('certificate', at => writeFileSync(join(at, 'tls', 'gateway.crt'), 'no certificate')) }),
      /gateway\.crt.* cannot be used/,
    ],
    [
      'a certificate without its key',
      () => ({ dataDir: copy('keyless', at => rmSync(join(at, 'tls', 'gateway.key'))) }),
      /gateway\.key is missing/,
    ],
    [
      'an access key that breaks its rule',
      () => ({ dataDir: fresh('ak'), env: { PAILOU_ADMIN_AK: 'short' } }),
      /^PAILOU_ADMIN_AK has to be 8–64 characters A–Z and 0–9$/,
    ],
    [
      'a secret key that breaks its rule',
      () => ({ dataDir: fresh('sk'), env: { PAILOU_ADMIN_SK: 'planted-secret ' } }),
      /^PAILOU_ADMIN_SK has to be 16–256 printable ASCII characters without spaces$/,
    ],
    [
      'a password that breaks its rule',
      () => ({ dataDir: fresh('password'), env: { PAILOU_ADMIN_PASSWORD: 'planted' } }),
      /^PAILOU_ADMIN_PASSWORD has to have at least 8 characters/,
    ],
    [
      'a port that is none',
      () => ({ dataDir: fresh('x'), flags: ['--http-port', '70000'] }),
      /^--http-port "70000" is not a port, 0 to/,
    ],
    [
      'a variable that is wrong',
      () => ({ dataDir: fresh('x'), env: { PAILOU_WORKERS: 'many' } }),
      /^PAILOU_WORKERS "many" is not a number from 1 to 256\.$/,
    ],
    [
      'a secret on the command line',
      () => ({ dataDir: fresh('x'), flags: ['--admin-sk=planted-secret-key'] }),
      /^--admin-sk would show a secret to every user of this machine: set PAILOU_ADMIN_SK instead\.$/,
    ],
    [
      'one port for two',
      () => ({ dataDir: fresh('x'), flags: ['--http-port', '9999', '--https-port', '9999'] }),
      /^PAILOU_HTTP_PORT and PAILOU_HTTPS_PORT are both 9999: each has to be a port of its own\.$/,
    ],
    [
      'a configuration file that is not there',
      () => ({ dataDir: fresh('x'), flags: ['--config', join(root, 'none')] }),
      /^The configuration file .*none cannot be read: ENOENT\.$/,
    ],
    [
      'a key of the configuration file that is unknown',
      () => {
        writeFileSync(fresh('config.json'), '{"httpPrt": 1}')
        return { dataDir: fresh('x'), flags: ['--config', fresh('config.json')] }
      },
      /^The configuration file .*config\.json has an unknown key "httpPrt"\. Known: host, httpPort, /,
    ],
  ]
  it('says in one line why', { concurrency: 2 }, async t => {
    const rows = table.map(([what, options, expected]) =>
      t.test(what, async () => {
        const line = await refusal(options())
        assert.match(line, expected)
        assert.ok(!line.includes('planted'))
      }),
    )
    await Promise.all(rows)
    assert.equal(readFileSync(file, 'utf8'), 'kept')
    assert.equal(existsSync(fresh('x')), false)
  })

  it('leaves the data of a newer version as it is, byte for byte', async () => {
    const dataDir = copy('newer', at => {
      const database = new DatabaseSync(join(at, 'pailou.db'))
      database.exec(`UPDATE meta SET value = '99' WHERE key = 'schema_version'`)
      database.close()
    })
    const bytes = () =>
      createHash('sha256')
        .update(readFileSync(join(dataDir, 'pailou.db')))
        .digest('hex')
    const before = bytes()
    assert.match(
      await refusal({ dataDir }),
      /pailou\.db has schema version 99, this Pailou knows \d+: start the newer Pailou/,
    )
    assert.equal(bytes(), before)
  })

  it('does not know every flag', async () => {
    const { code, stdout, stderr } = await new Process({ dataDir: fresh('x'), flags: ['--http-prot', '80'] }).ended
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    assert.match(
      stderr,
      /^error: unknown option '--http-prot'\n\(Did you mean --http-port\?\)\n|^error: unknown option '--http-prot'\n/,
    )
  })

  const old = oldNode()
  it('tells an old Node what to do', { skip: old === undefined && 'there is no older Node on the PATH' }, async () => {
    const { code, stdout, stderr } = await new Process({ dataDir: fresh('x'), node: old! }).ended
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    assert.match(
      stderr,
      /^pailou needs Node 24\.15 or 26 and found \d+\.\d+\.\d+\. This works at once: npx -p \S+ [^\n]* start [^\n]*\n$/,
    )
  })
})

/** A Node below 24 that somebody has installed. */
function oldNode(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin']
  return folders
    .filter(folder => !folder.includes('node_modules'))
    .map(folder => join(folder, 'node'))
    .find(file => {
      const { stdout, error } = spawnSync(file, ['--version'], { encoding: 'utf8' })
      return error === undefined && Number(/^v(\d+)/.exec(stdout)?.[1] ?? 99) < 24
    })
}
