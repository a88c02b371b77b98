import { randomBytes } from 'node:crypto'

const batch = 256
let pool = ''
let used = 0

/**
 * 32 lower-case hex characters: the form of every id in the contract. Random bytes are drawn and written out in batches:
 * one id at a time they cost twenty times more.
 */
export function hexId(): string {
  if (used === pool.length) {
    pool = randomBytes(16 * batch).toString('hex')
    used = 0
  }
  return pool.slice(used, (used += 32))
}
