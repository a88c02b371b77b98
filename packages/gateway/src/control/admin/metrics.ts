import { errors, type ErrorRow } from '@pailou/contract'

import type { TrafficPort } from '../../seam/observations.ts'
import { latencyBounds, type CountedRoute } from '../../seam/statistics.ts'
import type { OpenDesk } from '../desk.ts'
import { StoreUnavailable } from '../store/config-store.ts'

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

type Labels = Readonly<Record<string, string | number>>
type Sample = readonly [value: number, labels?: Labels, suffix?: string]

/** What a scraper reads, in Prometheus' text format. docs/metrics.md says what each means. */
export function metrics(desk: Pick<OpenDesk, 'catalog' | 'ready'>, traffic: TrafficPort, version: string): string {
  const { threads } = traffic.observe()
  const { routes, latency } = traffic.statistics()
  const perThread = (of: (thread: (typeof threads)[number]) => number): Sample[] =>
    threads.map(thread => [of(thread), { thread: thread.thread }])
  return [
    family('pailou_build_info', 'gauge', 'Always 1; the labels say what runs.', [
      [1, { version, node: process.version }],
    ]),
    family('pailou_ready', 'gauge', 'Whether the newest configuration is served: 1 or 0.', [
      [desk.ready().ready ? 1 : 0],
    ]),
    family(
      'pailou_config_revision',
      'gauge',
      'The revision of the configuration that control has; absent while the store has not been read.',
      revisionOf(desk),
    ),
    family(
      'pailou_thread_config_revision',
      'gauge',
      'The revision that a traffic thread serves, -1 before the first.',
      perThread(({ revision }) => revision),
    ),
    family(
      'pailou_connections',
      'gauge',
      'Open connections of callers.',
      perThread(({ connections }) => connections),
    ),
    family(
      'pailou_requests_received_total',
      'counter',
      'Requests whose head was read.',
      perThread(({ requests }) => requests),
    ),
    family(
      'pailou_requests_total',
      'counter',
      'Requests that were answered, by API and class of status.',
      routes.flatMap(({ route, total }) =>
        total.byClass.flatMap((times, digit): Sample[] =>
          times === 0 ? [] : [[times, { ...labelsOf(route), status: `${digit}xx` }]],
        ),
      ),
    ),
    family(
      'pailou_refusals_total',
      'counter',
      'Requests that the gateway refused or could not finish, by API and row of the error table.',
      routes.flatMap(({ route, refusals }) =>
        Object.entries(refusals).map(([row, times]): Sample => {
          const { code, fault } = errors[row as ErrorRow]
          return [times, { ...labelsOf(route), row, code, fault }]
        }),
      ),
    ),
    family(
      'pailou_api_request_duration_seconds_sum',
      'counter',
      'Time that the answered requests of an API took together.',
      routes.map(({ route, total }): Sample => [total.latencySumMs / 1000, labelsOf(route)]),
    ),
    family(
      'pailou_request_duration_seconds',
      'histogram',
      'Time from the end of the head of a request to the end of its response.',
      histogram(latency.counts, latency.sumMs),
    ),
    family('process_resident_memory_bytes', 'gauge', 'Memory of this process.', [[process.memoryUsage.rss()]]),
    family('process_cpu_seconds_total', 'counter', 'Processor time of this process, all threads together.', [
      [cpuSeconds()],
    ]),
    family('process_start_time_seconds', 'gauge', 'When this process began, in seconds since the epoch.', [
      [Math.round(performance.timeOrigin) / 1000],
    ]),
  ].join('')
}

/** A store that is lost is no reason to show nothing: then above all somebody looks. */
function revisionOf(desk: Pick<OpenDesk, 'catalog'>): Sample[] {
  try {
    return [[desk.catalog().revision]]
  } catch (error) {
    if (error instanceof StoreUnavailable) return []
    throw error
  }
}

/** A request of which no API is known has the same labels, empty: a sum over them misses nothing. */
function labelsOf(route: CountedRoute | undefined): Labels {
  return {
    group_id: route?.groupId ?? '',
    api_id: route?.apiId ?? '',
    api: route?.apiName ?? '',
    environment: route?.environment.name ?? '',
  }
}

function histogram(counts: readonly number[], sumMs: number): Sample[] {
  let below = 0
  const buckets = latencyBounds.map((bound, at): Sample => {
    below += counts[at] ?? 0
    return [below, { le: bound / 1000 }, '_bucket']
  })
  const all = below + (counts[latencyBounds.length] ?? 0)
  return [...buckets, [all, { le: '+Inf' }, '_bucket'], [sumMs / 1000, {}, '_sum'], [all, {}, '_count']]
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, samples: readonly Sample[]) {
  const lines = samples.map(([value, labels = {}, suffix = '']) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(String(text))}"`)
    return `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
}
