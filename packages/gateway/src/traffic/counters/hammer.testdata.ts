import { parentPort, workerData } from 'node:worker_threads'
import { LocalCounters } from './local.ts'

/** A thread that calls as fast as it can, and reports how often it was let through. */
const { table, limit, calls, windows, names, start, fresh } = workerData as {
  readonly table: SharedArrayBuffer
  readonly limit: number
  readonly calls: number
  readonly windows: number
  readonly names: number
  readonly start: number
  /** Other names in each window. */
  readonly fresh?: boolean
}
const length = 60_000
const counters = new LocalCounters(table)
const gate = new Int32Array(table, 6 * 4, 2)
const tallies: number[][] = []
for (let window = 0; window < windows; window++) {
  // All begin a window together, so that they meet.
  Atomics.add(gate, 0, 1)
  while (Atomics.load(gate, 0) < 4 * (window + 1)) Atomics.wait(gate, 1, 0, 1)
  const claims = Array.from({ length: names }, (_, name) => [
    { counter: counters.counter(`${fresh ? window : ''} ${name}`, { lengthMs: length }), limit },
  ])
  const taken = claims.map(() => 0)
  for (let call = 0; call < calls; call++) {
    for (const [name, claim] of claims.entries()) {
      if (counters.take(claim, start + window * length) === undefined) taken[name]!++
    }
  }
  tallies.push(taken)
}
parentPort!.postMessage(tallies)
