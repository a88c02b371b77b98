import type { BodyOf, OperationById } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { AppQuota } from '../../documents/app-quotas.ts'
import { AdminError, invalid } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

/** What a body says about a quota. Throws AdminError for a time that no calendar has. */
export function appQuotaSettings(body: BodyOf<OperationById<'createAppQuota'>>) {
  const { reset_time: resetTime } = body
  if (resetTime !== undefined && !isTime(resetTime)) throw invalid('reset_time')
  return {
    name: body.name,
    remark: body.remark ?? '',
    callLimit: body.call_limits,
    timeUnit: body.time_unit,
    timeInterval: body.time_interval,
    ...(resetTime !== undefined && { resetTime }),
  }
}

function isTime(text: string): boolean {
  const iso = text.replace(' ', 'T')
  const ms = Date.parse(`${iso}Z`)
  // Dates roll over: the 30th of February would become the 1st or 2nd of March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso)
}

export function refuseTakenAppQuota(catalog: Catalog, { id, instanceId, name }: AppQuota): void {
  const taken = belongingTo(catalog, 'app-quota', 'instanceId', instanceId).some(
    other => other.name === name && other.id !== id,
  )
  if (taken) throw new AdminError('APIG.3325')
}
