import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../scripts/free-ports.ts'
import { begin, headersFor, type Absent, type Candidate, type Field } from './candidates.ts'
import { load } from './load.ts'
import { backendArguments } from './native.ts'
import { cpuOf, machineCpu, memoryOf, ownCpu, start, threadsOf, type Running } from './processes.ts'
import { ask, target } from './request.ts'
import { spread, type Spread } from './statistics.ts'
import { find } from './tools.ts'

export interface Sample {
  readonly round: number
  readonly requests: number
  /** CPU of the whole process and its children. */
  readonly microsecondsPerRequest: number
  /** Of the busiest thread besides the first: in Pailou, the one that carries the traffic. 0 when there is no other. */
  readonly threadMicrosecondsPerRequest: number
  /** Against nginx in the same round. */
  readonly ratio: number
  readonly requestsPerSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly errors: number
  /** The part of the machine that others used meanwhile, 0 to 1. */
  readonly foreign: number
}

export interface Row {
  readonly name: string
  readonly version: string
  readonly microsecondsPerRequest: Spread
  readonly threadMicrosecondsPerRequest: Spread
  readonly ratio: Spread
  readonly requestsPerSecond: Spread
  readonly p50: Spread
  readonly p99: Spread
  readonly foreign: Spread
  readonly errors: number
  /** MB, before the first request and after the last. */
  readonly memory: { readonly idle: number; readonly loaded: number }
  readonly samples: readonly Sample[]
}

export interface Plan {
  readonly rounds: number
  /** Of each sample, and of each warm-up. */
  readonly seconds: number
  readonly wanted: readonly string[]
  readonly folder: string
}

export interface Throughput {
  readonly rows: readonly Row[]
  readonly absent: readonly Absent[]
}

/** The candidate has a core to itself; what asks and what answers share the other. */
const candidateCore = 0
const otherCore = availableParallelism() > 1 ? 1 : 0

export async function measure(plan: Plan, say: (text: string) => void): Promise<Throughput> {
  const nginx = find('nginx')
  if (nginx === undefined) throw new Error('nginx is the backend and the measure of everyone: install it (nginx-light)')
  if (find('wrk') === undefined) throw new Error('wrk makes the load: install it')
  const [port = 0] = await freePorts(1)
  mkdirSync(plan.folder, { recursive: true })
  const backend = start({ command: [nginx, ...backendArguments(join(plan.folder, 'backend'), port)], core: otherCore })
  let field: Field | undefined
  try {
    await answering(port, backend)
    field = await begin({ folder: plan.folder, core: candidateCore, backend: port }, plan.wanted)
    const { candidates, absent } = field
    if (candidates[0]?.name !== 'nginx') throw new Error(`nginx did not start: ${absent[0]?.absent}`)
    return { rows: await rounds(plan, candidates, backend, say), absent }
  } finally {
    await field?.stop()
    await backend.stop()
  }
}

async function answering(port: number, backend: Running): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answered = await ask(port, target).catch(() => undefined)
    if (answered?.status === 200) return
    await sleep(50)
  }
  throw new Error(`the backend does not answer:\n${backend.printed()}`)
}

async function rounds(plan: Plan, candidates: readonly Candidate[], backend: Running, say: (text: string) => void) {
  const idle = new Map(candidates.map(candidate => [candidate, memoryOf(candidate.running.pid)]))
  for (const candidate of candidates) {
    say(`warm-up ${candidate.name}`)
    await load(urlOf(candidate), headersFor(candidate), plan.seconds, otherCore)
  }
  const samples = new Map<Candidate, Sample[]>(candidates.map(candidate => [candidate, []]))
  for (let round = 1; round <= plan.rounds; round++) {
    let reference = NaN
    for (const candidate of candidates) {
      await quiet()
      const taken = await sample(candidate, backend, plan.seconds)
      reference = candidate === candidates[0] ? taken.microsecondsPerRequest : reference
      const ratio = taken.microsecondsPerRequest / reference
      samples.get(candidate)?.push({ round, ratio, ...taken })
      const cost = `${taken.microsecondsPerRequest.toFixed(1)} µs/request, ${ratio.toFixed(2)} x nginx`
      say(`round ${round}/${plan.rounds} ${candidate.name}: ${cost}, foreign ${(taken.foreign * 100).toFixed(0)} %`)
    }
  }
  return candidates.map(candidate => rowOf(candidate, samples.get(candidate) ?? [], idle.get(candidate) ?? 0))
}

const urlOf = (candidate: Candidate) => `http://127.0.0.1:${candidate.port}${target}`

/** Waits, at most five seconds, until the others on this machine leave at least three quarters of it. */
async function quiet(): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = machineCpu()
    await sleep(500)
    const after = machineCpu()
    if ((after.busy - before.busy) / (after.total - before.total) < 0.25) return
  }
}

async function sample(
  candidate: Candidate,
  backend: Running,
  seconds: number,
): Promise<Omit<Sample, 'round' | 'ratio'>> {
  const { pid } = candidate.running
  const look = () => ({
    own: cpuOf(pid),
    threads: threadsOf(pid),
    // Ourselves and what we ran to its end, which is the load.
    around: cpuOf(backend.pid) + ownCpu(process.pid),
    machine: machineCpu(),
  })
  const before = look()
  const result = await load(urlOf(candidate), headersFor(candidate), seconds, otherCore)
  const after = look()
  const spent = after.own - before.own
  const busiest = Math.max(0, ...[...after.threads].map(([thread, time]) => time - (before.threads.get(thread) ?? 0)))
  const total = after.machine.total - before.machine.total
  const foreign = (after.machine.busy - before.machine.busy - spent - (after.around - before.around)) / total
  return {
    requests: result.requests,
    microsecondsPerRequest: spent / result.requests,
    threadMicrosecondsPerRequest: busiest / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    errors: result.errors,
    foreign: Math.max(0, foreign),
  }
}

function rowOf(candidate: Candidate, samples: readonly Sample[], idle: number): Row {
  const of = (read: (sample: Sample) => number) => spread(samples.map(read))
  return {
    name: candidate.name,
    version: candidate.version,
    microsecondsPerRequest: of(sample => sample.microsecondsPerRequest),
    threadMicrosecondsPerRequest: of(sample => sample.threadMicrosecondsPerRequest),
    ratio: of(sample => sample.ratio),
    requestsPerSecond: of(sample => sample.requestsPerSecond),
    p50: of(sample => sample.p50),
    p99: of(sample => sample.p99),
    foreign: of(sample => sample.foreign),
    errors: samples.reduce((total, { errors }) => total + errors, 0),
    memory: { idle, loaded: memoryOf(candidate.running.pid) },
    samples,
  }
}
