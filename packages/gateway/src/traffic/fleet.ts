import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Observations, RefusalRecord, TrafficPort } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import type { RequestStatistics } from '../seam/statistics.ts'
import { createTable, uncountedCalls } from './counters/shared-table.ts'
import type { TlsMaterial } from './listeners.ts'
import { Statistics } from './statistics.ts'
import type { Order, Report, ThreadOptions } from './thread-messages.ts'

export interface FleetOptions {
  readonly host: string
  /** -1 turns it off, 0 lets the system choose. */
  readonly httpPort: number
  readonly httpsPort: number
  readonly threads: number
  readonly tls: TlsMaterial | undefined
  /** The table that all threads count in. Default: an empty one of the usual size. */
  readonly counters?: SharedArrayBuffer
  /** Every refusal, as the threads report them. */
  readonly refused: (record: RefusalRecord) => void
  /** What happens to the threads, for the log. */
  readonly log: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** A port is taken, or may not be used. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
  readonly port: number
  readonly code: string

  constructor(port: number, code: string, message: string) {
    super(message)
    this.port = port
    this.code = code
  }
}

interface Thread {
  readonly number: number
  readonly worker: Worker
  revision: number
  connections: number
  requests: number
  refusals: number
  drained: boolean
}

/** How long a write waits for the threads to take its snapshot up. They go on in any case. */
const adoptWithinMs = 1_000
/** How many refusals are remembered for whoever asks why. */
const remembered = 10_000
/** How often the log says that calls have passed uncounted. */
const uncountedLogMs = 60_000
/** A thread that dies at once again is not started in a tight loop. */
const restartMs = 250

/** The traffic threads, seen from the main thread. A thread that dies is replaced and takes up the newest snapshot. */
export class Fleet implements TrafficPort {
  httpPort = -1
  httpsPort = -1
  private readonly options: FleetOptions
  private readonly threads = new Map<number, Thread>()
  private readonly recent = new Map<string, RefusalRecord>()
  private snapshot: Snapshot | undefined
  private readonly counted = new Statistics()
  /** Lives as long as the fleet: a thread that is replaced leaves its counts behind. */
  private readonly counters: SharedArrayBuffer
  private uncounted = { calls: 0, loggedAt: -Infinity }
  private waiting: { readonly revision: number; readonly done: () => void }[] = []
  private closing = false

  private constructor(options: FleetOptions) {
    this.options = options
    this.counters = options.counters ?? createTable()
  }

  /** Resolves when every thread listens. @throws CannotListen */
  static async start(options: FleetOptions): Promise<Fleet> {
    // Threads share their ports, and so would two gateways of one user, silently. A lone bind tells.
    for (const port of [options.httpPort, options.httpsPort]) if (port > 0) await probe(options.host, port)
    const fleet = new Fleet(options)
    try {
      await fleet.spawn(0)
      for (let number = 1; number < options.threads; number++) await fleet.spawn(number)
    } catch (error) {
      await fleet.terminate()
      throw error
    }
    return fleet
  }

  private spawn(number: number): Promise<void> {
    const { host, tls } = this.options
    // The first thread may have been given ports by the system; the others share them.
    const data: ThreadOptions = {
      host,
      httpPort: this.httpPort > 0 ? this.httpPort : this.options.httpPort,
      httpsPort: this.httpsPort > 0 ? this.httpsPort : this.options.httpsPort,
      // Not every system can share a port. One thread does without.
      reusePort: this.options.threads > 1,
      tls,
      counters: this.counters,
    }
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data, name: `traffic ${number}` })
    const thread: Thread = { number, worker, revision: -1, connections: 0, requests: 0, refusals: 0, drained: false }
    this.threads.set(number, thread)
    if (this.snapshot !== undefined) this.order(thread, { order: 'adopt', snapshot: this.snapshot })
    return new Promise((resolve, reject) => {
      let failure: unknown
      worker.on('message', (report: Report) => {
        if (report.report === 'listening') {
          this.httpPort = report.httpPort
          this.httpsPort = report.httpsPort
          resolve()
        } else if (report.report === 'cannot listen') {
          failure = new CannotListen(report.port, report.code, report.message)
          reject(failure)
        } else this.heard(thread, report)
      })
      worker.on('error', error => (failure = error))
      worker.on('exit', code => {
        reject(failure ?? new Error(`traffic thread ${number} ended with code ${code}`))
        this.ended(thread, failure)
      })
    })
  }

  private heard(thread: Thread, report: Exclude<Report, { report: 'listening' | 'cannot listen' }>): void {
    switch (report.report) {
      case 'adopted':
        thread.revision = report.revision
        this.settle()
        break
      case 'cannot adopt':
        this.options.log('traffic thread keeps its last snapshot', { thread: thread.number, ...report })
        break
      case 'counts':
        thread.connections = report.connections
        thread.requests = report.requests
        thread.refusals = report.refusals
        if (report.delta !== undefined) this.counted.add(report.delta, Date.now())
        this.logUncounted()
        break
      case 'refusals':
        for (const record of report.records) this.remember(record)
        if (report.dropped > 0)
          this.options.log('refusals not recorded', { thread: thread.number, count: report.dropped })
        break
      case 'drained':
        thread.drained = true
    }
  }

  private logUncounted(): void {
    const calls = uncountedCalls(this.counters)
    const now = performance.now()
    if (calls === this.uncounted.calls || now - this.uncounted.loggedAt < uncountedLogMs) return
    const count = (calls - this.uncounted.calls) >>> 0
    this.uncounted = { calls, loggedAt: now }
    this.options.log('calls passed without being counted: the table of counters is full', { count })
  }

  private remember(record: RefusalRecord): void {
    this.recent.set(record.requestId, record)
    if (this.recent.size > remembered) this.recent.delete(this.recent.keys().next().value!)
    this.options.refused(record)
  }

  private ended(thread: Thread, failure: unknown): void {
    if (this.threads.get(thread.number) === thread) this.threads.delete(thread.number)
    this.settle()
    if (this.closing || this.httpPort + this.httpsPort === -2) return
    const error = failure instanceof Error ? `${failure.name}: ${failure.message}` : undefined
    this.options.log('traffic thread died and is replaced', { thread: thread.number, error })
    setTimeout(() => {
      if (!this.closing) this.spawn(thread.number).catch(() => {})
    }, restartMs)
  }

  private order(thread: Thread, order: Order): void {
    thread.worker.postMessage(order)
  }

  adopt(snapshot: Snapshot): Promise<{ readonly everywhere: boolean }> {
    this.snapshot = snapshot
    this.counted.keep(snapshot.routes, Date.now())
    for (const thread of this.threads.values()) this.order(thread, { order: 'adopt', snapshot })
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve({ everywhere: false }), adoptWithinMs)
      const done = () => {
        clearTimeout(timer)
        resolve({ everywhere: true })
      }
      this.waiting.push({ revision: snapshot.revision, done })
      this.settle()
    })
  }

  private settle(): void {
    const revisions = [...this.threads.values()].map(thread => thread.revision)
    const everywhere = revisions.length === 0 ? -1 : Math.min(...revisions)
    this.waiting = this.waiting.filter(({ revision, done }) => {
      if (revision > everywhere) return true
      done()
      return false
    })
  }

  observe(): Observations {
    return {
      threads: [...this.threads.values()].map(({ number, revision, connections, requests, refusals }) => ({
        thread: number,
        revision,
        connections,
        requests,
        refusals,
      })),
    }
  }

  statistics(): RequestStatistics {
    return this.counted.read(Date.now())
  }

  refusal(requestId: string): RefusalRecord | undefined {
    return this.recent.get(requestId)
  }

  /** Lets what is under way finish, at most for so long. */
  async drain(withinMs: number): Promise<void> {
    this.closing = true
    const ends = [...this.threads.values()].map(
      thread => new Promise<void>(resolve => thread.worker.once('exit', () => resolve())),
    )
    for (const thread of this.threads.values()) this.order(thread, { order: 'drain', withinMs })
    const timer = setTimeout(() => void this.terminate(), withinMs + 1_000)
    await Promise.all(ends)
    clearTimeout(timer)
  }

  /** The workers themselves, for a test that ends one. */
  get workers(): readonly Worker[] {
    return [...this.threads.values()].map(({ worker }) => worker)
  }

  private async terminate(): Promise<void> {
    this.closing = true
    await Promise.all([...this.threads.values()].map(({ worker }) => worker.terminate()))
  }
}

function probe(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', ({ code = '', message }: NodeJS.ErrnoException) =>
      reject(new CannotListen(port, code, message)),
    )
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
