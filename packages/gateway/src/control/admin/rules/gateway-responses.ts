import { createHash } from 'node:crypto'

import { gatewayResponseTypes, type GatewayResponseType } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { ApiGroup } from '../../documents/documents.ts'
import type { GatewayResponse, GatewayResponseRule, GatewayResponseRules } from '../../documents/gateway-response.ts'
import { AdminError, invalid, invalidInUrl } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

export const defaultName = 'default'

/**
 * The gateway responses of a group, newest first. The one called default is always there: until somebody words a type
 * of it, it is stored nowhere, and its id follows from the group's.
 */
export function responsesOf(catalog: Catalog, group: ApiGroup): readonly GatewayResponse[] {
  const stored = belongingTo(catalog, 'gateway-response', 'groupId', group.id)
  return stored.some(isDefault) ? stored : [...stored, untouched(group)]
}

export function isDefault({ name }: GatewayResponse): boolean {
  return name === defaultName
}

function untouched({ id: groupId, instanceId, createdAt }: ApiGroup): GatewayResponse {
  const id = createHash('sha256').update(`gateway response ${groupId}`).digest('hex').slice(0, 32)
  return { id, instanceId, groupId, name: defaultName, rules: {}, createdAt, updatedAt: createdAt }
}

export function responseOf(catalog: Catalog, group: ApiGroup, id: string): GatewayResponse {
  const response = responsesOf(catalog, group).find(one => one.id === id)
  if (!response) throw new AdminError('APIG.3007', `Gateway response ${id} does not exist`)
  return response
}

/** Throws AdminError when there is no such type. */
export function typeOf(text: string): GatewayResponseType {
  if (!Object.hasOwn(gatewayResponseTypes, text)) throw invalidInUrl('response_type')
  return text as GatewayResponseType
}

/** How a client writes a rule. */
export interface RuleBody {
  readonly status?: number
  readonly body: string
  readonly headers?: readonly { readonly key: string; readonly value: string }[]
}

export function rulesOf(bodies: { readonly [T in GatewayResponseType]?: RuleBody }): GatewayResponseRules {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, body]) => [type, ruleOf(body, `responses.${type}.`)]),
  ) as GatewayResponseRules
}

/** Fields that belong to the connection, or that every response has already. */
const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
])

/** `at` stands before the names of its fields. Throws AdminError naming the field. */
export function ruleOf({ status, body, headers = [] }: RuleBody, at = ''): GatewayResponseRule {
  // A status that tells a server to hang up: nothing could be answered with it.
  if (status === 444) throw invalid(`${at}status`)
  for (const [index, { key, value }] of headers.entries()) {
    if (framing.has(key.toLowerCase())) throw invalid(`${at}headers[${index}].key`)
    const unfit = /[\u0000-\u001f\u007f]/.test(value) || value.includes('[[') || value.includes(']]')
    if (unfit) throw invalid(`${at}headers[${index}].value`)
  }
  return { ...(status !== undefined && { status }), body, headers }
}
