import type { App, Host, Snapshot } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
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
  }
}

function compileHosts(catalog: Catalog, { domainSuffix }: CompileOptions): readonly Host[] {
  const debugging = catalog
    .all('api-group')
    .filter(group => group.debuggingDomainEnabled)
    .map(({ id }): Host => ({ name: debuggingDomain(id, domainSuffix), groupId: id, kind: 'debugging' }))
  const independent = catalog
    .all('domain')
    .map(({ name, groupId }): Host => ({ name: name.toLowerCase(), groupId, kind: 'independent' }))
  return [...debugging, ...independent]
}

export function debuggingDomain(groupId: string, domainSuffix: string): string {
  return `${groupId}.${domainSuffix}`.toLowerCase()
}

function compileApps(catalog: Catalog): readonly App[] {
  const codes = Map.groupBy(catalog.all('app-code'), ({ appId }) => appId)
  return catalog.all('app').map(({ id, name, key, secret }) => {
    return { id, name, key, secret, codes: (codes.get(id) ?? []).map(({ code }) => code) }
  })
}
