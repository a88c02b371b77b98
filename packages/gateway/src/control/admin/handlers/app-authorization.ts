import { adminErrors } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Api, App, AppAuthorization } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { apiOf, appOf, environmentOf } from '../lookup.ts'
import { authorizationView, outcomeView, unboundApiView, type Outcome } from '../views/app-authorization.ts'

export const appAuthorization = {
  /** Every app with every API. A pair that is authorised already is skipped; an API that is not published there fails alone. */
  createAuthorizingAppsV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const environment = environmentOf(catalog, instance.id, body.env_id)
      const apps = [...new Set(body.app_ids)].map(id => appOf(catalog, instance.id, id))
      const apis = [...new Set(body.api_ids)].map(id => apiOf(catalog, instance.id, id))
      const published = new Set(
        belongingTo(catalog, 'publication', 'environmentId', environment.id).map(({ apiId }) => apiId),
      )
      const edits: Edit[] = []
      const authorize = (app: App, api: Api): Outcome => {
        const existing = belongingTo(catalog, 'app-authorization', 'appId', app.id).find(
          ({ apiId, environmentId }) => apiId === api.id && environmentId === environment.id,
        )
        if (existing) return { status: 'SKIPPED', authorization: existing, ...because('APIG.3316') }
        if (!published.has(api.id)) return { status: 'FAILED', at: clock.now(), ...because('APIG.3015') }
        const authorization: AppAuthorization = {
          id: hexId(),
          instanceId: instance.id,
          appId: app.id,
          apiId: api.id,
          environmentId: environment.id,
          createdAt: clock.now(),
        }
        edits.push({ put: 'app-authorization', document: authorization })
        return { status: 'SUCCESS', authorization }
      }
      const auths = apis.flatMap(api => apps.map(app => outcomeView(authorize(app, api), app, api)))
      return { edits, result: { auths } }
    })
  },

  listApisBindedToAppV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, query.app_id)
    const apiPasses = apiFilter(query, catalog)
    const environment = exactly(query.env_id)
    const found = belongingTo(catalog, 'app-authorization', 'appId', app.id).flatMap(authorization => {
      const api = catalog.get('api', authorization.apiId)
      return api && environment(authorization.environmentId) && apiPasses(api) ? [{ authorization, api }] : []
    })
    return listed('auths', found, query, ({ authorization, api }) =>
      authorizationView(authorization, api, app, catalog),
    )
  },

  listAppsBindedToApiV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, query.api_id)
    const id = exactly(query.app_id)
    const name = named(query.app_name)
    const environment = exactly(query.env_id)
    const found = belongingTo(catalog, 'app-authorization', 'apiId', api.id).flatMap(authorization => {
      const app = catalog.get('app', authorization.appId)
      return app && environment(authorization.environmentId) && id(app.id) && name(app.name)
        ? [{ authorization, app }]
        : []
    })
    return listed('auths', found, query, ({ authorization, app }) =>
      authorizationView(authorization, api, app, catalog),
    )
  },

  listApisUnbindedToAppV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, query.app_id)
    const environment = environmentOf(catalog, instance.id, query.env_id)
    const bound = new Set(
      belongingTo(catalog, 'app-authorization', 'appId', app.id)
        .filter(({ environmentId }) => environmentId === environment.id)
        .map(({ apiId }) => apiId),
    )
    const apiPasses = apiFilter(query, catalog)
    const found = belongingTo(catalog, 'publication', 'environmentId', environment.id).flatMap(publication => {
      const api = catalog.get('api', publication.apiId)
      return api && !bound.has(api.id) && apiPasses(api) ? [{ api, publication }] : []
    })
    return listed('apis', found, query, ({ api, publication }) => unboundApiView(api, publication, catalog))
  },

  cancelingAuthorizationV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const authorization = catalog.get('app-authorization', params.app_auth_id)
      if (authorization?.instanceId !== instance.id) throw new AdminError('APIG.3009')
      return { edits: [{ remove: 'app-authorization', id: authorization.id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>

function because(code: 'APIG.3015' | 'APIG.3316'): { code: string; message: string } {
  return { code, message: adminErrors[code].message }
}

interface ApiFilters {
  readonly api_id?: string
  readonly api_name?: string
  readonly group_id?: string
  readonly group_name?: string
  readonly tags?: string
}

function apiFilter(query: ApiFilters, catalog: Catalog): (api: Api) => boolean {
  const id = exactly(query.api_id)
  const name = named(query.api_name)
  const group = exactly(query.group_id)
  const groupName = named(query.group_name)
  const tags = query.tags?.split(',')
  return api =>
    id(api.id) &&
    name(api.definition.name) &&
    group(api.groupId) &&
    groupName(catalog.get('api-group', api.groupId)?.name ?? '') &&
    (!tags || tags.some(tag => api.definition.tags.includes(tag)))
}
