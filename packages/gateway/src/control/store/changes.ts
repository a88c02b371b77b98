import type { Change } from './config-store.ts'

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
