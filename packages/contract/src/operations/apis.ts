import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, inInstance, instancePath, listOf, listQuery } from '../schema.ts'
import { answeredWhole, ApiBody, Method, Path } from './api-definition.ts'

const family = 'APIs'

const Api = closed(answeredWhole)

const defined = [
  'APIG.2026',
  'APIG.2027',
  'APIG.2028',
  'APIG.3001',
  'APIG.3111',
  'APIG.3202',
  'APIG.3209',
  'APIG.3213',
  'APIG.3301',
  'APIG.3458',
] as const

export const apis = [
  op({
    id: 'createApiV2',
    method: 'POST',
    path: `${instancePath}/apis`,
    family,
    tier: 1,
    summary: 'Create an API; nothing reaches traffic before it is published',
    status: 201,
    params: inInstance(),
    body: ApiBody,
    response: Api,
    errors: [...defined, 'APIG.3102', 'APIG.3125'],
  }),
  op({
    id: 'listApisV2',
    method: 'GET',
    path: `${instancePath}/apis`,
    family,
    tier: 1,
    summary: 'List APIs',
    status: 200,
    params: inInstance(),
    query: listQuery(
      'id',
      'name',
      'group_id',
      'req_protocol',
      'req_method',
      'req_uri',
      'auth_type',
      'env_id',
      'type',
      'precise_search',
      'vpc_channel_name',
      'return_data_mode',
      'tags',
    ),
    response: listOf('apis', Api),
  }),
  op({
    id: 'showDetailsOfApiV2',
    method: 'GET',
    path: `${instancePath}/apis/{api_id}`,
    family,
    tier: 1,
    summary: 'Show the draft of an API',
    status: 200,
    params: inInstance('api_id'),
    response: Api,
    errors: ['APIG.3002'],
  }),
  op({
    id: 'updateApiV2',
    method: 'PUT',
    path: `${instancePath}/apis/{api_id}`,
    family,
    tier: 1,
    summary: 'Replace the draft of an API',
    status: 200,
    params: inInstance('api_id'),
    body: ApiBody,
    response: Api,
    errors: [...defined, 'APIG.3002'],
  }),
  op({
    id: 'deleteApiV2',
    method: 'DELETE',
    path: `${instancePath}/apis/{api_id}`,
    family,
    tier: 1,
    summary: 'Delete an API that is published nowhere, with its versions and authorisations',
    status: 204,
    params: inInstance('api_id'),
    errors: ['APIG.3002', 'APIG.3416'],
  }),
  op({
    id: 'checkApisV2',
    method: 'POST',
    path: `${instancePath}/apis/check`,
    family,
    tier: 1,
    summary: 'Check that a name, or a method with a path, is free in an API group',
    status: 204,
    params: inInstance(),
    body: Type.Object({
      type: Type.Enum(['name', 'path']),
      /** For type name. */
      name: Type.Optional(Type.String()),
      /** These three for type path. */
      req_method: Type.Optional(Method),
      req_uri: Type.Optional(Path),
      match_mode: Type.Optional(Type.Enum(['NORMAL', 'SWA'], { default: 'NORMAL' })),
      group_id: Type.Optional(Type.String()),
      /** An API that does not count: itself. */
      api_id: Type.Optional(Type.String()),
    }),
    errors: ['APIG.2001', 'APIG.3001', 'APIG.3202', 'APIG.3301'],
  }),
] as const
