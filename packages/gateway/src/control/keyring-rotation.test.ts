import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { secret } from '../base/secret.ts'
import type { Documents } from './documents/documents.ts'
import { openKeyring } from './keyring-file.ts'
import { finishRotation, rotateMasterKey } from './keyring-rotation.ts'
import { KeyringError, keyringOf } from './keyring.ts'
import { type Change, StoreUnavailable } from './store/config-store.ts'
import { look } from './store/sqlite/look.ts'
import { openSqlite } from './store/sqlite/sqlite.ts'

const child = fileURLToPath(new URL('rotation-child.ts', import.meta.url))

interface Place {
  readonly directory: string
  readonly database: string
  /** `master.key`, or another file of the directory. */
  file(name?: string): string
}

function place(t: TestContext): Place {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-rotation-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return { directory, database: join(directory, 'pailou.db'), file: (name = 'master.key') => join(directory, name) }
}

function app(n: number): Documents['app'] {
  const names = { id: `a${n}`, instanceId: 'i1', name: `app ${n}`, remark: 'r'.repeat(50), key: `k${n}` }
  return { ...names, secret: secret(`planted-${n}`), createdAt: n, updatedAt: n }
}

/** As a start opens it. */
function open({ directory, database }: Place, masterKey?: string) {
  if (masterKey === undefined) finishRotation({ directory, database })
  const keyring = openKeyring({ directory, masterKey, sealedWith: () => look(database).keyId })
  return { keyring, store: openSqlite({ file: database, keyring }) }
}

async function filled(at: Place, count: number, masterKey?: string): Promise<string> {
  const { keyring, store } = open(at, masterKey)
  const apps = Array.from({ length: count }, (_, n): Change => ({
    verb: 'put',
    kind: 'app',
    document: app(n),
    expect: 0,
  }))
  const group = {
    id: 'g',
    instanceId: 'i1',
    name: 'g',
    remark: '"$sealed"',
    isDefault: false,
    debuggingDomainEnabled: true,
  }
  await store.commit([
    ...apps,
    { verb: 'put', kind: 'api-group', document: { ...group, createdAt: 1, updatedAt: 1 }, expect: 0 },
  ])
  await store.close()
  return keyring.keyId
}

/** Opens the store and finds everything in it. Returns the id of the key. */
async function whole(at: Place, count: number, masterKey?: string): Promise<string> {
  const { keyring, store } = open(at, masterKey)
  try {
    assert.equal(await store.commit([]), 1)
    const stored = await store.list('app')
    assert.equal(stored.length, count)
    for (const { document, revision } of stored) {
      assert.deepEqual(document, app(document.createdAt))
      assert.equal(revision, 1)
    }
    assert.equal((await store.get('api-group', 'g'))?.document.remark, '"$sealed"')
  } finally {
    await store.close()
  }
  return keyring.keyId
}

/** The files, without what SQLite leaves behind when it reads. */
function filesIn({ directory }: Place): string[] {
  return readdirSync(directory)
    .filter(name => !/-(shm|wal)$/.test(name))
    .sort()
}

function bytesIn(at: Place): Record<string, string> {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(at.file(name)))
      .digest('hex')
  return Object.fromEntries(filesIn(at).map(name => [name, digest(name)]))
}

describe('a rotation of the master key', () => {
  it('seals every secret anew, and the new key takes the place of the old one', async t => {
    const at = place(t)
    const old = await filled(at, 20)
    const oldText = readFileSync(at.file(), 'utf8')
    const { from, to, documents, rewritten } = rotateMasterKey(at)
    assert.deepEqual([from, documents, rewritten], [old, 20, true])
    assert.notEqual(to, old)
    assert.equal(await whole(at, 20), to)
    assert.notEqual(readFileSync(at.file(), 'utf8'), oldText)
    assert.equal(statSync(at.file()).mode & 0o777, 0o600)
    assert.deepEqual(filesIn(at), ['master.key', 'pailou.db'])
  })

  it('leaves nothing behind that the old key could open', async t => {
    const at = place(t)
    const old = await filled(at, 200)
    const mark = `${old}.`
    assert.ok(readFileSync(at.database).includes(mark))
    rotateMasterKey(at)
    for (const name of readdirSync(at.directory)) {
      assert.equal(readFileSync(at.file(name)).includes(mark), false, name)
    }
  })

  it('takes a key that was chosen, and the second time says that it is there', async t => {
    const at = place(t)
    const old = await filled(at, 3)
    const newKey = { text: randomBytes(32).toString('base64'), source: 'the file' }
    const { to } = rotateMasterKey({ ...at, newKey })
    assert.equal(to, keyringOf(Buffer.from(newKey.text, 'base64')).keyId)
    assert.notEqual(to, old)
    assert.deepEqual(rotateMasterKey({ ...at, newKey }), { from: to, to, documents: 0, rewritten: true })
    assert.equal(await whole(at, 3), to)
  })

  it('takes away what killed ones have left lying about', async t => {
    const at = place(t)
    await filled(at, 1)
    for (const name of ['master.key', 'master.key.new']) writeFileSync(at.file(`${name}.${'ab'.repeat(16)}`), 'a key')
    writeFileSync(at.file('master.key.backup'), 'a key of somebody else')
    rotateMasterKey(at)
    assert.deepEqual(filesIn(at), ['master.key', 'master.key.backup', 'pailou.db'])
  })

  it('can be repeated', async t => {
    const at = place(t)
    await filled(at, 3)
    const ids = [rotateMasterKey(at).to, rotateMasterKey(at).to, rotateMasterKey(at).to]
    assert.equal(new Set(ids).size, 3)
    assert.equal(await whole(at, 3), ids[2])
  })

  it('of a key that the operator keeps needs a new one, and writes none of them down', async t => {
    const at = place(t)
    const [masterKey, next] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')] as const
    await filled(at, 5, masterKey)
    assert.throws(() => rotateMasterKey({ ...at, masterKey }), {
      name: 'KeyringError',
      message: /a new one is missing/,
    })
    const newKey = { text: next, source: 'PAILOU_NEW_MASTER_KEY' }
    const { to } = rotateMasterKey({ ...at, masterKey, newKey })
    assert.deepEqual(filesIn(at), ['pailou.db'])
    assert.equal(await whole(at, 5, next), to)
    assert.throws(() => open(at, masterKey), KeyringError)
    // As after an end that nobody has seen: the same command once more.
    assert.deepEqual(rotateMasterKey({ ...at, masterKey, newKey }), { from: to, to, documents: 0, rewritten: true })
  })

  it('waits for nobody: while a gateway has the store it is refused, and nothing is touched', async t => {
    const at = place(t)
    await filled(at, 3)
    const { store } = open(at)
    const before = bytesIn(at)
    assert.throws(() => rotateMasterKey(at), StoreUnavailable)
    assert.deepEqual(bytesIn(at), before)
    await store.close()
    await whole(at, 3)
  })

  const refusals: [what: string, spoil: (at: Place) => void, options: object, message: RegExp][] = [
    ['without a store', at => rmSync(at.database), {}, /there is no store .*pailou\.db/],
    ['without the old key', at => rmSync(at.file()), {}, /master\.key is missing/],
    [
      'with another old key',
      () => undefined,
      { masterKey: 'ab'.repeat(32), newKey: { text: 'cd'.repeat(32), source: 'x' } },
      /was sealed with master key/,
    ],
    [
      'with half a new key',
      () => undefined,
      { newKey: { text: 'planted', source: '--new-key-file' } },
      /^--new-key-file is no master key/,
    ],
  ]
  for (const [what, spoil, options, message] of refusals) {
    it(`${what} is refused, and nothing is touched`, async t => {
      const at = place(t)
      await filled(at, 3)
      spoil(at)
      const before = bytesIn(at)
      assert.throws(
        () => rotateMasterKey({ ...at, ...options }),
        (error: Error) =>
          error instanceof KeyringError && message.test(error.message) && !error.message.includes('planted'),
      )
      assert.deepEqual(bytesIn(at), before)
    })
  }

  it('stops at a secret that does not open, with everything as it was', async t => {
    const at = place(t)
    const old = await filled(at, 5)
    const { store } = open(at)
    await store.commit([{ verb: 'put', kind: 'app', document: app(99), expect: 0 }])
    await store.close()
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(at.database)
    database.exec(`UPDATE documents SET body = (SELECT body FROM documents WHERE id = 'a1') WHERE id = 'a99'`)
    database.close()
    assert.throws(() => rotateMasterKey(at), KeyringError)
    assert.equal(look(at.database).keyId, old)
    const again = open(at)
    assert.deepEqual((await again.store.get('app', 'a0'))?.document, app(0))
    await again.store.close()
    assert.equal(existsSync(at.file('master.key.new')), false)
  })
})

describe('a rotation that was interrupted', () => {
  /** A directory in which a rotation ended, and the key files before and after it. */
  async function rotated(t: TestContext) {
    const at = place(t)
    const from = await filled(at, 4)
    copyFileSync(at.file(), at.file('old'))
    copyFileSync(at.database, at.file('old.db'))
    const { to } = rotateMasterKey(at)
    const [oldKey, newKey] = [readFileSync(at.file('old'), 'utf8'), readFileSync(at.file(), 'utf8')]
    return { at, from, to, oldKey, newKey }
  }

  it('before its commit is forgotten at the next start', async t => {
    const { at, from, oldKey, newKey } = await rotated(t)
    copyFileSync(at.file('old.db'), at.database)
    writeFileSync(at.file(), oldKey)
    writeFileSync(at.file('master.key.new'), newKey)
    assert.equal(await whole(at, 4), from)
    assert.equal(existsSync(at.file('master.key.new')), false)
    assert.equal(readFileSync(at.file(), 'utf8'), oldKey)
  })

  it('after its commit is ended at the next start', async t => {
    const { at, to, oldKey, newKey } = await rotated(t)
    writeFileSync(at.file(), oldKey)
    writeFileSync(at.file('master.key.new'), newKey)
    assert.equal(await whole(at, 4), to)
    assert.equal(existsSync(at.file('master.key.new')), false)
    assert.equal(readFileSync(at.file(), 'utf8'), newKey)
  })

  it('with both files in place is tidied up at the next start', async t => {
    const { at, to, newKey } = await rotated(t)
    writeFileSync(at.file('master.key.new'), newKey)
    assert.equal(await whole(at, 4), to)
    assert.equal(existsSync(at.file('master.key.new')), false)
  })

  it('loses no key when none of the two opens the store', async t => {
    const { at, oldKey } = await rotated(t)
    const strange = `${randomBytes(32).toString('hex')}\n`
    writeFileSync(at.file(), oldKey)
    writeFileSync(at.file('master.key.new'), strange)
    assert.throws(() => open(at), KeyringError)
    assert.deepEqual(
      [readFileSync(at.file(), 'utf8'), readFileSync(at.file('master.key.new'), 'utf8')],
      [oldKey, strange],
    )
  })

  it('is not meddled with while it is under way', async t => {
    const { at, newKey } = await rotated(t)
    const { store } = open(at)
    writeFileSync(at.file('master.key.new'), newKey)
    assert.throws(() => finishRotation(at), StoreUnavailable)
    assert.equal(readFileSync(at.file('master.key.new'), 'utf8'), newKey)
    await store.close()
  })
})

it('a store opens, with all its secrets, wherever a rotation is killed', async t => {
  const at = place(t)
  const count = 1500
  let id = await filled(at, count)
  const unhurried = await rotation(at)
  assert.equal(unhurried.done, true)
  id = await whole(at, count)

  const kills = 14
  let changed = 0
  for (let kill = 0; kill < kills; kill++) {
    const { done } = await rotation(at, (2 * unhurried.ms * (kill + 0.5)) / kills)
    const now = await whole(at, count)
    if (done) assert.notEqual(now, id)
    if (now !== id) changed += 1
    id = now
    assert.deepEqual(
      readdirSync(at.directory).filter(name => name === 'master.key' || name === 'master.key.new'),
      ['master.key'],
    )
  }
  assert.ok(changed > 0 && changed < kills, `${changed} of ${kills} rotations were through when they were killed`)
})

/** Runs the child, kills it so long after its beginning, and tells whether it was done. */
async function rotation({ directory }: Place, killAfterMs?: number): Promise<{ done: boolean; ms: number }> {
  const process_ = spawn(process.execPath, [child, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  process_.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(process_, 'close')
  await Promise.race([once(process_.stdout, 'data'), closed])
  const began = performance.now()
  if (killAfterMs !== undefined) {
    await Promise.race([delay(killAfterMs), closed])
    process_.kill('SIGKILL')
  }
  await closed
  return { done: output.includes('done\n'), ms: performance.now() - began }
}
