import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, type Transaction } from 'kysely'
import type { DocumentKind } from '../../documents/documents.ts'
import { type Keyring, otherKey } from '../../keyring.ts'
import { changedId, refuseRepeats, refuseUnseen } from '../changes.ts'
import { decode, encode } from '../codec.ts'
import {
  type Change,
  type ConfigStore,
  NewerData,
  StoreConflict,
  StoreDamaged,
  type Stored,
  StoreUnavailable,
} from '../config-store.ts'
import { RevisionFeed } from '../revision-feed.ts'
import { uniqueKeys } from '../unique-keys.ts'
import { nodeSqliteDialect } from './dialect.ts'
import { translated } from './faults.ts'
import { look, lookInside } from './look.ts'
import { migrate, schemaVersion, type Tables } from './schema.ts'

export interface SqliteOptions {
  /** The database file; made when it is missing. Its directory must exist. */
  readonly file: string
  readonly keyring: Keyring
}

/**
 * The embedded store. One process at a time: a second one gets StoreUnavailable until the first has closed it or died.
 * Also throws NewerData, StoreDamaged, and KeyringError when another master key has sealed the data.
 */
export function openSqlite({ file, keyring }: SqliteOptions): ConfigStore {
  const database = openDatabase(file, keyring)
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) })
  const feed = new RevisionFeed(revisionIn(database))
  let open = true

  async function asking<R>(ask: () => Promise<R>): Promise<R> {
    if (!open) throw new StoreUnavailable(`${file} is closed`)
    try {
      return await ask()
    } catch (error) {
      throw translated(error, file)
    }
  }

  const storedFrom = <K extends DocumentKind>(
    kind: K,
    row: { id: string; revision: number; body: string },
  ): Stored<K> => {
    const { id, revision, body } = row
    return { kind, id, revision, document: decode(kind, id, body, keyring) }
  }

  return {
    get: (kind, id) =>
      asking(async () => {
        const row = await rowsOf(db, kind).where('id', '=', id).executeTakeFirst()
        return row && storedFrom(kind, row)
      }),

    list: (kind, { after = '', limit } = {}) =>
      asking(async () => {
        const query = rowsOf(db, kind).where('id', '>', after).orderBy('id')
        const rows = await (limit === undefined ? query : query.limit(limit)).execute()
        return rows.map(row => storedFrom(kind, row))
      }),

    async commit(changes, seen) {
      refuseRepeats(changes)
      const revision = await asking(() =>
        db.transaction().execute(transaction => write(transaction, changes, seen, keyring)),
      )
      if (changes.length > 0) feed.announce(revision)
      return revision
    },

    follow: (since, signal) => feed.follow(since, signal),

    async close() {
      if (!open) return
      open = false
      feed.close()
      await db.destroy()
      if (database.isOpen) database.close()
    },
  }
}

function rowsOf(db: Kysely<Tables>, kind: DocumentKind) {
  return db.selectFrom('documents').select(['id', 'revision', 'body']).where('kind', '=', kind)
}

async function write(
  transaction: Transaction<Tables>,
  changes: readonly Change[],
  seen: number | undefined,
  keyring: Keyring,
): Promise<number> {
  const { value } = await transaction
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'revision')
    .executeTakeFirstOrThrow()
  if (changes.length === 0) return Number(value)
  refuseUnseen(Number(value), seen)
  const revision = Number(value) + 1

  // Everything that is changed goes away first, so that keys are judged by how things stand in the end.
  for (const change of changes) {
    const id = changedId(change)
    const removed = await transaction
      .deleteFrom('documents')
      .where('kind', '=', change.kind)
      .where('id', '=', id)
      .returning('revision')
      .executeTakeFirst()
    const found = removed?.revision ?? 0
    if (found !== change.expect) {
      throw new StoreConflict(`${change.kind} ${id} is at revision ${found}, not ${change.expect}`)
    }
  }
  for (const change of changes) {
    if (change.verb === 'put')
      await transaction
        .insertInto('documents')
        .values(rowOf(change, revision, keyring))
        .execute()
  }
  await transaction
    .updateTable('meta')
    .set({ value: String(revision) })
    .where('key', '=', 'revision')
    .execute()
  return revision
}

function rowOf(change: Extract<Change, { verb: 'put' }>, revision: number, keyring: Keyring): Tables['documents'] {
  const { kind, document } = change
  const [first = null, second = null] = uniqueKeys(kind, document as never)
  const body = encode(kind, document as never, keyring)
  return { kind, id: document.id, unique_key: first, second_key: second, revision, body }
}

/** The file, held by this process alone until the handle is closed, in the newest schema. */
export function openDatabase(file: string, keyring: Keyring): DatabaseSync {
  // A file of a newer version must stay as it is, and only a read-only handle can promise that.
  refuseForeign(look(file), file, keyring)
  let database: DatabaseSync | undefined
  try {
    createPrivate(file)
    database = new DatabaseSync(file, { timeout: 0 })
    // Set before the file is first touched: the lock is then held until this process ends, and there is no shared memory file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    const found = lookInside(database, file)
    refuseForeign(found, file, keyring)
    refuseDamage(database, file)
    migrate(database, found.schemaVersion)
    database.prepare(`INSERT OR IGNORE INTO meta VALUES ('key_id', ?)`).run(keyring.keyId)
    return database
  } catch (error) {
    database?.close()
    throw translated(error, file)
  }
}

function refuseForeign(found: ReturnType<typeof look>, file: string, keyring: Keyring): void {
  if (found.schemaVersion > schemaVersion) {
    throw new NewerData(
      `${file} has schema version ${found.schemaVersion}, this Pailou knows ${schemaVersion}: start the newer Pailou that wrote it, or use another data directory`,
    )
  }
  if (found.keyId !== undefined && found.keyId !== keyring.keyId) throw otherKey(found.keyId, keyring.keyId)
}

function refuseDamage(database: DatabaseSync, file: string): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (verdict !== 'ok') throw new StoreDamaged(`${file} is damaged: ${String(verdict)}`)
}

/** SQLite would make the file readable to all; its -wal file takes the mode from it. */
function createPrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
}

function revisionIn(database: DatabaseSync): number {
  return Number(database.prepare(`SELECT value FROM meta WHERE key = 'revision'`).get()?.['value'])
}
