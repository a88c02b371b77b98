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
  override readonly name: string = 'StoreUnavailable'
}

/** The server was lost in the middle of a commit, and cannot be asked what became of it. All was stored, or nothing. */
export class StoreUncertain extends StoreUnavailable {
  override readonly name = 'StoreUncertain'
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
   * @param seen The newest revision that the writer knows. Given, any other one in the store is a conflict, whatever it changed.
   */
  commit(changes: readonly Change[], seen?: number): Promise<number>
  /** Every revision after `since`, as it comes. */
  follow(since: number, signal: AbortSignal): AsyncIterable<number>
  close(): Promise<void>
  /**
   * For engines with several writers: everything at one revision, which page by page could never be had while they
   * write. Documents that were written up to `since` come without their contents.
   */
  readAll?(since: number): Promise<{ readonly revision: number; readonly stored: readonly (Stored | Unread)[] }>
  /**
   * For engines with several writers: runs `work` with the newest revision, while the turns of all other writers wait in
   * the order in which they came. Without it the writer that is a little faster than the others would always be first.
   */
  turn?<R>(work: (newest: number) => Promise<R>): Promise<R>
  /** For engines that can lose their server: why it cannot be reached now, undefined while it can. */
  trouble?(): string | undefined
}

/** A document of which the reader holds the contents already. */
export type Unread = Omit<Stored, 'document'>
