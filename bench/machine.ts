import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { find } from './tools.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  readonly system: string
  /** Over the last 1, 5 and 15 minutes, before the measurement. */
  readonly load: readonly number[]
  readonly congestionControl: string
  /** Whether programs were bound to cores. */
  readonly pinned: boolean
  readonly node: string
}

function line(file: string, pattern: RegExp): string {
  try {
    return pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    system: line('/etc/os-release', /^PRETTY_NAME="?([^"\n]*)/m),
    load: loadavg(),
    congestionControl: line('/proc/sys/net/ipv4/tcp_congestion_control', /(\S+)/),
    pinned: find('taskset') !== undefined,
    node: process.versions.node,
  }
}
