import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Api } from '../../documents/documents.ts'
import type { Orchestration } from '../../documents/orchestration.ts'

/** A rule without its map, as lists show it. */
export function orchestrationListView(orchestration: Orchestration) {
  const { mappedParam } = orchestration
  return {
    orchestration_id: orchestration.id,
    orchestration_name: orchestration.name,
    orchestration_strategy: orchestration.strategy,
    is_preprocessing: orchestration.isPreprocessing,
    ...(mappedParam !== undefined && { orchestration_mapped_param: { ...mappedParam } }),
    orchestration_create_time: rfc3339(orchestration.createdAt),
    orchestration_update_time: rfc3339(orchestration.updatedAt),
  }
}

export function orchestrationView(orchestration: Orchestration) {
  return { ...orchestrationListView(orchestration), orchestration_map: orchestration.map.map(entry => ({ ...entry })) }
}

/** An API that uses a rule, since it was last changed at the latest. */
export function orchestratedApiView(api: Api, catalog: Catalog) {
  const { name, req_method, req_uri, auth_type, match_mode } = api.definition
  return {
    api_id: api.id,
    api_name: name,
    req_method,
    req_uri,
    auth_type,
    match_mode,
    group_id: api.groupId,
    group_name: catalog.get('api-group', api.groupId)?.name ?? '',
    attached_time: rfc3339(api.updatedAt),
  }
}
