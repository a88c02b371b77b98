import { DatabaseSync } from 'node:sqlite'
import type { DocumentKind, Documents } from '../../documents/documents.ts'
import type { Keyring } from '../../keyring.ts'
import { decode, encode } from '../codec.ts'
import { translated } from './faults.ts'
import { lookInside } from './look.ts'
import { openDatabase } from './sqlite.ts'

export interface ResealOptions {
  readonly file: string
  /** The keyring that has sealed the store. */
  readonly from: Keyring
  readonly to: Keyring
  /** Called while nobody else can have the store, before anything is written to it: the place to keep the new key. */
  readonly before: () => void
  /** Called, still under the lock, when everything is on disk under the new key. */
  readonly after: () => void
}

export interface Resealed {
  /** How many documents hold secrets. */
  readonly documents: number
  /** Whether the file was written anew. If not, for want of room, its free pages may still hold what the old key opens. */
  readonly rewritten: boolean
}

/**
 * Seals every secret of a store anew, in one transaction: afterwards all of them open with the new key, or all with the
 * old one. The revision stays, because no document has changed.
 *
 * Throws StoreUnavailable while another process has the store, and whatever opening it throws.
 */
export function reseal({ file, from, to, before, after }: ResealOptions): Resealed {
  const database = openDatabase(file, from)
  try {
    before()
    const documents = transaction(database, file, () => sealAll(database, from, to))
    after()
    return { documents, rewritten: rewrite(database) }
  } finally {
    database.close()
  }
}

/**
 * Calls `look` with the id of the key that has sealed a store, while nobody else can have the store.
 * Throws StoreUnavailable while another process has it.
 */
export function whileHeld(file: string, look: (keyId: string | undefined) => void): void {
  let database: DatabaseSync | undefined
  let keyId: string | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE')
    keyId = lookInside(database, file).keyId
  } catch (error) {
    database?.close()
    throw translated(error, file)
  }
  try {
    look(keyId)
  } finally {
    database.close()
  }
}

/** Rows that were replaced stay in free pages and in the log until both are written anew. */
function rewrite(database: DatabaseSync): boolean {
  try {
    database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    return true
  } catch {
    return false
  }
}

function sealAll(database: DatabaseSync, from: Keyring, to: Keyring): number {
  const rows = database.prepare(`SELECT kind, id, body FROM documents`).all() as unknown as readonly Row[]
  const update = database.prepare(`UPDATE documents SET body = ? WHERE kind = ? AND id = ?`)
  let count = 0
  for (const { kind, id, body } of rows) {
    const next = encode(kind, decode(kind, id, body, from) as Documents[typeof kind], to)
    if (next === body) continue
    update.run(next, kind, id)
    count += 1
  }
  database.prepare(`UPDATE meta SET value = ? WHERE key = 'key_id'`).run(to.keyId)
  return count
}

interface Row {
  readonly kind: DocumentKind
  readonly id: string
  readonly body: string
}

function transaction<T>(database: DatabaseSync, file: string, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE')
    const done = work()
    database.exec('COMMIT')
    return done
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw translated(error, file)
  }
}
