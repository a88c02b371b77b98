import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Acl, AclBinding } from '../../documents/acls.ts'
import { belongingTo } from '../index-of.ts'
import type { PublishedApi } from '../publication-bindings.ts'
import { environmentName } from './api.ts'
import { boundApiView } from './bound-api.ts'

export function aclView(acl: Acl) {
  return {
    id: acl.id,
    acl_name: acl.name,
    acl_type: acl.type,
    entity_type: acl.entityType,
    acl_value: acl.entries.join(','),
    update_time: rfc3339(acl.updatedAt),
  }
}

export function aclListView(acl: Acl, catalog: Catalog) {
  return { ...aclView(acl), bind_num: belongingTo(catalog, 'acl-binding', 'aclId', acl.id).length }
}

export function aclBindingView(binding: AclBinding) {
  return {
    id: binding.id,
    api_id: binding.apiId,
    env_id: binding.environmentId,
    acl_id: binding.aclId,
    create_time: rfc3339(binding.createdAt),
  }
}

/** A policy as it is bound to an API. */
export function boundAclView(acl: Acl, binding: AclBinding, catalog: Catalog) {
  return {
    acl_id: acl.id,
    acl_name: acl.name,
    entity_type: acl.entityType,
    acl_type: acl.type,
    acl_value: acl.entries.join(','),
    env_id: binding.environmentId,
    env_name: environmentName(catalog, binding.environmentId),
    bind_id: binding.id,
    bind_time: rfc3339(binding.createdAt),
  }
}

/** An API to which a policy is bound. */
export function aclApiView(published: PublishedApi, binding: AclBinding, catalog: Catalog) {
  return { ...boundApiView(published, catalog), bind_id: binding.id, bind_time: rfc3339(binding.createdAt) }
}
