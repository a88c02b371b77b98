import type { Awaitable } from '../exchange.ts'

/** How long a counter counts before it begins anew. */
export interface Window {
  /** Milliseconds, at least 1. */
  readonly lengthMs: number
  /** Milliseconds since the epoch at which one of the windows begins. Absent: each begins with the first counted call. */
  readonly anchor?: number
}

/** Something that is counted, made ready by the engine that counts it. The same name and window are the same counter. */
export interface Counter {
  readonly name: string
  readonly window: Window
}

/** That a call is to be counted there, and how many may be. */
export interface Claim<C extends Counter = Counter> {
  readonly counter: C
  readonly limit: number
}

/** The first of the claims that had no room. */
export interface Exhausted {
  /** Its place among the claims. */
  readonly index: number
  /** How many calls are counted in the window that stands open. */
  readonly used: number
  /** Milliseconds since the epoch: when there will be room again. */
  readonly opensAt: number
}

/** Counts calls in fixed windows, for all who share it. */
export interface Counters<C extends Counter = Counter> {
  /**
   * Makes a counter ready. `crowd`: what is counted is nothing that somebody has configured, but what callers bring along,
   * such as their addresses. However many there are, they take no room from the others.
   */
  counter(name: string, window: Window, crowd?: boolean): C
  /**
   * Counts one call on every claim, or on none: undefined when there was room on all.
   * @param now milliseconds since the epoch
   */
  take(claims: readonly Claim<C>[], now: number): Awaitable<Exhausted | undefined>
}
