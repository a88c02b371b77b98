import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQueryBy, Time } from '../schema.ts'
import { batchDeletion, Ids, publishedApi, publishedApiFilters, Unbound } from './published-api.ts'
import { throttle } from './throttles.ts'

const family = 'throttle bindings'

const Binding = closed({
  id: Id,
  publish_id: Id,
  scope: Type.Enum([1]),
  strategy_id: Id,
  apply_time: Time,
})

/** Unbound, it may carry the name of another policy that is bound there. */
const ThrottledApi = closed({
  ...publishedApi,
  throttle_name: Type.Optional(Type.String()),
  throttle_apply_id: Type.Optional(Id),
  apply_time: Type.Optional(Time),
})

export const throttleBindings = [
  op({
    id: 'associateRequestThrottlingPolicyV2',
    method: 'POST',
    path: `${instancePath}/throttle-bindings`,
    family,
    tier: 1,
    summary: 'Bind a request throttling policy to published APIs; it replaces the policy bound there before',
    status: 201,
    params: inInstance(),
    body: Type.Object({ strategy_id: Id, publish_ids: Ids }),
    response: closed({ throttle_applys: Type.Array(Binding) }),
    errors: ['APIG.3005', 'APIG.3015'],
  }),
  op({
    id: 'batchDisassociateThrottlingPolicyV2',
    method: 'PUT',
    path: `${instancePath}/throttle-bindings`,
    family,
    tier: 1,
    summary: 'Unbind request throttling policies from many APIs; each succeeds or fails by itself',
    status: 200,
    params: inInstance(),
    query: batchDeletion,
    body: Type.Object({ throttle_bindings: Ids }),
    response: Unbound,
  }),
  op({
    id: 'listApisBindedToRequestThrottlingPolicyV2',
    method: 'GET',
    path: `${instancePath}/throttle-bindings/binded-apis`,
    family,
    tier: 1,
    summary: 'List the APIs to which a request throttling policy is bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['throttle_id'], ...publishedApiFilters),
    response: listOf('apis', ThrottledApi),
    errors: ['APIG.3005'],
  }),
  op({
    id: 'listApisUnbindedToRequestThrottlingPolicyV2',
    method: 'GET',
    path: `${instancePath}/throttle-bindings/unbinded-apis`,
    family,
    tier: 1,
    summary: 'List the published APIs to which a request throttling policy is not bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['throttle_id'], ...publishedApiFilters),
    response: listOf('apis', ThrottledApi),
    errors: ['APIG.3005'],
  }),
  op({
    id: 'listRequestThrottlingPoliciesBindedToApiV2',
    method: 'GET',
    path: `${instancePath}/throttle-bindings/binded-throttles`,
    family,
    tier: 1,
    summary: 'List the request throttling policies that are bound to an API',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['api_id'], 'throttle_id', 'throttle_name', 'env_id'),
    response: listOf('throttles', closed({ ...throttle, env_name: Type.String(), bind_id: Id, bind_time: Time })),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'disassociateRequestThrottlingPolicyV2',
    method: 'DELETE',
    path: `${instancePath}/throttle-bindings/{throttle_binding_id}`,
    family,
    tier: 1,
    summary: 'Unbind a request throttling policy from an API',
    status: 204,
    params: inInstance('throttle_binding_id'),
    errors: ['APIG.3012'],
  }),
] as const
