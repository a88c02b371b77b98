import type { Clock } from '../base/clock.ts'
import type { TrafficPort } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import type { Catalog, Desk, Edit } from './catalog.ts'
import { changesOf } from './changes-of.ts'
import { compile } from './compile/compile.ts'
import type { LastSnapshot } from './last-snapshot.ts'
import { loadCatalog } from './load.ts'
import { type ConfigStore, StoreConflict, StoreUnavailable } from './store/config-store.ts'

export interface DeskOptions {
  /** Opens the store. Called again, once a second, for as long as it throws StoreUnavailable. */
  readonly store: () => ConfigStore | Promise<ConfigStore>
  readonly traffic: TrafficPort
  readonly clock: Clock
  readonly domainSuffix: string
  readonly log: DeskLog
  /** Where the newest snapshot is kept, and served from while the store cannot be opened. Without it there is none. */
  readonly lastSnapshot?: LastSnapshot
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
  /** Why not; or, when it is ready, what is amiss all the same: traffic goes on without its store. */
  readonly reason?: string
}

export interface OpenDesk extends Desk {
  /** Whether every traffic thread serves the newest configuration that is known here. */
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

type Decide<R> = (catalog: Catalog) => { readonly edits: readonly Edit[]; readonly result: R }

/** Before the last snapshot is served, so many milliseconds are waited for the store. */
const patienceMs = 500
/** How often a write is decided anew because writers at other nodes were faster. */
const attempts = 100

class StoreDesk implements OpenDesk {
  readonly loaded: Promise<void>
  readonly #options: DeskOptions
  readonly #hasLoaded: () => void
  readonly #closing = new AbortController()
  #store: ConfigStore | undefined
  /** What is served before the store has been read. */
  #last: Snapshot | undefined
  #catalog: Catalog | undefined
  /** The snapshot of the write under way, once it is stored. */
  #rehearsed: Snapshot | undefined
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
    const loading = this.#load()
    try {
      // Callers should not wait for a server that may never answer; one that does is read before anything older is served.
      if ((await Promise.race([loading, this.#patience()])) === 'slow' && (await this.#serveLast())) {
        this.#unavailable = 'the store has not answered yet'
        void this.#enqueue(() => loading.catch(error => this.#storeFailed(error)))
      } else {
        await loading
      }
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#storeFailed(error)
      await this.#serveLast()
    }
  }

  catalog(): Catalog {
    if (this.#catalog === undefined) throw new StoreUnavailable(this.#unavailable ?? 'the store has not been read yet')
    return this.#catalog
  }

  write<R>(decide: Decide<R>): Promise<R> {
    return this.#enqueue(async () => {
      const before = this.catalog()
      const store = this.#store!
      try {
        if (store.turn === undefined) return await this.#decided(decide)
        return await store.turn(async newest => {
          if (newest !== before.revision) await this.#read()
          return await this.#decided(decide)
        })
      } finally {
        // After the turn: nobody else has to wait until our threads have followed.
        const { revision } = this.catalog()
        if (this.#rehearsed?.revision === revision) await this.#announce(this.#rehearsed)
        else if (revision !== before.revision) await this.#serve(this.catalog())
        this.#rehearsed = undefined
      }
    })
  }

  /** Decides again, for as long as others keep coming in between. */
  async #decided<R>(decide: Decide<R>): Promise<R> {
    let seen: number | undefined
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(decide)
      } catch (error) {
        if (!(error instanceof StoreConflict) || attempt === attempts) throw error
        // Refused twice on the same catalog: then it is not the other writers' doing.
        if (this.catalog().revision === seen) throw error
        seen = this.catalog().revision
        await this.#read()
      }
    }
  }

  ready(): Readiness {
    const served = this.#catalog ?? this.#last
    if (served === undefined) return { ready: false, reason: this.#unavailable ?? 'the store is being read' }
    if (this.#fault !== undefined) return { ready: false, reason: this.#fault }
    const { revision } = served
    const { threads } = this.#options.traffic.observe()
    const behind = threads.filter(thread => thread.revision !== revision).length
    if (behind > 0) {
      const reason = `${behind} of ${threads.length} traffic threads do not serve revision ${revision} yet`
      return { ready: false, reason }
    }
    const trouble = this.#trouble(revision)
    return trouble === undefined ? { ready: true } : { ready: true, reason: trouble }
  }

  /** Why what is served may not be the newest that there is. */
  #trouble(revision: number): string | undefined {
    if (this.#catalog === undefined) {
      const reason = this.#unavailable ?? 'the store is being read'
      return `serving revision ${revision}, the last one that was known here: ${reason}`
    }
    const trouble = this.#store?.trouble?.()
    return trouble && `serving revision ${revision}, the last one that was read: the store is unavailable: ${trouble}`
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#tail
    await this.#store?.close()
    await this.#options.lastSnapshot?.close()
  }

  async #attempt<R>(decide: Decide<R>): Promise<R> {
    const before = this.catalog()
    const { edits, result } = decide(before)
    const changes = changesOf(edits, before)
    if (changes.length === 0) return result
    const next = before.with(changes, before.revision + 1)
    const snapshot = compile(next, this.#options)
    // Not one of the documents alone has to be as it was: the decision and the rehearsal looked at all of them.
    await this.#store!.commit(changes, before.revision)
    // From here on the write has happened: whatever fails below is retried and not the writer's concern.
    this.#catalog = next
    this.#rehearsed = snapshot
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
      await this.#serve(await this.#read())
    } catch (error) {
      this.#options.log.error({ err: error, revision }, 'the store could not be read again; trying again')
      this.#later(() => this.#catchUp(revision))
    }
  }

  async #read(): Promise<Catalog> {
    return (this.#catalog = await loadCatalog(this.#store!, this.#catalog))
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
      this.#options.lastSnapshot?.keep(snapshot)
      if (!everywhere) log.warn({ revision }, 'not every traffic thread has taken the snapshot yet')
    } catch (error) {
      this.#fault = `traffic did not take revision ${revision}`
      log.error({ err: error, revision }, 'traffic did not take the snapshot; trying again')
      this.#later(async () => {
        if (this.#catalog?.revision === revision) await this.#announce(snapshot)
      })
    }
  }

  #patience(): Promise<'slow'> {
    return new Promise(resolve => {
      if (this.#options.lastSnapshot) setTimeout(resolve, patienceMs, 'slow').unref()
    })
  }

  /** Whether there was something to serve. */
  async #serveLast(): Promise<boolean> {
    const { traffic, log, lastSnapshot } = this.#options
    const last = lastSnapshot?.read()
    if (last === undefined || this.#catalog !== undefined) return false
    const { revision } = last
    try {
      this.#last = last
      await traffic.adopt(last)
      log.warn({ revision }, 'the store cannot be read: serving the configuration that was served last')
      return true
    } catch (error) {
      this.#last = undefined
      log.error({ err: error, revision }, 'traffic did not take the last snapshot')
      return false
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
