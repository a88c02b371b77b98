import { type Catalog, catalogOf } from './catalog.ts'
import type { ConfigStore, Stored } from './store/config-store.ts'
import { documentKinds } from './store/unique-keys.ts'

const page = 1000

/**
 * Reads the whole store: at one stroke where the engine can, else page by page, again until nothing changed meanwhile.
 * @param known An earlier catalog of the same store: what it holds unchanged need not travel again.
 */
export async function loadCatalog(store: ConfigStore, known?: Catalog): Promise<Catalog> {
  if (store.readAll === undefined) return loadByPages(store)
  const { revision, stored } = await store.readAll(known?.revision ?? 0)
  const whole: Stored[] = []
  for (const found of stored) {
    if ('document' in found) {
      whole.push(found)
      continue
    }
    const document = known?.get(found.kind, found.id)
    // Not the store that we knew: it has been put back to an older state, or emptied.
    if (document === undefined || known?.revisionOf(found.kind, found.id) !== found.revision) return loadCatalog(store)
    whole.push({ ...found, document })
  }
  return catalogOf(whole, revision)
}

async function loadByPages(store: ConfigStore): Promise<Catalog> {
  for (;;) {
    const before = await store.commit([])
    const stored: Stored[] = []
    for (const kind of documentKinds) {
      let after = ''
      for (;;) {
        const found = await store.list(kind, { after, limit: page })
        stored.push(...found)
        if (found.length < page) break
        after = found.at(-1)!.id
      }
    }
    if ((await store.commit([])) === before) return catalogOf(stored, before)
  }
}
