import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinned } from './processes.ts'
import { find } from './tools.ts'

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers of 400 and above, and everything that went wrong on a socket. */
  readonly errors: number
}

/** Asks over and over on 64 connections that are kept, from one thread. */
export async function load(
  url: string,
  headers: Readonly<Record<string, string>>,
  seconds: number,
  core: number,
): Promise<LoadResult> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const options = ['-t1', '-c64', `-d${seconds}s`, '--timeout', '10s', '-s', join(import.meta.dirname, 'wrk.lua')]
  const [program, ...args] = pinned(core, [find('wrk') ?? 'wrk', ...options, ...fields, url])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => (printed += text))
  child.stderr.setEncoding('utf8').on('data', text => (printed += text))
  await once(child, 'close')
  const line = /^@result (.*)$/m.exec(printed)?.[1]
  if (line === undefined) throw new Error(`wrk gave no result:\n${printed}`)
  const { requests, microseconds, p50, p99, status, connect, read, write, timeout } = JSON.parse(line) as Record<
    string,
    number
  >
  const errors = [status, connect, read, write, timeout].reduce<number>((total, count) => total + (count ?? 0), 0)
  return { requests: requests ?? 0, seconds: (microseconds ?? 0) / 1e6, p50: p50 ?? 0, p99: p99 ?? 0, errors }
}
