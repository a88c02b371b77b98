import { adminMessages } from '@pailou/contract'

import type { App } from '../../documents/documents.ts'
import type { Desk } from '../../catalog.ts'
import { refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'

/** An app that is frozen keeps its credentials and authorisations, and nothing of it passes. */
export const appFreezing = {
  freezeApp({ params }, { desk, clock }) {
    return setFrozen(desk, params.app_id, true, clock.now())
  },

  unfreezeApp({ params }, { desk, clock }) {
    return setFrozen(desk, params.app_id, false, clock.now())
  },
} satisfies Partial<Handlers>

function setFrozen(desk: Desk, id: string, frozen: boolean, now: number) {
  return desk.write(catalog => {
    const before = catalog.get('app', id)
    if (before === undefined) throw refused(adminMessages.notExist('App', id))
    const result = { app_id: id, name: before.name, frozen }
    const { frozen: was = false, ...rest } = before
    if (was === frozen) return { edits: [], result }
    const app: App = { ...rest, ...(frozen ? { frozen } : {}), updatedAt: now }
    return { edits: [{ put: 'app', document: app }], result }
  })
}
