import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** 应用冻结: an administrator has stopped the app, whichever API it calls. */
export const frozenApp: Policy<'frozen-app'> = (_settings, { apps }) => ({
  admit({ caller }) {
    if (caller.kind !== 'app' || !apps.isFrozen(caller.id)) return undefined
    return refuse('0502', { check: 'app state', app: { id: caller.id, name: caller.name }, found: 'frozen' })
  },
})
