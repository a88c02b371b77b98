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

/** A change before anyone has looked up what revision it expects. */
export type Edit = { readonly [K in DocumentKind]: { readonly put: K; readonly document: Documents[K] } | { readonly remove: K; readonly id: string } }[DocumentKind]

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
