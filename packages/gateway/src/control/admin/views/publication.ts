import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { ApiVersion, Publication } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'
import { environmentName } from './api.ts'

/** What publishing, taking offline and switching answer with. */
export function publicationView(publication: Publication, apiName: string) {
  return {
    publish_id: publication.id,
    api_id: publication.apiId,
    api_name: apiName,
    env_id: publication.environmentId,
    remark: publication.remark,
    publish_time: rfc3339(publication.publishedAt),
    version_id: publication.versionId,
  }
}

/** A line of an API's history. */
export function versionView(version: ApiVersion, catalog: Catalog) {
  const serves = belongingTo(catalog, 'publication', 'apiId', version.apiId).some(
    ({ versionId }) => versionId === version.id,
  )
  return {
    version_id: version.id,
    version_no: version.number,
    api_id: version.apiId,
    env_id: version.environmentId,
    env_name: environmentName(catalog, version.environmentId),
    remark: version.remark,
    publish_time: rfc3339(version.publishedAt),
    status: serves ? (1 as const) : (2 as const),
  }
}
