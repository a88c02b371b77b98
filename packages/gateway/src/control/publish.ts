import { hexId } from '../base/ids.ts'
import type { Catalog, Edit } from './catalog.ts'
import { publicationBindings } from './documents/bindings.ts'
import type { Api, ApiVersion, Publication } from './documents/documents.ts'

/** At most so many versions of an API are kept for each environment; the oldest that does not serve makes room. */
export const versionsKept = 10

export interface Online {
  readonly api: Api
  readonly environmentId: string
  readonly remark: string
  /** Now, in milliseconds since the epoch. */
  readonly at: number
}

/** What a publish or a switch did: the edits to write, and what serves once they are written. */
export interface Published {
  readonly edits: readonly Edit[]
  readonly publication: Publication
  readonly version: ApiVersion
}

/**
 * Publishes an API: freezes its definition into a new version, which serves from now on. The publication keeps its id
 * while the API stays published in the environment. The API itself need not be in the catalog yet, so that one write
 * can create and publish it.
 */
export function online(catalog: Catalog, { api, environmentId, remark, at }: Online): Published {
  const version: ApiVersion = {
    id: hexId(),
    instanceId: api.instanceId,
    apiId: api.id,
    groupId: api.groupId,
    environmentId,
    number: versionNumber(at),
    remark,
    definition: api.definition,
    publishedAt: at,
  }
  const served = serve(catalog, version, at)
  const excess = versionsOf(catalog, api.id, environmentId).slice(versionsKept - 1)
  return {
    ...served,
    edits: [{ put: 'api-version', document: version }, ...served.edits, ...excess.map(removeVersion)],
  }
}

/** Takes an API offline: what hangs on its publication there goes with it, its versions stay in the history. */
export function offline(catalog: Catalog, publication: Publication): readonly Edit[] {
  const { apiId, environmentId } = publication
  const bindings = publicationBindings.flatMap(kind =>
    catalog
      .all(kind)
      .filter(binding => binding.apiId === apiId && binding.environmentId === environmentId)
      .map(({ id }): Edit => ({ remove: kind, id })),
  )
  return [{ remove: 'publication', id: publication.id }, ...bindings]
}

/** Lets a version of the history serve in its environment, also when nothing serves there now. No new version appears. */
export function switchVersion(catalog: Catalog, version: ApiVersion, at: number): Published {
  return serve(catalog, version, at)
}

/** Removes a version from the history. When it is the one that serves, the API goes offline in that environment. */
export function deleteVersion(catalog: Catalog, version: ApiVersion): readonly Edit[] {
  const publication = publicationOf(catalog, version.apiId, version.environmentId)
  const serves = publication?.versionId === version.id
  return [removeVersion(version), ...(serves ? offline(catalog, publication) : [])]
}

export function publicationOf(catalog: Catalog, apiId: string, environmentId: string): Publication | undefined {
  return catalog
    .all('publication')
    .find(publication => publication.apiId === apiId && publication.environmentId === environmentId)
}

/** Newest first. */
export function versionsOf(catalog: Catalog, apiId: string, environmentId: string): readonly ApiVersion[] {
  return catalog
    .all('api-version')
    .filter(version => version.apiId === apiId && version.environmentId === environmentId)
}

function serve(catalog: Catalog, version: ApiVersion, at: number): Published {
  const { instanceId, apiId, groupId, environmentId, remark } = version
  const id = publicationOf(catalog, apiId, environmentId)?.id ?? hexId()
  const publication = { id, instanceId, apiId, groupId, environmentId, versionId: version.id, remark, publishedAt: at }
  return { edits: [{ put: 'publication', document: publication }], publication, version }
}

function removeVersion({ id }: ApiVersion): Edit {
  return { remove: 'api-version', id }
}

/** `YYYYMMDDhhmmss`, UTC. */
function versionNumber(at: number): string {
  return new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
}
