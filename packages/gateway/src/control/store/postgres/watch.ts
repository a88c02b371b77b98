import type { Client } from 'pg'
import type { RevisionFeed } from '../revision-feed.ts'
import { farewell } from './connections.ts'
import { reasonOf } from './faults.ts'
import { newer, schemaVersion } from './schema.ts'

/** Nodes tell each other of a commit on this channel: `<revision> <schema>`. */
export const channel = 'pailou'

export interface WatchOptions {
  readonly connect: () => Client
  readonly place: string
  readonly schema: string
  readonly feed: RevisionFeed
  /** Told when the server is lost, with the reason, and when it is back, with undefined. */
  readonly changed: (trouble: string | undefined) => void
  /** Milliseconds between two looks at the revision. */
  readonly pollMs: number
  /** Milliseconds before a lost server is tried again. */
  readonly retryMs: number
}

/**
 * Hears of every commit, whoever made it, and feeds it on: over a connection of its own, which is made again for as long
 * as it takes. Notifications can get lost, on the way or in a pooler that does not carry them; a slow look behind them
 * finds what was missed.
 */
export class Watch {
  trouble: string | undefined
  #since = 0
  readonly #options: WatchOptions
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>

  constructor(options: WatchOptions) {
    this.#options = options
    this.#ended = this.#run()
  }

  /** Whether the server has been away for longer than a new connection takes. */
  get lost(): boolean {
    return this.trouble !== undefined && performance.now() - this.#since > this.#options.retryMs * 2
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { place, retryMs } = this.#options
    while (!this.#stop.signal.aborted) {
      try {
        await this.#session()
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#is(`${place}: ${reasonOf(error)}`)
      }
      await this.#pause(retryMs)
    }
  }

  async #session(): Promise<void> {
    const { connect, feed, schema, pollMs } = this.#options
    const client = connect()
    const lost = new Promise<never>((_resolve, reject) => {
      client.on('error', reject)
      client.on('end', () => reject(new Error('the server has closed the connection')))
    })
    lost.catch(() => undefined)
    client.on('notification', ({ payload = '' }) => {
      const [, revision, where] = /^(\d+) (.*)$/s.exec(payload) ?? []
      // A database may hold another Pailou, in another schema.
      if (where === schema) feed.announce(Number(revision))
    })
    try {
      await client.connect()
      await client.query(`LISTEN ${channel}`)
      while (!this.#stop.signal.aborted) {
        await Promise.race([this.#look(client), lost])
        await Promise.race([this.#pause(pollMs), lost])
      }
    } finally {
      await farewell(client.end())
    }
  }

  async #look(client: Client): Promise<void> {
    const { rows } = await client.query<{ key: string; value: string }>(
      `SELECT key, value FROM meta WHERE key IN ('revision', 'schema_version')`,
    )
    const meta = new Map(rows.map(({ key, value }) => [key, Number(value)]))
    const version = meta.get('schema_version') ?? 0
    if (version > schemaVersion) {
      this.#is(newer(this.#options.place, version).message)
      return
    }
    this.#is(undefined)
    this.#options.feed.announce(meta.get('revision') ?? 0)
  }

  #is(trouble: string | undefined): void {
    if (trouble === this.trouble) return
    if (this.trouble === undefined) this.#since = performance.now()
    this.trouble = trouble
    this.#options.changed(trouble)
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, signal.aborted ? 0 : ms)
      signal.addEventListener('abort', done)
    })
  }
}
