import { StoreConflict, StoreDamaged, StoreUnavailable } from '../config-store.ts'

interface SqliteError extends Error {
  readonly errcode: number
  readonly errstr?: string
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && typeof (error as SqliteError).errcode === 'number'
}

const CONSTRAINT = 19
/** PERM, BUSY, LOCKED, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL */
const passing = new Set([3, 5, 6, 8, 9, 10, 13, 14, 15])
/** CORRUPT, NOTADB */
const damage = new Set([11, 26])

/** SQLite's error, or the file system's, in the store's words; any other error as it is. */
export function translated(error: unknown, file: string): unknown {
  if (error instanceof Error && 'syscall' in error) return new StoreUnavailable(error.message, { cause: error })
  if (!isSqliteError(error)) return error
  // The low byte is the class; the bytes above say more than anyone here needs.
  const kind = error.errcode & 0xff
  const text = `${file}: ${error.errstr ?? error.message}`
  if (kind === CONSTRAINT) return new StoreConflict('a key that must be unique is taken', { cause: error })
  if (damage.has(kind)) return new StoreDamaged(text, { cause: error })
  if (passing.has(kind)) return new StoreUnavailable(text, { cause: error })
  return error
}
