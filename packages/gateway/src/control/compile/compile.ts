import type { App, Host, Snapshot } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import { ownerOf } from './access-control.ts'
import { compileCertificates } from './certificates.ts'
import { appLimits } from './limits.ts'
import { responsesOf } from './responses.ts'
import { compileRoutes } from './routes.ts'

export interface CompileOptions {
  /** What stands behind the group's id in the name of its debugging domain: `apig.localhost`. */
  readonly domainSuffix: string
}

/**
 * What traffic is to serve, from what the documents say. Pure: the same catalog gives the same snapshot.
 * Throws RehearsalError when a published definition cannot be obeyed.
 */
export function compile(catalog: Catalog, options: CompileOptions): Snapshot {
  return {
    revision: catalog.revision,
    hosts: compileHosts(catalog, options),
    routes: compileRoutes(catalog),
    apps: compileApps(catalog),
    ...compileCertificates(catalog),
  }
}

function compileHosts(catalog: Catalog, { domainSuffix }: CompileOptions): readonly Host[] {
  const responses = responsesOf(catalog)
  const hostOf = (host: Host): Host => {
    const worded = responses(host.groupId)
    return worded === undefined ? host : { ...host, responses: worded }
  }
  const debugging = catalog
    .all('api-group')
    .filter(group => group.debuggingDomainEnabled)
    .map(({ id }): Host => hostOf({ name: debuggingDomain(id, domainSuffix), groupId: id, kind: 'debugging' }))
  const independent = catalog
    .all('domain')
    .map(({ name, groupId }): Host => hostOf({ name: name.toLowerCase(), groupId, kind: 'independent' }))
  return [...debugging, ...independent]
}

export function debuggingDomain(groupId: string, domainSuffix: string): string {
  return `${groupId}.${domainSuffix}`.toLowerCase()
}

function compileApps(catalog: Catalog): readonly App[] {
  const codes = Map.groupBy(catalog.all('app-code'), ({ appId }) => appId)
  const limits = appLimits(catalog)
  return catalog.all('app').map(app => {
    const { id, name, key, secret } = app
    const account = ownerOf(catalog, app)
    const acl = catalog.get('app-acl', id)
    return {
      id,
      name,
      key,
      secret,
      codes: (codes.get(id) ?? []).map(({ code }) => code),
      ...(account === undefined ? {} : { account }),
      ...(acl === undefined ? {} : { acl: { type: acl.type, entries: acl.entries } }),
      ...limits(app),
    }
  })
}
