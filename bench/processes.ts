import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { find } from './tools.ts'

/** Linux counts CPU time in hundredths of a second, whatever its timer does. */
const microsecondsPerTick = 10_000

/** A program under measurement or around it. */
export interface Running {
  readonly pid: number
  /** What it has printed, for when it does not come up. */
  readonly printed: () => string
  stop(): Promise<void>
}

export interface Start {
  readonly command: readonly [string, ...string[]]
  /** The core to which it is bound, where `taskset` exists. */
  readonly core: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** `taskset` replaces itself with the program, so that the process id is the program's own. */
export function pinned(core: number, command: readonly string[]): [string, ...string[]] {
  const [program, ...args] = find('taskset') ? ['taskset', '-c', String(core), ...command] : command
  return [program ?? '', ...args]
}

export function start({ command, core, env, cwd }: Start): Running {
  const [program, ...args] = pinned(core, command)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(env && { env }), ...(cwd && { cwd }) })
  let printed = ''
  const keep = (text: string) => {
    printed = (printed + text).slice(-20_000)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  child.on('error', error => keep(error.message))
  return { pid: child.pid ?? 0, printed: () => printed, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  if (ended()) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await Promise.race([exit, sleep(5_000, undefined, { ref: false })])
  if (!ended()) {
    child.kill('SIGKILL')
    await exit
  }
}

/** Fields of /proc/PID/stat, counted from the state (the third field) on: names in brackets may hold anything. */
function stat(path: string): readonly number[] {
  const text = readFileSync(path, 'utf8')
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
/** utime, stime, cutime, cstime: all threads, and the children that have ended. */
const whole = (fields: readonly number[]) => sum(fields.slice(11, 15)) * microsecondsPerTick

/** A process and all that it has started, directly or not. */
export function descendants(pid: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      parents.set(Number(name), stat(`/proc/${name}/stat`)[1] ?? 0)
    } catch {
      // It ended while we looked.
    }
  }
  const family = [pid]
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family
}

/** The microseconds of CPU that a process, all its threads and all its descendants have used so far. */
export function cpuOf(pid: number): number {
  return sum(descendants(pid).map(ownCpu))
}

/** The microseconds of one process with its threads and the children that have ended, without those that still run; 0 of none. */
export function ownCpu(pid: number): number {
  try {
    return whole(stat(`/proc/${pid}/stat`))
  } catch {
    return 0
  }
}

/** The microseconds of each thread but the first, by thread id. In Pailou the busiest of them carries the traffic. */
export function threadsOf(pid: number): ReadonlyMap<number, number> {
  const threads = new Map<number, number>()
  for (const name of readdirSync(`/proc/${pid}/task`)) {
    const fields = stat(`/proc/${pid}/task/${name}/stat`)
    if (Number(name) !== pid) threads.set(Number(name), sum(fields.slice(11, 13)) * microsecondsPerTick)
  }
  return threads
}

/** Resident memory in MB. */
export function memoryOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) / 1024
}

/** What the whole machine has spent so far, in microseconds summed over its cores. */
export function machineCpu(): { readonly busy: number; readonly total: number } {
  const fields = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').slice(0, 8).map(Number) ?? []
  const total = sum(fields) * microsecondsPerTick
  const [, , , idle = 0, waiting = 0] = fields
  return { busy: total - (idle + waiting) * microsecondsPerTick, total }
}
