import type { Route } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import type { AppAuthorization, Publication } from '../documents/documents.ts'
import { compileBackend, methods } from './backends.ts'
import { frontendPathFault, pathShape } from './path-template.ts'
import { compilePolicies } from './policies.ts'
import { type Refuse, RehearsalError } from './rehearsal-error.ts'

/** One route for each publication, newest first. Of two that match the same requests, the newest serves. */
export function compileRoutes(catalog: Catalog): readonly Route[] {
  const authorized = authorizedApps(catalog)
  const routes = new Map<string, Route>()
  for (const publication of catalog.all('publication')) {
    const route = compileRoute(catalog, publication, authorized)
    const { groupId, environment, method, path, matchMode } = route
    const place = `${groupId} ${environment.id} ${method} ${matchMode} ${pathShape(path)}`
    if (!routes.has(place)) routes.set(place, route)
  }
  return [...routes.values()]
}

function compileRoute(
  catalog: Catalog,
  publication: Publication,
  authorized: (apiId: string, environmentId: string) => readonly string[],
): Route {
  const { id: publishId, apiId, environmentId, versionId } = publication
  const version = catalog.get('api-version', versionId)
  const name = version?.definition.name ?? catalog.get('api', apiId)?.definition.name ?? '?'
  const refuse: Refuse = (field, reason) => {
    throw new RehearsalError({ id: apiId, name }, field, reason)
  }
  if (version === undefined) return refuse('version_id', `there is no version ${versionId}`)
  const group = catalog.get('api-group', version.groupId)
  if (group === undefined) return refuse('group_id', `there is no API group ${version.groupId}`)
  const environment = catalog.get('environment', environmentId)
  if (environment === undefined) return refuse('env_id', `there is no environment ${environmentId}`)

  const { definition } = version
  const { req_method: method, req_uri: path, match_mode: matchMode } = definition
  if (!methods.has(method)) refuse('req_method', `is not a method: ${method}`)
  const fault = frontendPathFault(path, matchMode)
  if (fault !== undefined) refuse('req_uri', fault)

  return {
    apiId,
    apiName: definition.name,
    groupId: group.id,
    groupName: group.name,
    environment: { id: environment.id, name: environment.name },
    publishId,
    versionId,
    method,
    path,
    matchMode,
    policies: compilePolicies(definition, { appIds: authorized(apiId, environmentId) }, refuse),
    backend: compileBackend(definition, refuse),
  }
}

/** Authorisations of apps that are gone count for nothing. */
function authorizedApps(catalog: Catalog): (apiId: string, environmentId: string) => readonly string[] {
  const live = catalog.all('app-authorization').filter(({ appId }) => catalog.get('app', appId) !== undefined)
  const key = (apiId: string, environmentId: string) => `${apiId} ${environmentId}`
  const byPlace = Map.groupBy(live, ({ apiId, environmentId }: AppAuthorization) => key(apiId, environmentId))
  return (apiId, environmentId) => (byPlace.get(key(apiId, environmentId)) ?? []).map(({ appId }) => appId).sort()
}
