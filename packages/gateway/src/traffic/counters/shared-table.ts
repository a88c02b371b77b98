import { randomInt } from 'node:crypto'

/**
 * The memory behind the local counters. All threads of the process look at the same bytes, and agree about them without a
 * message:
 *
 * - A slot belongs to the name whose hash it holds. It is found by probing from the hash, and is never empty again.
 * - Its word holds the window and the count, and changes by compare-and-swap alone.
 * - Slots are given out under one lock. A slot whose window has passed is given to the next who needs one: its word is
 *   barred first, so that whoever was about to count there notices, and looks again.
 */
export interface TableSize {
  /** Slots for what is configured; a power of two. */
  readonly known: number
  /** Slots for what callers bring along; a power of two. */
  readonly crowd: number
}

/** Pages of it that nobody has touched cost nothing. All in use, it is 7 MB. */
const tableSize: TableSize = { known: 65_536, crowd: 131_072 }

/** How far from its hash a name may lie. */
export const probes = 64

const headerInts = 8
const seedAt = 0
const knownAt = 1
const crowdAt = 2
const lockAt = 3
const ticketAt = 4
const uncountedAt = 5
const slotBytes = 8 + 8 + 8 + 8 + 4
/** A lock that is held for so long has been left behind by a thread that died. */
const lockMs = 1_000

export function createTable({ known, crowd }: TableSize = tableSize): SharedArrayBuffer {
  for (const slots of [known, crowd]) {
    if (slots < probes || (slots & (slots - 1)) !== 0) throw new RangeError(`${slots} slots: not a power of two`)
  }
  const buffer = new SharedArrayBuffer(headerInts * 4 + (known + crowd) * slotBytes)
  const header = new Int32Array(buffer, 0, headerInts)
  header[seedAt] = randomInt(2 ** 32 - 1) | 0
  header[knownAt] = known
  header[crowdAt] = crowd
  return buffer
}

/** How many calls have passed without being counted, because the table was full. */
export function uncountedCalls(buffer: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(buffer, 0, headerInts), uncountedAt) >>> 0
}

export class SharedTable {
  readonly seed: number
  readonly known: number
  readonly crowd: number
  /** Window and count of each slot. */
  readonly words: BigInt64Array
  /** Two for each slot: the hash of its name. */
  readonly names: Int32Array
  /** What the word's window is reckoned in. Written when a slot is given out, read when it is to be given out again. */
  readonly units: Float64Array
  readonly origins: Float64Array
  readonly lengths: Int32Array
  private readonly header: Int32Array

  constructor(buffer: SharedArrayBuffer) {
    this.header = new Int32Array(buffer, 0, headerInts)
    this.seed = this.header[seedAt]!
    this.known = this.header[knownAt]!
    this.crowd = this.header[crowdAt]!
    const slots = this.known + this.crowd
    let offset = headerInts * 4
    const next = (bytes: number): number => (offset += bytes * slots) - bytes * slots
    this.words = new BigInt64Array(buffer, next(8), slots)
    this.units = new Float64Array(buffer, next(8), slots)
    this.origins = new Float64Array(buffer, next(8), slots)
    this.names = new Int32Array(buffer, next(8), slots * 2)
    this.lengths = new Int32Array(buffer, next(4), slots)
  }

  countUncounted(): void {
    Atomics.add(this.header, uncountedAt, 1)
  }

  /** Runs with the lock held. What happens inside must not throw, and takes a microsecond. */
  locked<T>(work: () => T): T {
    const { header } = this
    const ticket = (Atomics.add(header, ticketAt, 1) & 0x3fffffff) + 1
    this.lock(ticket)
    try {
      return work()
    } finally {
      Atomics.compareExchange(header, lockAt, ticket, 0)
      Atomics.notify(header, lockAt, 1)
    }
  }
  private lock(ticket: number): void {
    const { header } = this
    let seen = 0
    let since = 0
    // From the second round on somebody is known to hold it: he is given a moment, and in the end given up.
    for (let expected = 0; ;) {
      const holder = Atomics.compareExchange(header, lockAt, expected, ticket)
      if (holder === expected) return
      const now = performance.now()
      if (holder !== seen) {
        seen = holder
        since = now
      }
      expected = holder !== 0 && now - since > lockMs ? holder : 0
      if (holder !== 0) Atomics.wait(header, lockAt, holder, 1)
    }
  }
}
