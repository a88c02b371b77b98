import { adminMessages } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import { pathShape } from '../../compile/path-template.ts'
import type { Api, ApiDefinition } from '../../documents/documents.ts'
import { refused } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

export type Route = Pick<ApiDefinition, 'req_method' | 'req_uri' | 'match_mode'>

export function refuseTakenName(others: readonly Api[], name: string): void {
  if (others.some(api => api.definition.name === name)) throw refused(adminMessages.apiNameExists(name))
}

export function refuseTakenRoute(others: readonly Api[], route: Route): void {
  const taken = others.find(api => clash(api.definition, route))
  if (taken) throw refused(adminMessages.apiExists(taken.definition.name))
}

/** The same requests would match: names of path parameters do not matter, and ANY is every method. */
function clash(one: Route, other: Route): boolean {
  return (
    samePath(one, other) &&
    (one.req_method === other.req_method || one.req_method === 'ANY' || other.req_method === 'ANY')
  )
}

export function sameRoute(one: Route, other: Route): boolean {
  return samePath(one, other) && one.req_method === other.req_method
}

function samePath(one: Route, other: Route): boolean {
  return one.match_mode === other.match_mode && pathShape(one.req_uri) === pathShape(other.req_uri)
}

/** The APIs of a group, without the one that does not count. */
export function othersIn(catalog: Catalog, groupId: string, besides?: string): readonly Api[] {
  return belongingTo(catalog, 'api', 'groupId', groupId).filter(({ id }) => id !== besides)
}
