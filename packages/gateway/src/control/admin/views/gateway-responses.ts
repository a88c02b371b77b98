import { gatewayResponseTypes, type GatewayResponseType } from '@pailou/contract'

import { rfc3339 } from '../../../base/clock.ts'
import type { GatewayResponse } from '../../documents/gateway-response.ts'
import { isDefault } from '../rules/gateway-responses.ts'

/** What a refusal says as long as nobody has worded it. */
const defaultBody =
  '{"error_code":"$context.error.code","error_msg":"$context.error.message","request_id":"$context.requestId"}'

const types = Object.keys(gatewayResponseTypes) as GatewayResponseType[]

/** A gateway response with all its types, those that nobody has worded marked as such. */
export function gatewayResponseView(response: GatewayResponse) {
  return {
    id: response.id,
    name: response.name,
    default: isDefault(response),
    responses: Object.fromEntries(types.map(type => [type, answerView(response, type)])),
    create_time: rfc3339(response.createdAt),
    update_time: rfc3339(response.updatedAt),
  }
}

/** One type of a gateway response, under its name. */
export function oneTypeView(response: GatewayResponse, type: GatewayResponseType) {
  return { [type]: answerView(response, type) }
}

function answerView({ rules }: GatewayResponse, type: GatewayResponseType) {
  const rule = rules[type]
  const status = rule?.status ?? gatewayResponseTypes[type]
  return {
    ...(status !== undefined && { status }),
    body: rule?.body ?? defaultBody,
    ...(rule && rule.headers.length > 0 && { headers: rule.headers.map(({ key, value }) => ({ key, value })) }),
    default: rule === undefined,
  }
}
