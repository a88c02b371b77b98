import type { GatewayResponseType } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { GatewayResponse } from '../../documents/gateway-response.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed } from '../lists.ts'
import { groupOf } from '../lookup.ts'
import { defaultName, isDefault, responseOf, responsesOf, ruleOf, rulesOf, typeOf } from '../rules/gateway-responses.ts'
import { gatewayResponseView, oneTypeView } from '../views/gateway-responses.ts'

/** Besides the default one. */
export const responsesPerGroup = 4

interface Place {
  readonly group_id: string
  readonly response_id: string
}

function find(catalog: Catalog, instanceId: string, { group_id, response_id }: Place): GatewayResponse {
  return responseOf(catalog, groupOf(catalog, instanceId, group_id), response_id)
}

function without(rules: GatewayResponse['rules'], type: GatewayResponseType): GatewayResponse['rules'] {
  const { [type]: _, ...others } = rules
  return others
}

export const gatewayResponses = {
  createGatewayResponseV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      const others = responsesOf(catalog, group)
      if (others.some(({ name }) => name === body.name)) throw new AdminError('APIG.3216')
      if (others.length > responsesPerGroup) throw new AdminError('APIG.3136')
      const now = clock.now()
      const response: GatewayResponse = {
        id: hexId(),
        instanceId: instance.id,
        groupId: group.id,
        name: body.name,
        rules: rulesOf(body.responses ?? {}),
        createdAt: now,
        updatedAt: now,
      }
      return { edits: [{ put: 'gateway-response', document: response }], result: gatewayResponseView(response) }
    })
  },

  listGatewayResponsesV2({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const group = groupOf(catalog, instance.id, params.group_id)
    const responses = responsesOf(catalog, group).toSorted((a, b) => Number(isDefault(a)) - Number(isDefault(b)))
    return listed('responses', responses, query, gatewayResponseView)
  },

  showDetailsOfGatewayResponseV2({ params, instance }, { desk }) {
    return gatewayResponseView(find(desk.catalog(), instance.id, params))
  },

  updateGatewayResponseV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = find(catalog, instance.id, params)
      if (isDefault(before) && body.name !== defaultName) throw new AdminError('APIG.3492')
      const taken = belongingTo(catalog, 'gateway-response', 'groupId', before.groupId).some(
        other => other.name === body.name && other.id !== before.id,
      )
      if (taken || (body.name === defaultName && !isDefault(before))) throw new AdminError('APIG.3216')
      const rules = rulesOf(body.responses ?? {})
      const response: GatewayResponse = { ...before, name: body.name, rules, updatedAt: clock.now() }
      return { edits: [{ put: 'gateway-response', document: response }], result: gatewayResponseView(response) }
    })
  },

  deleteGatewayResponseV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const response = find(catalog, instance.id, params)
      if (isDefault(response)) throw new AdminError('APIG.3491')
      return { edits: [{ remove: 'gateway-response', id: response.id }], result: undefined }
    })
  },

  showDetailsOfGatewayResponseTypeV2({ params, instance }, { desk }) {
    const response = find(desk.catalog(), instance.id, params)
    return oneTypeView(response, typeOf(params.response_type))
  },

  updateGatewayResponseTypeV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = find(catalog, instance.id, params)
      const type = typeOf(params.response_type)
      const rules = { ...before.rules, [type]: ruleOf(body) }
      const response: GatewayResponse = { ...before, rules, updatedAt: clock.now() }
      return { edits: [{ put: 'gateway-response', document: response }], result: oneTypeView(response, type) }
    })
  },

  deleteGatewayResponseTypeV2({ params, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = find(catalog, instance.id, params)
      const type = typeOf(params.response_type)
      if (before.rules[type] === undefined) return { edits: [], result: undefined }
      const response = { ...before, rules: without(before.rules, type), updatedAt: clock.now() }
      return { edits: [{ put: 'gateway-response', document: response }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
