/** Milliseconds since the epoch. Time comes from outside, so that a test turns the clock instead of waiting. */
export interface Clock {
  now(): number
  /** Milliseconds since some moment; never goes back, whatever is done to the system's time. `now` stands in for it where it is missing. */
  steady?(): number
}

export const systemClock: Clock = { now: () => Date.now(), steady: () => performance.now() }

/** The times of the contract: RFC 3339, whole seconds, UTC. Clients compare them as text. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
