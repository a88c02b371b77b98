import type { Catalog } from '../catalog.ts'
import type { DocumentKind, Documents } from '../documents/documents.ts'

const indexes = new WeakMap<Catalog, Map<string, ReadonlyMap<string, readonly unknown[]>>>()

/**
 * The documents of a kind by what they belong to, newest first. A catalog never changes, so each index is made once
 * for it, at the first question.
 */
function indexOf<K extends DocumentKind, F extends keyof Documents[K] & string>(
  catalog: Catalog,
  kind: K,
  field: F,
): ReadonlyMap<string, readonly Documents[K][]> {
  let known = indexes.get(catalog)
  if (!known) indexes.set(catalog, (known = new Map()))
  const name = `${kind} ${field}`
  let index = known.get(name) as ReadonlyMap<string, readonly Documents[K][]> | undefined
  if (!index) known.set(name, (index = Map.groupBy(catalog.all(kind), document => String(document[field]))))
  return index
}

/** The documents of a kind whose `field` is `value`, newest first. */
export function belongingTo<K extends DocumentKind, F extends keyof Documents[K] & string>(
  catalog: Catalog,
  kind: K,
  field: F,
  value: string,
): readonly Documents[K][] {
  return indexOf(catalog, kind, field).get(value) ?? []
}
