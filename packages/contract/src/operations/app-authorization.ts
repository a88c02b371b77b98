import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQueryBy, Time } from '../schema.ts'

const family = 'app authorization'

const Optional = Type.Optional(Type.String())

/** An authorisation with what it joins, as both lists show it. */
const Authorization = closed({
  id: Id,
  api_id: Id,
  api_name: Type.String(),
  api_type: Type.Integer(),
  api_remark: Type.String(),
  group_id: Id,
  group_name: Type.String(),
  app_id: Id,
  app_name: Type.String(),
  app_remark: Type.String(),
  app_type: Type.String(),
  app_creator: Type.Enum(['USER', 'MARKET']),
  env_id: Id,
  env_name: Type.String(),
  /** Empty while the API is published nowhere. */
  publish_id: Type.String(),
  auth_time: Time,
  auth_role: Type.String(),
  auth_tunnel: Type.String(),
  auth_whitelist: Type.Array(Type.String()),
  auth_blacklist: Type.Array(Type.String()),
  visit_param: Optional,
  visit_params: Optional,
  req_method: Optional,
  req_uri: Optional,
  tags: Type.Optional(Type.Array(Type.String())),
})

const Granted = closed({
  id: Optional,
  api_id: Id,
  app_id: Id,
  auth_result: closed({
    /** SKIPPED: it was authorised already. */
    status: Type.Enum(['SUCCESS', 'SKIPPED', 'FAILED']),
    error_code: Optional,
    error_msg: Optional,
    api_name: Type.String(),
    app_name: Type.String(),
  }),
  auth_time: Time,
  auth_role: Type.String(),
  auth_tunnel: Type.String(),
  auth_whitelist: Type.Array(Type.String()),
  auth_blacklist: Type.Array(Type.String()),
  visit_param: Optional,
  visit_params: Optional,
})

const UnboundApi = closed({
  id: Id,
  name: Type.String(),
  remark: Type.String(),
  type: Type.Optional(Type.Integer()),
  auth_type: Type.String(),
  group_id: Id,
  group_name: Type.String(),
  run_env_id: Id,
  run_env_name: Type.String(),
  publish_id: Id,
  req_method: Optional,
  req_uri: Type.String(),
  tags: Type.Optional(Type.Array(Type.String())),
})

const Ids = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })

export const appAuthorization = [
  op({
    id: 'createAuthorizingAppsV2',
    method: 'POST',
    path: `${instancePath}/app-auths`,
    family,
    tier: 1,
    summary: 'Let every one of these apps call every one of these APIs in an environment',
    status: 201,
    params: inInstance(),
    body: Type.Object({ env_id: Id, app_ids: Ids, api_ids: Ids }),
    response: closed({ auths: Type.Array(Granted) }),
    errors: ['APIG.3002', 'APIG.3003', 'APIG.3004', 'APIG.3015'],
  }),
  op({
    id: 'listApisBindedToAppV2',
    method: 'GET',
    path: `${instancePath}/app-auths/binded-apis`,
    family,
    tier: 1,
    summary: 'List the APIs that an app may call',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['app_id'], 'api_id', 'api_name', 'group_id', 'group_name', 'env_id', 'tags'),
    response: listOf('auths', Authorization),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'listAppsBindedToApiV2',
    method: 'GET',
    path: `${instancePath}/app-auths/binded-apps`,
    family,
    tier: 1,
    summary: 'List the apps that may call an API',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['api_id'], 'app_name', 'app_id', 'env_id'),
    response: listOf('auths', Authorization),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'listApisUnbindedToAppV2',
    method: 'GET',
    path: `${instancePath}/app-auths/unbinded-apis`,
    family,
    tier: 1,
    summary: 'List the APIs published in an environment that an app may not call there',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['app_id', 'env_id'], 'group_id', 'api_id', 'api_name', 'tags'),
    response: listOf('apis', UnboundApi),
    errors: ['APIG.3003', 'APIG.3004'],
  }),
  op({
    id: 'cancelingAuthorizationV2',
    method: 'DELETE',
    path: `${instancePath}/app-auths/{app_auth_id}`,
    family,
    tier: 1,
    summary: 'Withdraw an authorisation',
    status: 204,
    params: inInstance('app_auth_id'),
    errors: ['APIG.3009'],
  }),
] as const
