import type { Catalog } from '../../catalog.ts'
import type { PublishedApi } from '../publication-bindings.ts'
import { environmentName } from './api.ts'

/** A published API under the names that records of a binding use. */
export function boundApiView({ api, publication }: PublishedApi, catalog: Catalog) {
  const { name, type, remark, req_method, tags } = api.definition
  return {
    api_id: api.id,
    api_name: name,
    api_type: type,
    api_remark: remark,
    group_name: catalog.get('api-group', api.groupId)?.name ?? '',
    env_id: publication.environmentId,
    env_name: environmentName(catalog, publication.environmentId),
    publish_id: publication.id,
    req_method,
    tags: [...tags],
  }
}
