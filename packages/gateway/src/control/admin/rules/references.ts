import type { Catalog } from '../../catalog.ts'
import type { Api } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'

/** The fields of a definition that hold the id of something else, or a list of such ids. */
type ReferenceField = 'vpc_channel_id' | 'authorizer_id' | 'member_group_id' | 'orchestrations'

/** The APIs of an instance whose draft, or a version of which that serves, has the id in such a field. Newest first. */
export function apisWith(catalog: Catalog, instanceId: string, field: ReferenceField, id: string): readonly Api[] {
  const serving = new Set(
    belongingTo(catalog, 'publication', 'instanceId', instanceId)
      .filter(({ versionId }) => holds(catalog.get('api-version', versionId)?.definition, field, id))
      .map(({ apiId }) => apiId),
  )
  return belongingTo(catalog, 'api', 'instanceId', instanceId).filter(
    api => serving.has(api.id) || holds(api.definition, field, id),
  )
}

/** Whether the field stands anywhere in the value with that id. */
function holds(value: unknown, field: ReferenceField, id: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([name, inner]: [string, unknown]) =>
      (name === field && (inner === id || (Array.isArray(inner) && inner.includes(id)))) || holds(inner, field, id),
  )
}
