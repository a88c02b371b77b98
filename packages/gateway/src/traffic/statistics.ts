import {
  latencyBounds,
  type CountedRoute,
  type MinuteCounts,
  type RequestCounts,
  type RequestStatistics,
  type RouteStatistics,
} from '../seam/statistics.ts'
import type { RouteDelta, TallyDelta } from './tally.ts'

const minuteMs = 60_000
const minutesKept = 60

type Counts = { -readonly [K in keyof RequestCounts]: RequestCounts[K] }

interface Entry {
  route: CountedRoute | undefined
  readonly total: Counts
  readonly refusals: Record<string, number>
  minutes: (Counts & { readonly at: number })[]
}

const nothing = (): Counts => ({ requests: 0, byClass: [], latencySumMs: 0, latencyMaxMs: 0 })
const keyOf = (route: CountedRoute | undefined) => (route === undefined ? '' : `${route.apiId} ${route.environment.id}`)

/** Adds up what the threads have counted. Lives as long as the fleet: a thread that is replaced leaves its counts behind. */
export class Statistics {
  private readonly entries = new Map<string, Entry>()
  private readonly latency = { counts: latencyBounds.map(() => 0).concat(0), sumMs: 0 }

  /** @param now milliseconds since the epoch: the minute to which all of it counts */
  add({ routes, latency }: TallyDelta, now: number): void {
    for (const [at, times] of latency.entries()) this.latency.counts[at]! += times
    for (const delta of routes) this.addRoute(delta, Math.floor(now / minuteMs) * minuteMs)
  }

  private addRoute(delta: RouteDelta, minute: number): void {
    const key = keyOf(delta.route)
    let entry = this.entries.get(key)
    if (entry === undefined) {
      entry = { route: delta.route, total: nothing(), refusals: {}, minutes: [] }
      this.entries.set(key, entry)
    }
    // Its name may have changed.
    entry.route = delta.route
    let counts = entry.minutes.findLast(({ at }) => at === minute)
    if (counts === undefined) {
      entry.minutes = recent(entry.minutes, minute)
      entry.minutes.push((counts = { at: minute, ...nothing() }))
    }
    addTo(entry.total, delta)
    addTo(counts, delta)
    this.latency.sumMs += delta.latencySumMs
    for (const [row, times] of delta.refusals) entry.refusals[row] = (entry.refusals[row] ?? 0) + times
  }

  /** Forgets the routes that are gone and had no request for an hour. */
  keep(routes: readonly CountedRoute[], now: number): void {
    const kept = new Set(['', ...routes.map(keyOf)])
    for (const [key, { minutes }] of this.entries) {
      if (!kept.has(key) && recent(minutes, now).length === 0) this.entries.delete(key)
    }
  }

  read(now: number): RequestStatistics {
    const routes = [...this.entries.values()].map(({ route, total, refusals, minutes }): RouteStatistics => ({
      route,
      total: { ...total },
      refusals: { ...refusals },
      minutes: recent(minutes, now).map(counts => ({ ...counts })),
    }))
    return { routes, latency: { counts: [...this.latency.counts], sumMs: this.latency.sumMs } }
  }
}

/** The minutes of the hour that ends now, the present one included. */
function recent<M extends MinuteCounts>(minutes: readonly M[], now: number): M[] {
  const first = (Math.floor(now / minuteMs) - minutesKept + 1) * minuteMs
  return minutes.filter(({ at }) => at >= first)
}

function addTo(counts: Counts, { byClass, latencySumMs, latencyMaxMs }: RouteDelta): void {
  counts.byClass = byClass.map((times, digit) => times + (counts.byClass[digit] ?? 0))
  counts.requests += byClass.reduce((sum, times) => sum + times, 0)
  counts.latencySumMs += latencySumMs
  counts.latencyMaxMs = Math.max(counts.latencyMaxMs, latencyMaxMs)
}
