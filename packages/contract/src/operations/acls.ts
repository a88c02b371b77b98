import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Name, Time } from '../schema.ts'
import { batchDeletion, Ids } from './published-api.ts'

const family = 'ACL policies'

export const AclType = Type.Enum(['PERMIT', 'DENY'])
export const EntityType = Type.Enum(['IP', 'DOMAIN', 'DOMAIN_ID'])

const AclBody = Type.Object({
  acl_name: Name,
  acl_type: AclType,
  /** Cannot be changed: a policy of each type can be bound to the same API. */
  entity_type: EntityType,
  /**
   * Entries with commas between them. IP: up to 100 addresses, `a-b` ranges and CIDR blocks. DOMAIN: names of accounts,
   * at most 1024 characters in all. DOMAIN_ID: ids of accounts.
   */
  acl_value: Type.String({ minLength: 1 }),
})

const acl = {
  id: Id,
  acl_name: Type.String(),
  acl_type: AclType,
  entity_type: EntityType,
  acl_value: Type.String(),
  update_time: Time,
}

const Acl = closed(acl)

export const acls = [
  op({
    id: 'createAclStrategyV2',
    method: 'POST',
    path: `${instancePath}/acls`,
    family,
    tier: 1,
    summary: 'Create an access control policy',
    status: 201,
    params: inInstance(),
    body: AclBody,
    response: Acl,
    errors: ['APIG.3206'],
  }),
  op({
    id: 'listAclStrategiesV2',
    method: 'GET',
    path: `${instancePath}/acls`,
    family,
    tier: 1,
    summary: 'List access control policies',
    status: 200,
    params: inInstance(),
    query: listQuery('id', 'name', 'acl_type', 'entity_type', 'precise_search'),
    response: listOf('acls', closed({ ...acl, bind_num: Type.Integer({ minimum: 0 }) })),
  }),
  op({
    id: 'batchDeleteAclV2',
    method: 'PUT',
    path: `${instancePath}/acls`,
    family,
    tier: 1,
    summary: 'Delete many access control policies; each succeeds or fails by itself',
    status: 200,
    params: inInstance(),
    query: batchDeletion,
    body: Type.Object({ acls: Ids }),
    response: closed({
      success_count: Type.Integer({ minimum: 0 }),
      failure: Type.Array(
        closed({
          acl_id: Type.String(),
          acl_name: Type.String(),
          error_code: Type.String(),
          error_msg: Type.String(),
        }),
      ),
    }),
  }),
  op({
    id: 'showDetailsOfAclPolicyV2',
    method: 'GET',
    path: `${instancePath}/acls/{acl_id}`,
    family,
    tier: 1,
    summary: 'Show an access control policy',
    status: 200,
    params: inInstance('acl_id'),
    response: Acl,
    errors: ['APIG.3006'],
  }),
  op({
    id: 'updateAclStrategyV2',
    method: 'PUT',
    path: `${instancePath}/acls/{acl_id}`,
    family,
    tier: 1,
    summary: 'Replace the name, the type and the entries of an access control policy',
    status: 200,
    params: inInstance('acl_id'),
    body: AclBody,
    response: Acl,
    errors: ['APIG.3006', 'APIG.3206'],
  }),
  op({
    id: 'deleteAclV2',
    method: 'DELETE',
    path: `${instancePath}/acls/{acl_id}`,
    family,
    tier: 1,
    summary: 'Delete an access control policy that is bound to no API',
    status: 204,
    params: inInstance('acl_id'),
    errors: ['APIG.3006', 'APIG.3447'],
  }),
] as const
