import type { BodyOf, OperationById } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { Throttle } from '../../documents/throttles.ts'
import { AdminError, tooLarge } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

type Body = BodyOf<OperationById<'createRequestThrottlingPolicyV2'>>

/** What a body says about a policy. Throws AdminError when a limit is above the one that it divides. */
export function throttleSettings(body: Body) {
  const { api_call_limits: api, user_call_limits: user = 0, app_call_limits: app = 0, ip_call_limits: ip = 0 } = body
  if (user > api) throw tooLarge('user_call_limits')
  if (app > (user || api)) throw tooLarge('app_call_limits')
  if (ip > api) throw tooLarge('ip_call_limits')
  return {
    name: body.name,
    remark: body.remark ?? '',
    apiLimit: api,
    userLimit: user,
    appLimit: app,
    ipLimit: ip,
    timeUnit: body.time_unit,
    timeInterval: body.time_interval,
    shared: body.type === 2,
    adaptiveControl: body.enable_adaptive_control === 'TRUE',
  }
}

export function refuseTakenThrottle(catalog: Catalog, { id, instanceId, name }: Throttle): void {
  const taken = belongingTo(catalog, 'throttle', 'instanceId', instanceId).some(
    other => other.name === name && other.id !== id,
  )
  if (taken) throw new AdminError('APIG.3204')
}

/** The limit of one app or user is a part of what the API may take. */
export function refuseAboveApiLimit(callLimit: number, throttle: Throttle): void {
  if (callLimit > throttle.apiLimit) throw tooLarge('call_limits')
}
