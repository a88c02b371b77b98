import { randomFillSync } from 'node:crypto'

const pool = Buffer.allocUnsafe(4096)
let used = pool.length

/** 32 lower-case hex characters: the form of every id in the contract. Random bytes are drawn in batches, 16 at a time they cost twenty times more. */
export function hexId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const id = pool.toString('hex', used, used + 16)
  used += 16
  return id
}
