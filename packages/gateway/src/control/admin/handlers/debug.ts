import { setTimeout as delay } from 'node:timers/promises'

import { errors, type ErrorRow } from '@pailou/contract'
import { sign } from '@pailou/signer'

import { masked } from '../../../base/secret.ts'
import type { RefusalRecord, TrafficPort } from '../../../seam/observations.ts'
import { unsupported } from '../admin-error.ts'
import { callGateway, type DebugOutcome } from '../debug-client.ts'
import type { Handlers } from '../handler.ts'
import { apiOf, groupOf } from '../lookup.ts'
import { debugRequest, type DebugRequest } from '../rules/debug.ts'

export const debug = {
  async debugApiV2({ params, body, instance }, { desk, traffic, gateway, domainSuffix }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, params.api_id)
    const group = groupOf(catalog, instance.id, api.groupId)
    const { app_key: key, app_secret: secret } = body
    const asked = debugRequest(body, catalog, group, domainSuffix)
    // Nobody listens for this scheme.
    const port = asked.scheme === 'http' ? gateway.httpPort : gateway.httpsPort
    if (port < 0) throw unsupported('scheme')
    const ready = key === undefined || secret === undefined ? asked : signed(asked, { key, secret })
    const outcome = await callGateway(gateway, ready)
    const refusal = await refusalOf(outcome, traffic)
    const { request, response, latency } = outcome
    return { request, response, latency, log: logOf(`${asked.scheme} port ${port}`, outcome, refusal) }
  },
} satisfies Partial<Handlers>

function signed(asked: DebugRequest, app: { readonly key: string; readonly secret: string }): DebugRequest {
  const { method, path, query, host, body } = asked
  const added = sign({ method, path, query, host, headers: [...asked.headers, ['Host', host]], body }, app)
  return { ...asked, headers: [...asked.headers, ...Object.entries(added)] }
}

/** Refusals come up from the threads in batches: the response can be here before them. */
async function refusalOf(
  { status, requestId }: DebugOutcome,
  traffic: TrafficPort,
): Promise<RefusalRecord | undefined> {
  if (requestId === undefined || status === undefined || status < 400) return undefined
  for (let turn = 0; turn < 12; turn++) {
    const refusal = traffic.refusal(requestId)
    if (refusal !== undefined) return refusal
    await delay(25)
  }
  return undefined
}

function logOf(place: string, outcome: DebugOutcome, refusal: RefusalRecord | undefined): string {
  const { status, requestId, latency, trouble } = outcome
  const lines = [`sent to the gateway's ${place}`]
  if (status !== undefined) lines.push(`answered ${status} after ${latency} ms, request id ${requestId ?? 'unknown'}`)
  if (trouble !== undefined) lines.push(`broken off after ${latency} ms: ${trouble}`)
  if (refusal !== undefined) {
    const { meaning, solution } = errors[refusal.row as ErrorRow]
    lines.push(
      `refused by the gateway: ${errors[refusal.row as ErrorRow].code} ${refusal.message}`,
      `meaning: ${meaning.en}`,
      `what to do: ${solution.en}`,
      `evidence: ${JSON.stringify(masked(refusal.evidence))}`,
    )
  }
  return lines.join('\n')
}
