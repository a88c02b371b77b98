import { refuse } from '../exchange.ts'
import { fieldNumber } from '../http1/fields.ts'
import type { Policy } from '../policy.ts'

const appCodeField = fieldNumber('x-apig-appcode')

/** 简易认证: the caller sends an AppCode. It is a password in a header, so it is looked at only over TLS. */
export const appCode: Policy<'app-code'> = (_settings, { apps }) => ({
  identify({ head, client }) {
    const code = head.value(appCodeField)
    if (code === undefined) return undefined
    if (client.scheme !== 'https') {
      return refuse('0607', { check: 'AppCode over plain HTTP', called: client.scheme }, 'HTTPS')
    }
    return apps.withCode(code)?.caller ?? refuse('0303', { check: 'AppCode', found: 'no such AppCode' })
  },
})
