/** Requests that were answered, counted since the process began. Who left before the end of his response is not among them. */
export interface RequestCounts {
  readonly requests: number
  /** By the first digit of the status. A response that broke off counts as 503. */
  readonly byClass: readonly number[]
  /** Milliseconds, from the end of the request's head to the end of the response. */
  readonly latencySumMs: number
  readonly latencyMaxMs: number
}

export interface MinuteCounts extends RequestCounts {
  /** The minute's beginning, milliseconds since the epoch. */
  readonly at: number
}

/** A published API in one environment. */
export interface CountedRoute {
  readonly apiId: string
  readonly apiName: string
  readonly groupId: string
  readonly environment: { readonly id: string; readonly name: string }
}

export interface RouteStatistics {
  /** Undefined: requests of which no API is known. */
  readonly route: CountedRoute | undefined
  readonly total: RequestCounts
  /** How often each row of the catalogue was the answer. */
  readonly refusals: Readonly<Record<string, number>>
  /** The minutes of the last hour that had requests, oldest first. */
  readonly minutes: readonly MinuteCounts[]
}

/** Upper bounds in milliseconds, inclusive; one more class stands above the last. */
export const latencyBounds: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** What this process has counted. Other nodes of a cluster count for themselves. */
export interface RequestStatistics {
  readonly routes: readonly RouteStatistics[]
  /** Requests by latency, one number for each of {@link latencyBounds} and one for what is above. */
  readonly latency: { readonly counts: readonly number[]; readonly sumMs: number }
}
