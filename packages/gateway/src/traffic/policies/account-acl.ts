import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** 访问控制（账号）: callers of some accounts only, or of all but some. An app is a caller of the account that owns it. */
export const accountAcl: Policy<'account-acl'> = ({ lists }) => {
  const ready = lists.map(({ entries, ...list }) => ({ ...list, entries: new Set(entries) }))
  return {
    admit({ caller }) {
      const account = caller.kind === 'app' ? caller.account : undefined
      for (const { id, name, type, entityType, entries } of ready) {
        const on = account !== undefined && entries.has(entityType === 'DOMAIN' ? account.name : account.id)
        // Who belongs to nobody is on no list, and passes none.
        if (account !== undefined && on === (type === 'PERMIT')) continue
        return refuse('0302', {
          check: 'access control by account',
          policy: { id, name },
          type,
          entityType,
          account: account ?? null,
          found: account === undefined ? 'no account' : on ? 'on the list' : 'not on the list',
        })
      }
      return undefined
    },
  }
}
