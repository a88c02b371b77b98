import { adminMessages } from '@pailou/contract'

import type { Catalog } from '../catalog.ts'
import type { Api, ApiGroup, ApiVersion, App, AppCode, Domain, Environment } from '../documents/documents.ts'
import { AdminError, refused } from './admin-error.ts'

/** Finds what an id names inside an instance, or throws the 404 that the contract has for it. */

export function groupOf(catalog: Catalog, instanceId: string, id: string): ApiGroup {
  const group = catalog.get('api-group', id)
  if (group?.instanceId !== instanceId) throw refused(adminMessages.notExist('API group', id))
  return group
}

export function apiOf(catalog: Catalog, instanceId: string, id: string): Api {
  const api = catalog.get('api', id)
  if (api?.instanceId !== instanceId) throw refused(adminMessages.notExist('API', id))
  return api
}

export function environmentOf(catalog: Catalog, instanceId: string, id: string): Environment {
  const environment = catalog.get('environment', id)
  if (environment?.instanceId !== instanceId) throw refused(adminMessages.notExist('Environment', id))
  return environment
}

export function appOf(catalog: Catalog, instanceId: string, id: string): App {
  const app = catalog.get('app', id)
  if (app?.instanceId !== instanceId) throw refused(adminMessages.notExist('App', id))
  return app
}

export function versionOf(catalog: Catalog, instanceId: string, id: string): ApiVersion {
  const version = catalog.get('api-version', id)
  if (version?.instanceId !== instanceId) throw refused(adminMessages.versionNotExist(id))
  return version
}

export function appCodeOf(catalog: Catalog, appId: string, id: string): AppCode {
  const code = catalog.get('app-code', id)
  if (code?.appId !== appId) throw new AdminError('APIG.3082')
  return code
}

/** A domain of a group; 3474 when it belongs to another group of the same instance. */
export function domainOf(catalog: Catalog, group: ApiGroup, id: string): Domain {
  const domain = catalog.get('domain', id)
  if (domain?.instanceId !== group.instanceId) throw new AdminError('APIG.3020')
  if (domain.groupId !== group.id) throw new AdminError('APIG.3474')
  return domain
}
