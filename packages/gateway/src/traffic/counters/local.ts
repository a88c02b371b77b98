import type { Claim, Counter, Counters, Exhausted, Window } from './counters.ts'
import { nameHash } from './name-hash.ts'
import { probes, SharedTable } from './shared-table.ts'

/** A counter with all that finding and reading its slot needs. */
export interface LocalCounter extends Counter {
  readonly low: number
  readonly high: number
  /** The region in which its slot lies. */
  readonly first: number
  readonly mask: number
  /** Windows are reckoned in ticks of so many milliseconds from the origin, and last `length` of them. */
  readonly unit: number
  readonly origin: number
  readonly length: number
  /** Where its slot was found last. */
  slot: number
}

/** A free-running window is told apart to this part of its length, or to the millisecond. */
const precision = 2 ** 20
/** No count ever gets here: what a slot's word says while the slot changes hands. */
const barred = -1n
const noSlot = -1

/**
 * Counts in memory that all traffic threads of the process share, exactly. What is counted is gone when the process ends;
 * a thread may die and come back. When there is no slot left for a new name, its calls pass, and are counted as uncounted.
 */
export class LocalCounters implements Counters<LocalCounter> {
  private readonly table: SharedTable
  /** A word taken apart: the count, and the tick in which the window began. Not shared. */
  private readonly word = new BigInt64Array(1)
  private readonly parts = new Uint32Array(this.word.buffer)

  constructor(table: SharedArrayBuffer) {
    this.table = new SharedTable(table)
  }

  counter(name: string, window: Window, crowd = false): LocalCounter {
    const { seed, known, crowd: strangers } = this.table
    const { lengthMs, anchor } = window
    // With an anchor each tick is a window.
    const ticks = anchor === undefined ? freeRunning(lengthMs) : { unit: lengthMs, origin: anchor, length: 1 }
    const { low, high } = nameHash(`${name} ${lengthMs} ${anchor ?? ''}`, seed)
    const region = crowd ? { first: known, mask: strangers - 1 } : { first: 0, mask: known - 1 }
    return { name, window, low, high, ...region, ...ticks, slot: noSlot }
  }

  take(claims: readonly Claim<LocalCounter>[], now: number): Exhausted | undefined {
    // Looking at all of them first keeps a refused call from being counted even for a moment, but for a race.
    for (let index = 0; index < claims.length; index++) {
      const { counter, limit } = claims[index]!
      const exhausted = this.look(counter, limit, now, index)
      if (exhausted !== undefined) return exhausted
    }
    for (let index = 0; index < claims.length; index++) {
      const { counter, limit } = claims[index]!
      const exhausted = this.count(counter, limit, now, index)
      if (exhausted === undefined) continue
      for (let before = 0; before < index; before++) this.giveBack(claims[before]!.counter, now)
      return exhausted
    }
    return undefined
  }

  private look(counter: LocalCounter, limit: number, now: number, index: number): Exhausted | undefined {
    const tick = tickAt(counter, now)
    const slot = this.find(counter)
    const elapsed = slot === noSlot ? undefined : this.read(Atomics.load(this.table.words, slot), counter, tick)
    if (elapsed === undefined) return limit > 0 ? undefined : exhausted(counter, now, 0, 0, index)
    const used = this.parts[0]!
    return used < limit ? undefined : exhausted(counter, now, elapsed, used, index)
  }

  private count(counter: LocalCounter, limit: number, now: number, index: number): Exhausted | undefined {
    const { words } = this.table
    const tick = tickAt(counter, now)
    for (;;) {
      const slot = this.find(counter)
      const word = slot === noSlot ? barred : Atomics.load(words, slot)
      if (word === barred) {
        const given = this.table.locked(() => this.give(counter, tick, now))
        if (given === 'counted') return undefined
        if (given === 'found') continue
        this.table.countUncounted()
        return undefined
      }
      const elapsed = this.read(word, counter, tick)
      // The name is looked at after the word: a slot that has changed hands since then has another word.
      if (!this.holds(slot, counter)) continue
      const used = this.parts[0]!
      if (elapsed !== undefined && used >= limit) return exhausted(counter, now, elapsed, used, index)
      const after = elapsed === undefined ? opened(tick) : word + 1n
      if (Atomics.compareExchange(words, slot, word, after) === word) return undefined
    }
  }

  private giveBack(counter: LocalCounter, now: number): void {
    const { words } = this.table
    const tick = tickAt(counter, now)
    for (;;) {
      const slot = this.find(counter)
      if (slot === noSlot) return
      const word = Atomics.load(words, slot)
      if (word === barred || this.read(word, counter, tick) === undefined || this.parts[0] === 0) return
      if (!this.holds(slot, counter)) continue
      if (Atomics.compareExchange(words, slot, word, word - 1n) === word) return
    }
  }

  private holds(slot: number, { low, high }: LocalCounter): boolean {
    const { names } = this.table
    return Atomics.load(names, slot * 2) === low && Atomics.load(names, slot * 2 + 1) === high
  }

  private find(counter: LocalCounter): number {
    if (counter.slot !== noSlot && this.holds(counter.slot, counter)) return counter.slot
    const { names } = this.table
    for (let probe = 0; probe < probes; probe++) {
      const slot = slotAt(counter, probe)
      if (this.holds(slot, counter)) return (counter.slot = slot)
      if (Atomics.load(names, slot * 2) === 0 && Atomics.load(names, slot * 2 + 1) === 0) break
    }
    return noSlot
  }

  /** How many ticks ago the window began, while it stands open; leaves the count in the parts. */
  private read(word: bigint, { length }: { readonly length: number }, tick: number): number | undefined {
    this.word[0] = word
    // Ticks come round after 2^32 of them; the difference is right all the same.
    const elapsed = (tick - this.parts[1]!) | 0
    // Clocks of threads differ by moments: a window may lie a little ahead. One that lies farther was opened before the
    // clock was set back.
    return this.parts[0] !== 0 && elapsed < length && elapsed >= -length ? elapsed : undefined
  }

  /** Gives the counter a slot with its first call counted. Under the lock, so that no name gets two. */
  private give(counter: LocalCounter, tick: number, now: number): 'counted' | 'found' | 'full' {
    const { words, names, units, origins, lengths } = this.table
    let free = noSlot
    let freeWord = barred
    for (let probe = 0; probe < probes; probe++) {
      const slot = slotAt(counter, probe)
      const word = Atomics.load(words, slot)
      const mine = this.holds(slot, counter)
      if (mine && word !== barred) return 'found'
      const empty = Atomics.load(names, slot * 2) === 0 && Atomics.load(names, slot * 2 + 1) === 0
      // Barred while the lock is ours: left behind by a thread that died at it.
      if (mine || ((empty || word === barred || this.hasPassed(slot, word, now)) && free === noSlot)) {
        free = slot
        freeWord = word
      }
      if (mine || empty) break
    }
    if (free === noSlot) return 'full'
    if (Atomics.compareExchange(words, free, freeWord, barred) !== freeWord) return 'found' // somebody counts there again
    units[free] = counter.unit
    origins[free] = counter.origin
    lengths[free] = counter.length
    Atomics.store(names, free * 2, counter.low)
    Atomics.store(names, free * 2 + 1, counter.high)
    Atomics.store(words, free, opened(tick))
    counter.slot = free
    return 'counted'
  }

  private hasPassed(slot: number, word: bigint, now: number): boolean {
    const window = {
      unit: this.table.units[slot]!,
      origin: this.table.origins[slot]!,
      length: this.table.lengths[slot]!,
    }
    return this.read(word, window, tickAt(window, now)) === undefined
  }
}

function freeRunning(lengthMs: number): { unit: number; origin: number; length: number } {
  let unit = 1
  while (lengthMs / unit > precision) unit *= 2
  return { unit, origin: 0, length: Math.ceil(lengthMs / unit) }
}

type Ticks = Pick<LocalCounter, 'unit' | 'origin'>

function tickAt({ unit, origin }: Ticks, now: number): number {
  return Math.floor((now - origin) / unit) | 0
}

function slotAt({ low, first, mask }: LocalCounter, probe: number): number {
  return first + (((low & mask) + probe) & mask)
}

/** The word of a window that begins now, with one call counted. */
function opened(tick: number): bigint {
  return (BigInt(tick) << 32n) | 1n
}

function exhausted(counter: LocalCounter, now: number, elapsed: number, used: number, index: number): Exhausted {
  const { unit, origin, length } = counter
  const opensAt = origin + unit * (Math.floor((now - origin) / unit) - elapsed + length)
  return { index, used, opensAt }
}
