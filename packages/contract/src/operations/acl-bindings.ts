import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQueryBy, Time } from '../schema.ts'
import { AclType, EntityType } from './acls.ts'
import { batchDeletion, boundApi, Ids, publishedApi, publishedApiFilters, Unbound } from './published-api.ts'

const family = 'ACL bindings'

export const aclBindings = [
  op({
    id: 'createApiAclBindingV2',
    method: 'POST',
    path: `${instancePath}/acl-bindings`,
    family,
    tier: 1,
    summary:
      'Bind an access control policy to published APIs; it replaces the one of the same entity type bound there before',
    status: 201,
    params: inInstance(),
    body: Type.Object({ acl_id: Id, publish_ids: Ids }),
    response: closed({
      acl_bindings: Type.Array(closed({ id: Id, api_id: Id, env_id: Id, acl_id: Id, create_time: Time })),
    }),
    errors: ['APIG.3006', 'APIG.3015'],
  }),
  op({
    id: 'batchDeleteApiAclBindingV2',
    method: 'PUT',
    path: `${instancePath}/acl-bindings`,
    family,
    tier: 1,
    summary: 'Unbind access control policies from many APIs; each succeeds or fails by itself',
    status: 200,
    params: inInstance(),
    query: batchDeletion,
    body: Type.Object({ acl_bindings: Ids }),
    response: Unbound,
  }),
  op({
    id: 'listAclPolicyBindedToApiV2',
    method: 'GET',
    path: `${instancePath}/acl-bindings/binded-acls`,
    family,
    tier: 1,
    summary: 'List the access control policies that are bound to an API',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['api_id'], 'env_id', 'env_name', 'acl_id', 'acl_name'),
    response: listOf(
      'acls',
      closed({
        acl_id: Id,
        acl_name: Type.String(),
        entity_type: EntityType,
        acl_type: AclType,
        acl_value: Type.String(),
        env_id: Id,
        env_name: Type.String(),
        bind_id: Id,
        bind_time: Time,
      }),
    ),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'listApisBindedToAclPolicyV2',
    method: 'GET',
    path: `${instancePath}/acl-bindings/binded-apis`,
    family,
    tier: 1,
    summary: 'List the APIs to which an access control policy is bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['acl_id'], ...publishedApiFilters),
    response: listOf('apis', closed({ ...boundApi, bind_id: Id, bind_time: Time })),
    errors: ['APIG.3006'],
  }),
  op({
    id: 'listApisUnbindedToAclPolicyV2',
    method: 'GET',
    path: `${instancePath}/acl-bindings/unbinded-apis`,
    family,
    tier: 1,
    summary: 'List the published APIs to which an access control policy is not bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['acl_id'], ...publishedApiFilters),
    /** acl_name: another policy of the same entity type that is bound there. */
    response: listOf('apis', closed({ ...publishedApi, acl_name: Type.Optional(Type.String()) })),
    errors: ['APIG.3006'],
  }),
  op({
    id: 'deleteApiAclBindingV2',
    method: 'DELETE',
    path: `${instancePath}/acl-bindings/{acl_bindings_id}`,
    family,
    tier: 1,
    summary: 'Unbind an access control policy from an API',
    status: 204,
    params: inInstance('acl_bindings_id'),
    errors: ['APIG.3010'],
  }),
] as const
