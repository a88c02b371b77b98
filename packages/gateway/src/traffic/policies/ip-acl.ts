import { addressRule } from '../address-rule.ts'
import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** 访问控制（IP地址）: the API may be called from some addresses only, or from all but some. */
export const ipAcl: Policy<'ip-acl'> = settings => {
  const { id, name } = settings
  const rule = addressRule(settings)
  return {
    screen({ client }) {
      const why = rule(client.address)
      return why && refuse('0402', { check: 'access control by address', policy: { id, name }, ...why })
    },
  }
}
