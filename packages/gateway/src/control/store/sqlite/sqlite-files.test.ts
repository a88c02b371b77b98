import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { secret } from '../../../base/secret.ts'
import type { Documents } from '../../documents/documents.ts'
import { KeyringError, keyringOf } from '../../keyring.ts'
import { NewerData, StoreDamaged, StoreUnavailable } from '../config-store.ts'
import { look } from './look.ts'
import { openSqlite } from './sqlite.ts'

const keyring = keyringOf(randomBytes(32))

function place(t: TestContext): { directory: string; file: string } {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-sqlite-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return { directory, file: join(directory, 'pailou.db') }
}

const group: Documents['api-group'] = {
  id: 'g1',
  instanceId: 'i1',
  name: 'orders',
  remark: '',
  isDefault: false,
  debuggingDomainEnabled: true,
  createdAt: 1,
  updatedAt: 1,
}

async function filled(file: string): Promise<void> {
  const store = openSqlite({ file, keyring })
  for (let at = 0; at < 200; at++) {
    const document = { ...group, id: `g${at}`, name: `group ${at}`, remark: 'r'.repeat(250) }
    await store.commit([{ verb: 'put', kind: 'api-group', document, expect: 0 }])
  }
  await store.close()
}

function bytesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory).sort()
  return Object.fromEntries(names.map(name => [name, readFileSync(join(directory, name), 'base64')]))
}

describe('the database file', () => {
  it('is its owner’s alone, and so is its log', async t => {
    const { directory, file } = place(t)
    const store = openSqlite({ file, keyring })
    t.after(() => store.close())
    await store.commit([{ verb: 'put', kind: 'api-group', document: group, expect: 0 }])
    assert.deepEqual(readdirSync(directory).sort(), ['pailou.db', 'pailou.db-wal'])
    for (const name of readdirSync(directory)) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name)
  })

  it('belongs to one store at a time', async t => {
    const { file } = place(t)
    const first = openSqlite({ file, keyring })
    assert.throws(() => openSqlite({ file, keyring }), StoreUnavailable)
    assert.throws(() => look(file), StoreUnavailable)
    await first.commit([{ verb: 'put', kind: 'api-group', document: group, expect: 0 }])
    assert.throws(() => openSqlite({ file, keyring }), StoreUnavailable)
    await first.close()
    const second = openSqlite({ file, keyring })
    assert.equal((await second.list('api-group')).length, 1)
    await second.close()
  })

  it('is unavailable where its directory is missing', t => {
    const { directory } = place(t)
    assert.throws(() => openSqlite({ file: join(directory, 'none', 'pailou.db'), keyring }), StoreUnavailable)
  })

  it('of a newer version is refused in one line and left as it is', async t => {
    const { directory, file } = place(t)
    await filled(file)
    const database = new DatabaseSync(file)
    database.exec(`UPDATE meta SET value = '99' WHERE key = 'schema_version'; CREATE TABLE later (x)`)
    database.close()
    const before = bytesIn(directory)
    const at = statSync(file).mtimeMs
    assert.throws(
      () => openSqlite({ file, keyring }),
      (error: Error) =>
        error instanceof NewerData && /schema version 99/.test(error.message) && !/\n/.test(error.message),
    )
    assert.equal(readFileSync(file, 'base64'), before['pailou.db'])
    assert.equal(statSync(file).mtimeMs, at)
  })

  it('that another key has sealed is refused and left as it is', async t => {
    const { directory, file } = place(t)
    await filled(file)
    const before = bytesIn(directory)
    assert.throws(() => openSqlite({ file, keyring: keyringOf(randomBytes(32)) }), KeyringError)
    assert.equal(readFileSync(file, 'base64'), before['pailou.db'])
  })

  const damage: [title: string, spoil: (file: string) => void][] = [
    ['that is none', file => writeFileSync(file, 'not a database, but long enough to look like one\n'.repeat(100))],
    ['that somebody else uses', file => new DatabaseSync(file).exec('CREATE TABLE theirs (x)')],
    ['without a version', file => new DatabaseSync(file).exec('CREATE TABLE meta (key, value)')],
  ]
  for (const [title, spoil] of damage) {
    it(`${title} is refused and left as it is`, t => {
      const { file } = place(t)
      spoil(file)
      const before = readFileSync(file, 'base64')
      assert.throws(
        () => openSqlite({ file, keyring }),
        (error: Error) => error instanceof StoreDamaged && error.message.includes(file),
      )
      assert.equal(readFileSync(file, 'base64'), before)
    })
  }

  it('with overwritten pages is refused', async t => {
    const { file } = place(t)
    await filled(file)
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 8192, 24_576)
    writeFileSync(file, bytes)
    assert.throws(() => openSqlite({ file, keyring }), StoreDamaged)
  })

  it('with a document that is no JSON says which', async t => {
    const { file } = place(t)
    await filled(file)
    const database = new DatabaseSync(file)
    database.exec(`UPDATE documents SET body = '{' WHERE id = 'g7'`)
    database.close()
    const store = openSqlite({ file, keyring })
    t.after(() => store.close())
    await assert.rejects(store.get('api-group', 'g7'), {
      name: 'StoreDamaged',
      message: 'api-group g7 is not readable',
    })
    assert.equal((await store.get('api-group', 'g8'))?.document.name, 'group 8')
  })
})

describe('secrets in the database file', () => {
  const planted = ['planted-app-secret', 'planted-app-code', 'planted-hash', 'planted-admin-key', 'planted-elsewhere']
  const [appSecret, code, hash, adminKey, elsewhere] = planted.map(value => secret(value)) as [
    ReturnType<typeof secret>,
    ...ReturnType<typeof secret>[],
  ]
  // The last one stands where no type foresees a secret.
  const odd = { ...group, id: 'g2', name: 'odd', deep: [{ under: { any: { ...elsewhere, label: 'kept' } } }] }
  const app = { id: 'a1', instanceId: 'i1', name: 'app', remark: '', key: 'k', createdAt: 1, updatedAt: 1 }

  async function written(file: string) {
    const store = openSqlite({ file, keyring })
    await store.commit([
      { verb: 'put', kind: 'app', document: { ...app, secret: appSecret }, expect: 0 },
      {
        verb: 'put',
        kind: 'app-code',
        document: { id: 'c1', instanceId: 'i1', appId: 'a1', code: code!, createdAt: 1 },
        expect: 0,
      },
      {
        verb: 'put',
        kind: 'user',
        document: { id: 'u1', accountId: 'x', name: 'n', passwordHash: hash!, createdAt: 1 },
        expect: 0,
      },
      {
        verb: 'put',
        kind: 'access-key',
        document: { id: 'AK', userId: 'u1', secretKey: adminKey!, createdAt: 1 },
        expect: 0,
      },
      { verb: 'put', kind: 'api-group', document: odd, expect: 0 },
    ])
    return store
  }

  it('are never on disk, whatever they are called and wherever they stand', async t => {
    const { directory, file } = place(t)
    const store = await written(file)
    const whileOpen = readdirSync(directory)
    assert.ok(whileOpen.includes('pailou.db-wal'))
    const search = () => {
      for (const name of readdirSync(directory)) {
        const bytes = readFileSync(join(directory, name))
        assert.ok(bytes.length > 0, name)
        for (const value of planted) {
          for (const form of [value, Buffer.from(value).toString('base64'), Buffer.from(value).toString('hex')]) {
            assert.equal(bytes.indexOf(form), -1, `${value} in ${name}`)
          }
        }
        assert.ok(bytes.includes('"label":"kept"'), 'the search looks where the documents are')
      }
    }
    // The log first; then, with the store closed, the database that took it up.
    const log = readFileSync(join(directory, 'pailou.db-wal'))
    for (const value of planted) assert.equal(log.indexOf(value), -1)
    await store.close()
    search()
  })

  it('open again, with what stood beside them', async t => {
    const { file } = place(t)
    await (await written(file)).close()
    const store = openSqlite({ file, keyring })
    t.after(() => store.close())
    assert.deepEqual((await store.get('api-group', 'g2'))?.document, odd)
    assert.deepEqual((await store.get('app', 'a1'))?.document.secret, appSecret)
  })

  it('do not open in the place of another document', async t => {
    const { file } = place(t)
    const store = await written(file)
    await store.commit([
      {
        verb: 'put',
        kind: 'app',
        document: { ...app, id: 'a2', name: 'other', key: 'k2', secret: appSecret },
        expect: 0,
      },
    ])
    await store.close()
    const database = new DatabaseSync(file)
    database.exec(`UPDATE documents SET body = (SELECT body FROM documents WHERE id = 'a1') WHERE id = 'a2'`)
    database.close()
    const again = openSqlite({ file, keyring })
    t.after(() => again.close())
    await assert.rejects(again.get('app', 'a2'), KeyringError)
    assert.ok(await again.get('app', 'a1'))
  })
})
