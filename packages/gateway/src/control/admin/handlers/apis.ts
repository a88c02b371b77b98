import type { BodyOf, OperationById } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import { publicationBindings } from '../../documents/bindings.ts'
import type { Api } from '../../documents/documents.ts'
import { AdminError, invalid, missing } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { apiOf, groupOf } from '../lookup.ts'
import { othersIn, refuseTakenName, refuseTakenRoute, type Route } from '../rules/api-conflicts.ts'
import { definitionOf } from '../rules/api-definition.ts'
import { mostBackendTimeout } from '../rules/features.ts'
import { responseOf } from '../rules/gateway-responses.ts'
import { frontendPathNames } from '../rules/paths.ts'
import { apiListView, apiView } from '../views/api.ts'

export const apis = {
  createApiV2({ body, instance }, { desk, clock, domainSuffix }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, body.group_id)
      const definition = definitionOf(body, undefined, mostBackendTimeout(catalog, instance.id))
      const others = othersIn(catalog, group.id)
      if (definition.response_id !== undefined) responseOf(catalog, group, definition.response_id)
      refuseTakenName(others, definition.name)
      refuseTakenRoute(others, definition)
      const now = clock.now()
      const api: Api = {
        id: hexId(),
        instanceId: instance.id,
        groupId: group.id,
        definition,
        createdAt: now,
        updatedAt: now,
      }
      return { edits: [{ put: 'api', document: api }], result: apiView(api, catalog, domainSuffix) }
    })
  },

  listApisV2({ query, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    const passes = filterOf(query, catalog)
    const found = belongingTo(catalog, 'api', 'instanceId', instance.id).filter(passes)
    return listed('apis', found, query, api => apiListView(api, catalog, domainSuffix))
  },

  showDetailsOfApiV2({ params, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    return apiView(apiOf(catalog, instance.id, params.api_id), catalog, domainSuffix)
  },

  /** Replaces the definition; what serves stays as it was published. Only an API that is published nowhere changes its group. */
  updateApiV2({ params, body, instance }, { desk, clock, domainSuffix }) {
    return desk.write(catalog => {
      const before = apiOf(catalog, instance.id, params.api_id)
      const group = groupOf(catalog, instance.id, body.group_id)
      const published = belongingTo(catalog, 'publication', 'apiId', before.id).length > 0
      if (group.id !== before.groupId && published) throw invalid('group_id')
      const definition = definitionOf(body, before.definition, mostBackendTimeout(catalog, instance.id))
      const others = othersIn(catalog, group.id, before.id)
      if (definition.response_id !== undefined) responseOf(catalog, group, definition.response_id)
      refuseTakenName(others, definition.name)
      refuseTakenRoute(others, definition)
      const api: Api = { ...before, groupId: group.id, definition, updatedAt: clock.now() }
      return { edits: [{ put: 'api', document: api }], result: apiView(api, catalog, domainSuffix) }
    })
  },

  deleteApiV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = apiOf(catalog, instance.id, params.api_id)
      if (belongingTo(catalog, 'publication', 'apiId', id).length > 0) throw new AdminError('APIG.3416')
      const left = (['api-version', ...publicationBindings] as const).flatMap(kind =>
        belongingTo(catalog, kind, 'apiId', id).map((document): Edit => ({ remove: kind, id: document.id })),
      )
      return { edits: [...left, { remove: 'api', id }], result: undefined }
    })
  },

  checkApisV2({ body, instance }, { desk }) {
    const catalog = desk.catalog()
    if (body.group_id) groupOf(catalog, instance.id, body.group_id)
    const others = (
      body.group_id
        ? belongingTo(catalog, 'api', 'groupId', body.group_id)
        : belongingTo(catalog, 'api', 'instanceId', instance.id)
    ).filter(({ id }) => id !== body.api_id)
    if (body.type === 'name') {
      if (body.name === undefined) throw missing('name')
      refuseTakenName(others, body.name)
      return
    }
    refuseTakenRoute(others, routeOf(body))
  },
} satisfies Partial<Handlers>

function routeOf(body: BodyOf<OperationById<'checkApisV2'>>): Route {
  if (body.req_uri === undefined) throw missing('req_uri')
  if (body.req_method === undefined) throw missing('req_method')
  const match_mode = body.match_mode === 'SWA' ? 'SWA' : 'NORMAL'
  frontendPathNames(body.req_uri, match_mode)
  return { req_method: body.req_method, req_uri: body.req_uri, match_mode }
}

interface ApiFilters {
  readonly id?: string
  readonly name?: string
  readonly group_id?: string
  readonly req_protocol?: string
  readonly req_method?: string
  readonly req_uri?: string
  readonly auth_type?: string
  readonly env_id?: string
  readonly type?: string | number
  readonly tags?: string
  readonly vpc_channel_name?: string
  readonly precise_search?: string
}

/** Stands for "has no tag" among the tags of a filter. */
const untagged = '#no_tags#'

function filterOf(query: ApiFilters, catalog: Catalog): (api: Api) => boolean {
  // No API has a channel yet.
  if (query.vpc_channel_name) return () => false
  const id = exactly(query.id)
  const group = exactly(query.group_id)
  const name = named(query.name, query.precise_search)
  const path = named(query.req_uri, query.precise_search, 'req_uri')
  const protocol = exactly(query.req_protocol)
  const method = exactly(query.req_method)
  const auth = exactly(query.auth_type)
  const type = exactly(query.type)
  const tags = query.tags ? query.tags.split(',') : undefined
  const published = query.env_id
    ? new Set(belongingTo(catalog, 'publication', 'environmentId', query.env_id).map(({ apiId }) => apiId))
    : undefined
  return api => {
    const { definition } = api
    return (
      id(api.id) &&
      group(api.groupId) &&
      (!published || published.has(api.id)) &&
      name(definition.name) &&
      path(definition.req_uri) &&
      protocol(definition.req_protocol) &&
      method(definition.req_method) &&
      auth(definition.auth_type) &&
      type(definition.type) &&
      (!tags || tags.some(tag => (tag === untagged ? definition.tags.length === 0 : definition.tags.includes(tag))))
    )
  }
}
