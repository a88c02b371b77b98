import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreDamaged } from '../config-store.ts'
import { translated } from './faults.ts'

/** What a database file says about itself. */
export interface Look {
  /** 0: there is nothing in it yet. */
  readonly schemaVersion: number
  /** The id of the master key with which its secrets are sealed. */
  readonly keyId?: string
}

/**
 * Looks at a database file without writing to it. A missing or empty file is version 0. Throws StoreDamaged when it is
 * not a database of Pailou's, StoreUnavailable while another process holds it.
 */
export function look(file: string): Look {
  if (!existsSync(file) || statSync(file).size === 0) return { schemaVersion: 0 }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true })
    return lookInside(database, file)
  } catch (error) {
    throw translated(error, file)
  } finally {
    database?.close()
  }
}

export function lookInside(database: DatabaseSync, file: string): Look {
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => name)
  if (tables.length === 0) return { schemaVersion: 0 }
  if (!tables.includes('meta')) throw new StoreDamaged(`${file} is not a database of Pailou's`)
  const rows = database.prepare(`SELECT key, value FROM meta`).all()
  const meta = new Map(rows.map(({ key, value }) => [key, String(value)]))
  const schemaVersion = Number(meta.get('schema_version'))
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1) {
    throw new StoreDamaged(`${file} does not say which schema version it has`)
  }
  const keyId = meta.get('key_id')
  return { schemaVersion, ...(keyId === undefined ? {} : { keyId }) }
}
