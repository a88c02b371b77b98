import type { Clock } from '../base/clock.ts'
import type { TrafficPort } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import type { Catalog, Desk, Edit } from './catalog.ts'
import { changesOf } from './changes-of.ts'
import { compile } from './compile/compile.ts'
import { loadCatalog } from './load.ts'
import { type ConfigStore, StoreConflict, StoreUnavailable } from './store/config-store.ts'

export interface DeskOptions {
  /** Opens the store. Called again, once a second, for as long as it throws StoreUnavailable. */
  readonly store: () => ConfigStore | Promise<ConfigStore>
  readonly traffic: TrafficPort
  readonly clock: Clock
  readonly domainSuffix: string
  readonly log: DeskLog
  /** Milliseconds between two attempts to open the store or to hand over a snapshot. 1000 unless given. */
  readonly retryMs?: number
}

/** What the desk asks of a logger; pino's has it. */
export interface DeskLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export interface Readiness {
  readonly ready: boolean
  /** Why not. */
  readonly reason?: string
}

export interface OpenDesk extends Desk {
  /** Whether every traffic thread serves the newest configuration. */
  ready(): Readiness
  /** Resolves once the store has been read. Never, when that never succeeds. */
  readonly loaded: Promise<void>
  /** Finishes the writes under way, then closes the store. */
  close(): Promise<void>
}

/**
 * Reads the store and hands its snapshot to traffic. While the store is unavailable it resolves all the same and tries
 * again by itself; what time does not heal (damaged or newer data, a wrong key) rejects.
 */
export async function openDesk(options: DeskOptions): Promise<OpenDesk> {
  const desk = new StoreDesk(options)
  await desk.open()
  return desk
}

class StoreDesk implements OpenDesk {
  readonly loaded: Promise<void>
  readonly #options: DeskOptions
  readonly #hasLoaded: () => void
  readonly #closing = new AbortController()
  #store: ConfigStore | undefined
  #catalog: Catalog | undefined
  /** The last reason for which the store could not be opened. */
  #unavailable: string | undefined
  /** Why the newest catalog does not reach traffic. */
  #fault: string | undefined
  #tail: Promise<unknown> = Promise.resolve()

  constructor(options: DeskOptions) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.loaded = promise
    this.#hasLoaded = resolve
  }

  async open(): Promise<void> {
    try {
      await this.#load()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#storeFailed(error)
    }
  }

  catalog(): Catalog {
    if (this.#catalog === undefined) throw new StoreUnavailable(this.#unavailable ?? 'the store has not been read yet')
    return this.#catalog
  }

  write<R>(decide: (catalog: Catalog) => { readonly edits: readonly Edit[]; readonly result: R }): Promise<R> {
    return this.#enqueue(async () => {
      try {
        return await this.#attempt(decide)
      } catch (error) {
        if (!(error instanceof StoreConflict)) throw error
        await this.#reload()
        return await this.#attempt(decide)
      }
    })
  }

  ready(): Readiness {
    if (this.#catalog === undefined) return { ready: false, reason: this.#unavailable ?? 'the store is being read' }
    if (this.#fault !== undefined) return { ready: false, reason: this.#fault }
    const { revision } = this.#catalog
    const { threads } = this.#options.traffic.observe()
    const behind = threads.filter(thread => thread.revision !== revision).length
    if (behind === 0) return { ready: true }
    return {
      ready: false,
      reason: `${behind} of ${threads.length} traffic threads do not serve revision ${revision} yet`,
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#tail
    await this.#store?.close()
  }

  async #attempt<R>(decide: (catalog: Catalog) => { readonly edits: readonly Edit[]; readonly result: R }): Promise<R> {
    const before = this.catalog()
    const { edits, result } = decide(before)
    const changes = changesOf(edits, before)
    if (changes.length === 0) return result
    const next = before.with(changes, before.revision + 1)
    const snapshot = compile(next, this.#options)
    const revision = await this.#store!.commit(changes)
    // From here on the write has happened: whatever fails below is retried and not the writer's concern.
    if (revision === next.revision) {
      this.#catalog = next
      await this.#announce(snapshot)
    } else {
      await this.#catchUp(revision)
    }
    return result
  }

  async #load(): Promise<void> {
    const { clock, log } = this.#options
    const began = clock.now()
    const store = await this.#options.store()
    try {
      this.#catalog = await loadCatalog(store)
    } catch (error) {
      await store.close()
      throw error
    }
    this.#store = store
    log.info({ revision: this.#catalog.revision, ms: clock.now() - began }, 'configuration read from the store')
    void this.#follow(store, this.#catalog.revision)
    await this.#serve(this.#catalog)
    this.#hasLoaded()
  }

  /** What others wrote, where others can. */
  async #follow(store: ConfigStore, since: number): Promise<void> {
    try {
      for await (const revision of store.follow(since, this.#closing.signal)) {
        if (revision > this.catalog().revision) await this.#enqueue(() => this.#catchUp(revision))
      }
    } catch (error) {
      this.#options.log.error({ err: error }, 'changes that others make are no longer followed')
    }
  }

  async #catchUp(revision: number): Promise<void> {
    if (revision <= this.catalog().revision) return
    try {
      await this.#reload()
    } catch (error) {
      this.#options.log.error({ err: error, revision }, 'the store could not be read again; trying again')
      this.#later(() => this.#catchUp(revision))
    }
  }

  async #reload(): Promise<void> {
    this.#catalog = await loadCatalog(this.#store!)
    await this.#serve(this.#catalog)
  }

  /** A stored catalog that does not compile keeps the last snapshot serving, and can be mended by the next write. */
  async #serve(catalog: Catalog): Promise<void> {
    try {
      await this.#announce(compile(catalog, this.#options))
    } catch (error) {
      this.#fault = `the stored configuration does not compile: ${(error as Error).message}`
      this.#options.log.error({ err: error, revision: catalog.revision }, 'the stored configuration does not compile')
    }
  }

  async #announce(snapshot: Snapshot): Promise<void> {
    const { traffic, log } = this.#options
    const { revision } = snapshot
    try {
      const { everywhere } = await traffic.adopt(snapshot)
      this.#fault = undefined
      if (!everywhere) log.warn({ revision }, 'not every traffic thread has taken the snapshot yet')
    } catch (error) {
      this.#fault = `traffic did not take revision ${revision}`
      log.error({ err: error, revision }, 'traffic did not take the snapshot; trying again')
      this.#later(async () => {
        if (this.#catalog?.revision === revision) await this.#announce(snapshot)
      })
    }
  }

  #storeFailed(error: unknown): void {
    const reason = `the store is unavailable: ${(error as Error).message}`
    if (reason !== this.#unavailable) this.#options.log.warn({ err: error }, 'the store is unavailable; trying again')
    this.#unavailable = reason
    this.#later(() => this.#load().catch(again => this.#storeFailed(again)))
  }

  #later(work: () => Promise<void>): void {
    if (this.#closing.signal.aborted) return
    const timer = setTimeout(() => {
      this.#closing.signal.removeEventListener('abort', cancel)
      void this.#enqueue(work)
    }, this.#options.retryMs ?? 1000)
    const cancel = () => clearTimeout(timer)
    this.#closing.signal.addEventListener('abort', cancel, { once: true })
  }

  /** One at a time, in the order of asking. */
  #enqueue<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined)
    return done
  }
}
