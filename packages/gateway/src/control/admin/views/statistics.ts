import type { MinuteCounts, RouteStatistics } from '../../../seam/statistics.ts'

const minuteMs = 60_000

/** The minutes that a question covers, the present one included. */
export interface Span {
  /** Milliseconds since the epoch, the beginning of the first minute. */
  readonly from: number
  readonly minutes: number
  readonly now: number
}

export function spanOf(duration: string, now: number): Span {
  const minutes = duration === '1h' ? 60 : Number.parseInt(duration, 10)
  return { from: (Math.floor(now / minuteMs) - minutes + 1) * minuteMs, minutes, now }
}

/** Whose counts these are. */
interface Owner {
  readonly group_id: string
  readonly provider: string
}

/** One row for each minute of the span, also for those without requests. */
export function minuteRows<O extends Owner>(routes: readonly RouteStatistics[], span: Span, owner: O) {
  const all = Map.groupBy(
    routes.flatMap(({ minutes }) => minutes),
    ({ at }) => at,
  )
  return Array.from({ length: span.minutes }, (_, index) => {
    const at = span.from + index * minuteMs
    return { ...minuteRow(all.get(at) ?? [], at, span.now), ...owner }
  })
}

function minuteRow(counts: readonly MinuteCounts[], at: number, now: number) {
  const sum = (of: (one: MinuteCounts) => number) => counts.reduce((total, one) => total + of(one), 0)
  const digit = (first: number) => sum(({ byClass }) => byClass[first] ?? 0)
  const requests = sum(({ requests }) => requests)
  const [clientErrors, serverErrors] = [digit(4), digit(5)]
  return {
    req_count: requests,
    req_count2xx: digit(2),
    req_count4xx: clientErrors,
    req_count5xx: serverErrors,
    req_count_error: clientErrors + serverErrors,
    max_latency: Math.max(0, ...counts.map(({ latencyMaxMs }) => latencyMaxMs)),
    avg_latency: requests === 0 ? 0 : Math.round((sum(({ latencySumMs }) => latencySumMs) / requests) * 1000) / 1000,
    current_minute: at / 1000,
    cycle: 'MINUTE' as const,
    req_time: timeText(at),
    register_time: timeText(now),
    status: 1 as const,
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
