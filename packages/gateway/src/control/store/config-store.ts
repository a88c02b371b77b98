import type { DocumentKind, Documents } from '../documents/documents.ts'

/** A document as the store keeps it. */
export interface Stored<K extends DocumentKind = DocumentKind> {
  readonly kind: K
  readonly id: string
  /** The revision of the commit that wrote it. */
  readonly revision: number
  readonly document: Documents[K]
}

export type Change = { readonly [K in DocumentKind]: Put<K> | Remove<K> }[DocumentKind]

export interface Put<K extends DocumentKind> {
  readonly verb: 'put'
  readonly kind: K
  readonly document: Documents[K]
  /** The revision that the writer has seen; 0 says that there is none yet. A different one in the store is a conflict. */
  readonly expect: number
}

export interface Remove<K extends DocumentKind> {
  readonly verb: 'remove'
  readonly kind: K
  readonly id: string
  readonly expect: number
}

/** Somebody else wrote in between, or a key that must be unique is taken. Nothing was stored. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict'
}

/** The store cannot be reached now (locked, no disk, no server). Nothing was stored. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The data was written by a newer Pailou. It has not been touched. */
export class NewerData extends Error {
  override readonly name = 'NewerData'
}

/** What is stored cannot be read: a damaged file, or one that is not ours. It has not been touched. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}

/** The five verbs. One of them writes, all or nothing. */
export interface ConfigStore {
  get<K extends DocumentKind>(kind: K, id: string): Promise<Stored<K> | undefined>
  /** In order of id, `limit` at a time, beginning after `after`. */
  list<K extends DocumentKind>(
    kind: K,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<readonly Stored<K>[]>
  /**
   * All of these changes, or none of them. Resolves, once they are on disk, with the revision that holds them: the one
   * before plus one. Unique keys are judged by how things stand after all the changes. No change at all writes nothing
   * and resolves with the newest revision. A document is named at most once: RangeError.
   */
  commit(changes: readonly Change[]): Promise<number>
  /** Every revision after `since`, as it comes. */
  follow(since: number, signal: AbortSignal): AsyncIterable<number>
  close(): Promise<void>
}
