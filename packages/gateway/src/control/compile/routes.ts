import type { WordedResponses } from '../../seam/responses.ts'
import type { Route } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import type { AppAuthorization, Publication } from '../documents/documents.ts'
import { type AccessControl, accessControlOf } from './access-control.ts'
import { compileBackend, methods } from './backends.ts'
import { type Limits, limitsOf } from './limits.ts'
import { frontendPathFault, pathShape } from './path-template.ts'
import { compilePolicies } from './policies.ts'
import { type Refuse, RehearsalError } from './rehearsal-error.ts'
import { responsesOf } from './responses.ts'
import { type Variables, variablesOf } from './variables.ts'

/** One route for each publication, newest first. Of two that match the same requests, the newest serves. */
export function compileRoutes(catalog: Catalog): readonly Route[] {
  const authorized = authorizedApps(catalog)
  const accessControl = accessControlOf(catalog)
  const limits = limitsOf(catalog)
  const variables = variablesOf(catalog)
  const responses = responsesOf(catalog)
  const routes = new Map<string, Route>()
  for (const publication of catalog.all('publication')) {
    const route = compileRoute(catalog, publication, authorized, accessControl, limits, variables, responses)
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
  accessControl: AccessControl,
  limits: Limits,
  variables: (groupId: string, environmentId: string) => Variables,
  responses: (groupId: string, responseId?: string) => WordedResponses | undefined,
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

  const worded = responses(group.id, definition.response_id)
  const appIds = authorized(apiId, environmentId)
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
    policies: [
      ...compilePolicies(definition, { appIds }, refuse),
      ...accessControl(publication, definition, appIds, refuse),
      ...limits(publication, definition, appIds, refuse),
    ],
    backend: compileBackend(definition, refuse, variables(group.id, environment.id)),
    ...(worded === undefined ? {} : { responses: worded }),
  }
}

/** Authorisations of apps that are gone count for nothing. */
function authorizedApps(catalog: Catalog): (apiId: string, environmentId: string) => readonly string[] {
  const live = catalog.all('app-authorization').filter(({ appId }) => catalog.get('app', appId) !== undefined)
  const key = (apiId: string, environmentId: string) => `${apiId} ${environmentId}`
  const byPlace = Map.groupBy(live, ({ apiId, environmentId }: AppAuthorization) => key(apiId, environmentId))
  return (apiId, environmentId) => (byPlace.get(key(apiId, environmentId)) ?? []).map(({ appId }) => appId).sort()
}
