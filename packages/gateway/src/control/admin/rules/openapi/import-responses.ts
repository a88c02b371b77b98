import { operations, withoutBlanks, type BodyOf } from '@pailou/contract'

import { hexId } from '../../../../base/ids.ts'
import type { ApiGroup } from '../../../documents/documents.ts'
import type { GatewayResponse } from '../../../documents/gateway-response.ts'
import { AdminError } from '../../admin-error.ts'
import { responsesPerGroup } from '../../handlers/gateway-responses.ts'
import { validated } from '../../validation.ts'
import { isDefault, rulesOf } from '../gateway-responses.ts'
import { field, treeOf, wrong, type ApiDocument } from './document.ts'

const schema = operations.createGatewayResponseV2.body

export interface ImportedResponses {
  readonly written: readonly GatewayResponse[]
  /** All that the group has afterwards. */
  readonly named: ReadonlyMap<string, GatewayResponse>
}

/**
 * The gateway responses that a document defines, `{ name: { TYPE: { status, body, headers } } }`, next to those that the
 * group has. Of a name that both have, the group's stays unless `replace`. Throws AdminError.
 */
export function importedResponses(
  document: ApiDocument,
  there: readonly GatewayResponse[],
  group: ApiGroup,
  replace: boolean,
  now: number,
): ImportedResponses {
  const named = new Map(there.map(response => [response.name, response]))
  const written: GatewayResponse[] = []
  for (const [name, value] of Object.entries(definedIn(document))) {
    const types = treeOf(value)
    if (!types) throw wrong(`x-apigateway-responses.${name} has to be an object`)
    const before = named.get(name)
    // Nobody has worded the default one as long as it says nothing.
    const taken = before && !(isDefault(before) && Object.keys(before.rules).length === 0)
    if (taken && !replace) continue
    const body = validated(schema, withoutBlanks(schema, { name, responses: types }), 'body') as BodyOf<
      typeof operations.createGatewayResponseV2
    >
    const rules = rulesOf(body.responses ?? {})
    // A name alone says that there is such a response, and nothing of its words.
    if (before && Object.keys(rules).length === 0) continue
    const response: GatewayResponse = before
      ? { ...before, rules, updatedAt: now }
      : { id: hexId(), instanceId: group.instanceId, groupId: group.id, name, rules, createdAt: now, updatedAt: now }
    named.set(name, response)
    written.push(response)
  }
  // Besides the default one.
  if (named.size > responsesPerGroup + 1) throw new AdminError('APIG.3136')
  return { written, named }
}

function definedIn(document: ApiDocument): object {
  const name = 'x-apigateway-responses'
  const below = treeOf(field(document.root, 'components'))
  return treeOf(field(document.root, name)) ?? treeOf(field(below, name)) ?? {}
}
