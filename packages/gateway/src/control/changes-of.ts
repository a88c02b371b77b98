import type { Catalog, Edit } from './catalog.ts'
import type { Change } from './store/config-store.ts'

/**
 * The edits as changes to what the catalog holds. Of several edits of one document the last counts; removing what is
 * not there is no change.
 */
export function changesOf(edits: readonly Edit[], catalog: Catalog): readonly Change[] {
  const changes = new Map<string, Change>()
  for (const edit of edits) {
    const [kind, id] = 'put' in edit ? [edit.put, edit.document.id] : [edit.remove, edit.id]
    const name = `${kind} ${id}`
    const expect = catalog.revisionOf(kind, id)
    if ('put' in edit) changes.set(name, { verb: 'put', kind, document: edit.document, expect } as Change)
    else if (expect === 0) changes.delete(name)
    else changes.set(name, { verb: 'remove', kind: edit.remove, id, expect } as Change)
  }
  return [...changes.values()]
}
