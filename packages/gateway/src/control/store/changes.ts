import { type Change, StoreConflict } from './config-store.ts'

export function changedId(change: Change): string {
  return change.verb === 'put' ? change.document.id : change.id
}

/** A commit that names a document twice does not say what it wants. That is a mistake of the writer, not a conflict. */
export function refuseRepeats(changes: readonly Change[]): void {
  const seen = new Set<string>()
  for (const change of changes) {
    const name = `${change.kind} ${changedId(change)}`
    if (seen.has(name)) throw new RangeError(`one commit names ${name} twice`)
    seen.add(name)
  }
}

/** A writer who has looked at everything has to have seen the newest revision. */
export function refuseUnseen(newest: number, seen: number | undefined): void {
  if (seen !== undefined && seen !== newest) throw new StoreConflict(`the store is at revision ${newest}, not ${seen}`)
}
