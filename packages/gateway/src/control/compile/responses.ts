import type { WordedResponses } from '../../seam/responses.ts'
import type { Catalog } from '../catalog.ts'
import type { GatewayResponse } from '../documents/gateway-response.ts'

/**
 * How refusals are worded, by API group: with the gateway response of that id, or with the group's default one when
 * none is named or it is gone. Undefined: nobody has worded any.
 */
export function responsesOf(catalog: Catalog): (groupId: string, responseId?: string) => WordedResponses | undefined {
  const byGroup = Map.groupBy(catalog.all('gateway-response'), ({ groupId }) => groupId)
  return (groupId, responseId) => {
    const responses = byGroup.get(groupId) ?? []
    const named = responseId === undefined ? undefined : responses.find(({ id }) => id === responseId)
    return worded(named ?? responses.find(({ name }) => name === 'default'))
  }
}

/** The object as it is stored, so that all routes of a group share one. */
function worded(response: GatewayResponse | undefined): WordedResponses | undefined {
  if (response === undefined || Object.keys(response.rules).length === 0) return undefined
  return response.rules as WordedResponses
}
