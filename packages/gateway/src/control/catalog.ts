import type { DocumentKind, Documents } from './documents/documents.ts'
import type { Change, Stored } from './store/config-store.ts'

/**
 * Every document, in memory, at one revision. Reads never touch the store: configuration is small, and a handler that
 * filters here needs no query language. A catalog is never changed; `with` gives the next one.
 */
export interface Catalog {
  readonly revision: number
  get<K extends DocumentKind>(kind: K, id: string): Documents[K] | undefined
  /** All documents of a kind, newest first (by `createdAt` or `publishedAt`, then by insertion). */
  all<K extends DocumentKind>(kind: K): readonly Documents[K][]
  /** The revision of the commit that wrote the document, 0 when there is none. What a change has to expect. */
  revisionOf(kind: DocumentKind, id: string): number
  with(changes: readonly Change[], revision: number): Catalog
}

export type CatalogOf = (stored: Iterable<Stored>, revision: number) => Catalog

export const catalogOf: CatalogOf = (stored, revision) => {
  const shelves = new Map<DocumentKind, Map<string, Entry>>()
  let order = 0
  // What was written first was inserted first, as far as the store still knows.
  for (const { kind, id, document, revision } of [...stored].sort((a, b) => a.revision - b.revision)) {
    const entries = shelves.get(kind) ?? new Map<string, Entry>()
    shelves.set(kind, entries.set(id, { document, revision, order: order++ }))
  }
  return new Shelves(new Map([...shelves].map(([kind, entries]) => [kind, new Shelf(entries)])), revision, order)
}

interface Entry {
  readonly document: Documents[DocumentKind]
  readonly revision: number
  /** Grows with each insertion; an update keeps its place. */
  readonly order: number
}

/** The documents of one kind. The sorted view is made when somebody first asks for it. */
class Shelf {
  readonly entries: ReadonlyMap<string, Entry>
  #sorted: readonly Documents[DocumentKind][] | undefined

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.entries = entries
  }

  get sorted(): readonly Documents[DocumentKind][] {
    this.#sorted ??= [...this.entries.values()]
      .reverse()
      .sort(newestFirst)
      .map(entry => entry.document)
    return this.#sorted
  }
}

const empty = new Shelf(new Map())

class Shelves implements Catalog {
  readonly revision: number
  readonly #shelves: ReadonlyMap<DocumentKind, Shelf>
  readonly #order: number

  constructor(shelves: ReadonlyMap<DocumentKind, Shelf>, revision: number, order: number) {
    this.#shelves = shelves
    this.revision = revision
    this.#order = order
  }

  get<K extends DocumentKind>(kind: K, id: string): Documents[K] | undefined {
    return this.#shelf(kind).entries.get(id)?.document as Documents[K] | undefined
  }

  all<K extends DocumentKind>(kind: K): readonly Documents[K][] {
    return this.#shelf(kind).sorted as readonly Documents[K][]
  }

  revisionOf(kind: DocumentKind, id: string): number {
    return this.#shelf(kind).entries.get(id)?.revision ?? 0
  }

  with(changes: readonly Change[], revision: number): Catalog {
    const touched = new Map<DocumentKind, Map<string, Entry>>()
    let order = this.#order
    for (const change of changes) {
      const entries = touched.get(change.kind) ?? new Map(this.#shelf(change.kind).entries)
      touched.set(change.kind, entries)
      if (change.verb === 'remove') {
        entries.delete(change.id)
        continue
      }
      const { document } = change
      const before = entries.get(document.id)
      entries.set(document.id, { document, revision, order: before?.order ?? order++ })
    }
    const shelves = new Map(this.#shelves)
    for (const [kind, entries] of touched) shelves.set(kind, new Shelf(entries))
    return new Shelves(shelves, revision, order)
  }

  #shelf(kind: DocumentKind): Shelf {
    return this.#shelves.get(kind) ?? empty
  }
}

function newestFirst(a: Entry, b: Entry): number {
  return timeOf(b.document) - timeOf(a.document) || b.order - a.order
}

function timeOf(document: Documents[DocumentKind]): number {
  return 'publishedAt' in document ? document.publishedAt : document.createdAt
}

/** A change before anyone has looked up what revision it expects. */
export type Edit = {
  readonly [K in DocumentKind]:
    | { readonly put: K; readonly document: Documents[K] }
    | { readonly remove: K; readonly id: string }
}[DocumentKind]

/** Where the admin API reads and writes. */
export interface Desk {
  /** The newest catalog. Throws StoreUnavailable while none has been loaded. */
  catalog(): Catalog
  /**
   * One write at a time. `decide` looks at the newest catalog and says what to change, or throws an AdminError and nothing happens.
   * The changes are rehearsed (compiled into a snapshot), committed, announced to traffic, and only then is the result returned.
   */
  write<R>(decide: (catalog: Catalog) => { readonly edits: readonly Edit[]; readonly result: R }): Promise<R>
}
