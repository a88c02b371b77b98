import { type Catalog, catalogOf } from './catalog.ts'
import type { ConfigStore, Stored } from './store/config-store.ts'
import { documentKinds } from './store/unique-keys.ts'

const page = 1000

/** Reads the whole store. Where others write at the same time, it reads again until nothing changed under its eyes. */
export async function loadCatalog(store: ConfigStore): Promise<Catalog> {
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
