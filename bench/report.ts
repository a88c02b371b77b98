import type { Machine } from './machine.ts'
import type { Throughput } from './throughput.ts'
import type { StartUp } from './start-up.ts'
import type { Spread } from './statistics.ts'

const numbers = ({ median, min, max }: Spread, digits: number) =>
  `${median.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const cells = (row: readonly string[]) =>
    widths.map((width, column) =>
      column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
    )
  return rows.map(row => cells(row).join('  ').trimEnd()).join('\n')
}

export function describeMachine(machine: Machine): string {
  const { cpu, cores, memoryGb, kernel, system, load, congestionControl, pinned } = machine
  const placed = pinned
    ? 'candidates on core 0, load and backend on core 1'
    : 'taskset is missing, so nothing is bound to a core'
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB; ${system}, Linux ${kernel}, ${congestionControl}; Node ${machine.node}`,
    `load before: ${load.map(value => value.toFixed(2)).join(' ')}; ${placed}`,
  ].join('\n')
}

export function describeThroughput({ rows, absent }: Throughput): string {
  const head = [
    '',
    'CPU µs/request',
    'x nginx',
    'busiest thread µs',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'MB idle/loaded',
    'foreign',
    'errors',
  ]
  const body = rows.map(row => [
    row.name,
    numbers(row.microsecondsPerRequest, 1),
    numbers(row.ratio, 2),
    row.threadMicrosecondsPerRequest.median.toFixed(1),
    row.requestsPerSecond.median.toFixed(0),
    row.p50.median.toFixed(2),
    row.p99.median.toFixed(2),
    `${row.memory.idle.toFixed(0)}/${row.memory.loaded.toFixed(0)}`,
    `${(row.foreign.median * 100).toFixed(0)} %`,
    String(row.errors),
  ])
  const notes = absent.map(({ name, absent: reason }) => `not measured: ${name}: ${reason}`)
  const versions = rows.map(row => `${row.name}: ${row.version}`).join('; ')
  return [table([head, ...body]), versions, 'median [min-max]; ratios are taken round by round', ...notes].join('\n')
}

export function describeStartUp({ rows }: StartUp): string {
  const head = ['', 'first answer ms', 'CPU ms', 'MB at rest']
  const body = rows.map(row => [
    row.name,
    numbers(row.milliseconds, 0),
    numbers(row.cpuMilliseconds, 0),
    numbers(row.memory, 0),
  ])
  return [table([head, ...body]), 'median [min-max]'].join('\n')
}
