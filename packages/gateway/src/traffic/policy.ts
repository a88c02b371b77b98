import type { PolicyKind, PolicySettings } from '../seam/plans.ts'
import type { Apps } from './apps.ts'
import type { Counters } from './counters/counters.ts'
import type { Answer, Awaitable, Caller, Identified, Outbound, Refusal, Routed } from './exchange.ts'

/**
 * The moments at which a policy may speak, in the order in which they come. A policy says when it speaks by which function
 * it offers; what it may know then is the type of the argument.
 */
export interface Moments {
  /** Before anyone asks who is calling. An answer ends the visit here. */
  screen(visit: Routed): Awaitable<Answer | undefined>
  /** Who is calling. Undefined when the request carries no credential of this kind; a refusal when it carries a wrong one. */
  identify(visit: Routed): Awaitable<Caller | Refusal | undefined>
  /** Whether this caller may pass now. */
  admit(visit: Identified): Awaitable<Refusal | undefined>
  /** What to change in what is sent to the backend. */
  prepare(visit: Identified, outbound: Outbound): Refusal | undefined
}

/** What stands around a policy while it is made ready for a snapshot. */
export interface Surroundings {
  readonly apps: Apps
  readonly counters: Counters
}

/** Settings in, moments out. Whatever can be worked out beforehand is worked out here, outside the moments. */
export type Policy<K extends PolicyKind> = (settings: PolicySettings[K], surroundings: Surroundings) => Partial<Moments>
