import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Api, App, AppAuthorization, Publication } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'
import { environmentName } from './api.ts'

/** What the contract says of every authorisation, and means nothing here. */
const terms = () => ({
  auth_role: 'PROVIDER' as const,
  auth_tunnel: 'NORMAL' as const,
  auth_whitelist: [],
  auth_blacklist: [],
  visit_params: '',
})

export type Outcome =
  | {
      readonly status: 'SUCCESS' | 'SKIPPED'
      readonly authorization: AppAuthorization
      readonly code?: string
      readonly message?: string
    }
  | { readonly status: 'FAILED'; readonly at: number; readonly code: string; readonly message: string }

/** One app with one API, as authorising them together went. */
export function outcomeView(outcome: Outcome, app: App, api: Api) {
  return {
    ...(outcome.status !== 'FAILED' && { id: outcome.authorization.id }),
    api_id: api.id,
    app_id: app.id,
    auth_result: {
      status: outcome.status,
      error_code: outcome.code ?? '',
      error_msg: outcome.message ?? '',
      api_name: api.definition.name,
      app_name: app.name,
    },
    auth_time: rfc3339(outcome.status === 'FAILED' ? outcome.at : outcome.authorization.createdAt),
    ...terms(),
  }
}

/** An authorisation with what it joins, as lists show it. */
export function authorizationView(authorization: AppAuthorization, api: Api, app: App, catalog: Catalog) {
  const publication = belongingTo(catalog, 'publication', 'apiId', api.id).find(
    ({ environmentId }) => environmentId === authorization.environmentId,
  )
  return {
    id: authorization.id,
    api_id: api.id,
    api_name: api.definition.name,
    api_type: api.definition.type,
    api_remark: api.definition.remark,
    group_id: api.groupId,
    group_name: catalog.get('api-group', api.groupId)?.name ?? '',
    app_id: app.id,
    app_name: app.name,
    app_remark: app.remark,
    app_type: 'apig' as const,
    app_creator: 'USER' as const,
    env_id: authorization.environmentId,
    env_name: environmentName(catalog, authorization.environmentId),
    publish_id: publication?.id ?? '',
    auth_time: rfc3339(authorization.createdAt),
    req_method: api.definition.req_method,
    req_uri: api.definition.req_uri,
    tags: [...api.definition.tags],
    ...terms(),
  }
}

/** An API that an app may not call in an environment in which it is published. */
export function unboundApiView(api: Api, publication: Publication, catalog: Catalog) {
  const { name, remark, type, auth_type, req_method, req_uri, tags } = api.definition
  return {
    id: api.id,
    name,
    remark,
    type,
    auth_type,
    group_id: api.groupId,
    group_name: catalog.get('api-group', api.groupId)?.name ?? '',
    run_env_id: publication.environmentId,
    run_env_name: environmentName(catalog, publication.environmentId),
    publish_id: publication.id,
    req_method,
    req_uri,
    tags: [...tags],
  }
}
