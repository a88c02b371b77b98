import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startProgram, temporaryDirectory } from '../main/testing/program.ts'
import { run } from './run.testdata.ts'

const one = { PAILOU_WORKERS: '1' }

test('a gateway goes on with all its secrets after its master key was rotated', async () => {
  const dataDir = temporaryDirectory()
  const before = await startProgram({ dataDir, env: one })
  const app = await before.admin.make('POST', 'apps', { name: 'kept', app_secret: 'planted-secret' })
  const key = readFileSync(join(dataDir, 'master.key'), 'utf8')

  const refused = await run(['keys', 'rotate', '--data-dir', dataDir])
  assert.deepEqual([refused.code, refused.stdout], [1, ''])
  assert.match(refused.stderr, /^pailou: The store cannot be had .*A gateway that runs on it has to be stopped\.\n$/)
  assert.equal(readFileSync(join(dataDir, 'master.key'), 'utf8'), key)
  await before.stop()

  const { code, stdout, stderr } = await run(['keys', 'rotate'], { env: { PAILOU_DATA_DIR: dataDir } })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(
    stdout,
    /^[3-9] documents with secrets are sealed with master key [0-9a-f]{8} now, instead of [0-9a-f]{8}\./,
  )
  assert.match(stdout, /master\.key in the data directory/)
  assert.notEqual(readFileSync(join(dataDir, 'master.key'), 'utf8'), key)
  assert.equal(stdout.includes(readFileSync(join(dataDir, 'master.key'), 'utf8').trim()), false)

  const after = await startProgram({ dataDir, env: one })
  assert.equal((await after.admin.make('GET', `apps/${app.id}`)).app_secret, 'planted-secret')
  await after.stop()
})

test('a rotation that was killed after its commit is ended by the next start', async () => {
  const dataDir = temporaryDirectory()
  const file = join(dataDir, 'master.key')
  const first = await startProgram({ dataDir, env: one })
  await first.stop()
  const old = readFileSync(file, 'utf8')
  assert.equal((await run(['keys', 'rotate', '--data-dir', dataDir])).code, 0)
  const next = readFileSync(file, 'utf8')
  writeFileSync(file, old)
  writeFileSync(`${file}.new`, next)
  const second = await startProgram({ dataDir, env: one })
  assert.equal(readFileSync(file, 'utf8'), next)
  assert.equal(existsSync(`${file}.new`), false)
  assert.equal((await second.admin.make('GET', 'apps')).total, 0)
  await second.stop()
})

test('a key that the operator keeps is replaced by another one, and neither is written down', async () => {
  const dataDir = temporaryDirectory()
  const [old, next] = [randomBytes(32).toString('hex'), randomBytes(32).toString('base64')] as const
  const before = await startProgram({ dataDir, env: { ...one, PAILOU_MASTER_KEY: old } })
  await before.stop()

  const rotate = (args: readonly string[], env: Record<string, string>) =>
    run(['keys', 'rotate', '--data-dir', dataDir, ...args], { env: { PAILOU_MASTER_KEY: old, ...env } })
  const without = await rotate([], {})
  assert.equal(without.code, 1)
  assert.match(without.stderr, /^pailou: PAILOU_MASTER_KEY is set, .*a new one is missing.*--new-key-file.*\n$/)

  const file = join(temporaryDirectory(), 'next.key')
  writeFileSync(file, next)
  const done = await rotate(['--new-key-file', file, '--json'], {})
  assert.equal(done.code, 0, done.stderr)
  const { from, to } = JSON.parse(done.stdout) as { from: string; to: string }
  assert.notEqual(from, to)
  assert.equal(
    readdirSync(dataDir).some(name => name.startsWith('master.key')),
    false,
  )
  const again = await rotate([], { PAILOU_NEW_MASTER_KEY: next })
  assert.deepEqual([again.code, again.stderr], [0, ''])
  assert.match(
    again.stdout,
    new RegExp(`is sealed with master key ${to} already\\. Start the gateway with PAILOU_MASTER_KEY`),
  )

  const after = await startProgram({ dataDir, env: { ...one, PAILOU_MASTER_KEY: next } })
  assert.equal((await after.admin.make('GET', 'apps')).total, 0)
  await after.stop()
})

test('what cannot be is said in one line, without a key', async () => {
  const dataDir = temporaryDirectory()
  const spoilt = join(temporaryDirectory(), 'spoilt.key')
  writeFileSync(spoilt, 'planted')
  writeFileSync(join(dataDir, 'pailou.db'), '')
  const cases: [args: string[], env: Record<string, string>, why: RegExp][] = [
    [['--data-dir', temporaryDirectory()], {}, /there is no store .*pailou\.db/],
    [['--data-dir', dataDir, '--new-key-file', '/nowhere'], {}, /\/nowhere cannot be read \(ENOENT\)/],
    [['--data-dir', dataDir, '--new-key-file', spoilt], {}, /spoilt\.key is no master key/],
    [['--data-dir', dataDir, '--new-key-file', spoilt], { PAILOU_NEW_MASTER_KEY: 'planted' }, /both given/],
    [['--data-dir', dataDir], { PAILOU_NEW_MASTER_KEY: 'planted' }, /PAILOU_NEW_MASTER_KEY is no master key/],
    [['--data-dir', dataDir], { PAILOU_DATABASE_URL: 'postgres://u:planted@h/d' }, /PAILOU_DATABASE_URL is set/],
  ]
  for (const [args, env, why] of cases) {
    const { code, stdout, stderr } = await run(['keys', 'rotate', ...args], { env })
    assert.deepEqual([code, stdout], [1, ''], stderr)
    assert.match(stderr, /^pailou: [^\n]+\n$/)
    assert.match(stderr, why)
    assert.equal(stderr.includes('planted'), false)
  }
})
