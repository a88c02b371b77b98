import { KeyringError } from '../../keyring.ts'
import { NewerData, StoreConflict, StoreDamaged, StoreUnavailable } from '../config-store.ts'

const ours = [StoreConflict, StoreUnavailable, StoreDamaged, NewerData, KeyringError]
/** Mistakes of a program, not of a server. */
const mistakes = [TypeError, RangeError, ReferenceError, SyntaxError]

const UNIQUE_VIOLATION = '23505'
/**
 * Classes and codes that may pass, or that somebody at the server can mend: connection, authorization, no such database,
 * no such schema, no permission, read-only, no resources, cancelled or waited too long, shut down, system error.
 */
const passing = /^(08|28|3D|3F|53|58|57P)|^(42501|25006|25P03|55P03|57014)$/
/** No such table or column; a damaged page or index. */
const damage = /^(42P01|42703|XX001|XX002)$/

/** The server's error, or the network's, in the store's words; a programming error as it is. */
export function translated(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || ours.some(kind => error instanceof kind)) return error
  if (mistakes.some(kind => error instanceof kind)) return error
  const code = sqlState(error)
  const text = `${place}: ${reasonOf(error)}`
  if (code === UNIQUE_VIOLATION) return new StoreConflict('a key that must be unique is taken', { cause: error })
  if (code !== undefined && damage.test(code)) return new StoreDamaged(text, { cause: error })
  if (code !== undefined && !passing.test(code)) return error
  // What is no answer of the server's came from the way to it.
  return new StoreUnavailable(text, { cause: error })
}

/** In one line. An address with several IPs fails with an AggregateError that says nothing itself. */
export function reasonOf(error: unknown): string {
  const errors = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error]
  const { message, code } = errors[0] as NodeJS.ErrnoException
  return (message || code || 'unknown error').replaceAll(/\s+/g, ' ')
}

function sqlState(error: Error): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && severity !== undefined ? code : undefined
}
