import { latencyBounds, type CountedRoute } from '../seam/statistics.ts'

/** What has been added since the last time. Plain data, posted to the main thread. */
export interface RouteDelta {
  readonly route: CountedRoute | undefined
  readonly byClass: readonly number[]
  readonly latencySumMs: number
  readonly latencyMaxMs: number
  readonly refusals: readonly (readonly [row: string, times: number])[]
}

export interface TallyDelta {
  readonly routes: readonly RouteDelta[]
  readonly latency: readonly number[]
}

const noClasses = (): number[] => Array.from({ length: 10 }, () => 0)
const noLatencies = (): number[] => Array.from({ length: latencyBounds.length + 1 }, () => 0)

/** The counts of one route in this thread. The road leaves it with the request, so that counting looks nothing up. */
export class RouteTally {
  private readonly route: CountedRoute | undefined
  private readonly tally: Tally
  private changed = false
  private byClass = noClasses()
  private latencySumMs = 0
  private latencyMaxMs = 0
  private refusals: Map<string, number> | undefined

  constructor(route: CountedRoute | undefined, tally: Tally) {
    this.route = route
    this.tally = tally
  }

  answered(status: number, ms: number): void {
    if (!this.changed) this.change()
    this.byClass[(status / 100) | 0]!++
    this.latencySumMs += ms
    if (ms > this.latencyMaxMs) this.latencyMaxMs = ms
    this.tally.latency[latencyClass(ms)]!++
  }

  refused(row: string): void {
    if (!this.changed) this.change()
    this.refusals ??= new Map()
    this.refusals.set(row, (this.refusals.get(row) ?? 0) + 1)
  }

  private change(): void {
    this.changed = true
    this.tally.changed.push(this)
  }

  /** What has been added, which then is counted from nothing. */
  take(): RouteDelta {
    const { route, byClass, latencySumMs, latencyMaxMs, refusals = [] } = this
    this.changed = false
    this.byClass = noClasses()
    this.latencySumMs = this.latencyMaxMs = 0
    this.refusals = undefined
    return { route, byClass, latencySumMs, latencyMaxMs, refusals: [...refusals] }
  }
}

/** What one thread has counted since it last said so. */
export class Tally {
  /** Requests of which no API is known. */
  readonly elsewhere = new RouteTally(undefined, this)
  /** @internal */
  latency = noLatencies()
  /** @internal */
  changed: RouteTally[] = []

  route({ apiId, apiName, groupId, environment: { id, name } }: CountedRoute): RouteTally {
    return new RouteTally({ apiId, apiName, groupId, environment: { id, name } }, this)
  }

  /** Undefined when there was nothing. */
  take(): TallyDelta | undefined {
    const { changed, latency } = this
    if (changed.length === 0) return undefined
    this.changed = []
    this.latency = noLatencies()
    return { routes: changed.map(route => route.take()), latency }
  }
}

function latencyClass(ms: number): number {
  let at = 0
  while (at < latencyBounds.length && ms > latencyBounds[at]!) at++
  return at
}
