import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** 应用访问控制: an app may call from some addresses only, or from all but some, whichever API it calls. */
export const appAcl: Policy<'app-acl'> = (_settings, { apps }) => ({
  admit({ caller, client }) {
    if (caller.kind !== 'app') return undefined
    const why = apps.addressRule(caller.id)?.(client.address)
    const { id, name } = caller
    return why && refuse('0402', { check: "access control of the app's addresses", app: { id, name }, ...why })
  },
})
