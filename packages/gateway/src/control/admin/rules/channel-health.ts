import type { BodyOf, OperationById } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { ChannelHealth } from '../../documents/vpc-channel.ts'
import { invalid, missing, tooLarge } from '../admin-error.ts'
import { given } from './given.ts'

export type HealthBody = BodyOf<OperationById<'updateHealthCheck'>>

/**
 * What is stored of the health checks of a channel; those that they replace pass their id on. `at` is what stands in
 * front of the names of the fields: nothing, or `vpc_health_config.`. Throws AdminError naming the field.
 */
export function healthOf(
  body: HealthBody,
  previous: ChannelHealth | undefined,
  at: string,
  now: number,
): ChannelHealth {
  if (body.timeout !== undefined && body.timeout > body.time_interval) throw tooLarge(`${at}timeout`)
  if (body.protocol !== 'TCP' && body.path === undefined) throw missing(`${at}path`)
  if (body.http_code !== undefined && !areStatusCodes(body.http_code)) throw invalid(`${at}http_code`)
  return {
    id: previous?.id ?? hexId(),
    protocol: body.protocol,
    thresholdNormal: body.threshold_normal,
    thresholdAbnormal: body.threshold_abnormal,
    interval: body.time_interval,
    ...given({
      timeout: body.timeout,
      path: body.path,
      method: body.method,
      port: body.port || undefined,
      statusCodes: body.http_code,
      clientCertificate: body.enable_client_ssl,
    }),
    enabled: body.status !== 2,
    createdAt: previous?.createdAt ?? now,
  }
}

/** `200`, `200-299`, or several of them with commas between; from 100 to 599. */
function areStatusCodes(text: string): boolean {
  return text.split(',').every(part => {
    const [, low, high = low] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part.trim()) ?? []
    return low !== undefined && Number(low) <= Number(high)
  })
}
