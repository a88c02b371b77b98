import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** 请求协议: the API may be called over one scheme only. */
export const protocol: Policy<'protocol'> = ({ allowed }) => {
  const scheme = allowed === 'HTTP' ? 'http' : 'https'
  return {
    screen({ client }) {
      if (client.scheme === scheme) return undefined
      return refuse('0607', { check: 'protocol', allowed, called: client.scheme }, allowed)
    },
  }
}
