import type { DocumentKind, Documents } from '../documents/documents.ts'
import {
  type Change,
  type ConfigStore,
  type Put,
  StoreConflict,
  type Stored,
  StoreUnavailable,
} from './config-store.ts'
import { changedId, refuseRepeats, refuseUnseen } from './changes.ts'
import { RevisionFeed } from './revision-feed.ts'
import { type UniqueKeys, uniqueKeys } from './unique-keys.ts'

/** What a memory store keeps. Hand it to a second `openMemory` to see what a restart would see. */
export interface MemoryShelf {
  revision: number
  /** Documents as text, so that nobody who holds one can change what is stored. */
  rows: Map<DocumentKind, Map<string, Row>>
}

interface Row {
  readonly revision: number
  readonly body: string
  readonly keys: UniqueKeys
}

export function emptyShelf(): MemoryShelf {
  return { revision: 0, rows: new Map() }
}

/** The store that forgets: for tests, and for a gateway that is only tried out. */
export function openMemory(shelf: MemoryShelf = emptyShelf()): ConfigStore {
  const feed = new RevisionFeed(shelf.revision)
  let open = true

  const refuseWhenClosed = () => {
    if (!open) throw new StoreUnavailable('the store is closed')
  }

  const rowsOf = (kind: DocumentKind) => {
    refuseWhenClosed()
    return shelf.rows.get(kind) ?? new Map<string, Row>()
  }

  function read<K extends DocumentKind>(kind: K, id: string): Stored<K> | undefined {
    const row = rowsOf(kind).get(id)
    return row && { kind, id, revision: row.revision, document: JSON.parse(row.body) as Documents[K] }
  }

  return {
    async get(kind, id) {
      return read(kind, id)
    },

    async list(kind, { after = '', limit = Infinity } = {}) {
      const ids = [...rowsOf(kind).keys()].filter(id => id > after).sort()
      return ids.slice(0, limit).map(id => read(kind, id)!)
    },

    async commit(changes, seen) {
      refuseWhenClosed()
      refuseRepeats(changes)
      for (const change of changes) {
        const id = changedId(change)
        const found = rowsOf(change.kind).get(id)?.revision ?? 0
        if (found !== change.expect) throw conflict(change, `is at revision ${found}, not ${change.expect}`)
      }
      if (changes.length === 0) return shelf.revision
      refuseUnseen(shelf.revision, seen)

      const revision = shelf.revision + 1
      const next = new Map([...shelf.rows].map(([kind, rows]) => [kind, new Map(rows)]))
      for (const change of changes) {
        const rows = next.get(change.kind) ?? new Map<string, Row>()
        next.set(change.kind, rows)
        if (change.verb === 'remove') rows.delete(change.id)
        else rows.set(change.document.id, rowOf(change, revision))
      }
      refuseTakenKeys(next, changes)
      shelf.rows = next
      shelf.revision = revision
      feed.announce(revision)
      return revision
    },

    follow: (since, signal) => feed.follow(since, signal),

    async close() {
      open = false
      feed.close()
    },
  }
}

function rowOf<K extends DocumentKind>({ kind, document }: Put<K>, revision: number): Row {
  return { revision, body: JSON.stringify(document), keys: uniqueKeys(kind, document) }
}

/** Judged by how things stand after all the changes, so that two documents may swap their names. */
function refuseTakenKeys(rows: MemoryShelf['rows'], changes: readonly Change[]): void {
  for (const kind of new Set(changes.map(change => change.kind))) {
    const taken = [new Set<string>(), new Set<string>()] as const
    for (const [id, { keys }] of rows.get(kind) ?? []) {
      for (const at of [0, 1] as const) {
        const key = keys[at]
        if (key === undefined) continue
        if (taken[at].has(key)) throw new StoreConflict(`${kind} ${id}: a key that must be unique is taken`)
        taken[at].add(key)
      }
    }
  }
}

function conflict(change: Change, why: string): StoreConflict {
  return new StoreConflict(`${change.kind} ${changedId(change)} ${why}`)
}
