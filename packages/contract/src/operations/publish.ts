import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, filters, Flag, Id, inInstance, instancePath, listOf, listQuery, Remark, Time } from '../schema.ts'
import { answeredFront, answeredWhole } from './api-definition.ts'

const family = 'API publish/versions'

/** Of an API that was taken offline there is no version and no time. */
const Publication = closed({
  publish_id: Id,
  api_id: Id,
  api_name: Type.String(),
  env_id: Id,
  remark: Type.Optional(Type.String()),
  publish_time: Type.Optional(Time),
  version_id: Type.Optional(Id),
})

const Version = closed({
  version_id: Id,
  /** `YYYYMMDDhhmmss`. */
  version_no: Type.String({ pattern: '^\\d{14}$' }),
  api_id: Id,
  env_id: Id,
  env_name: Type.String(),
  remark: Type.String(),
  publish_time: Time,
  /** 1 serves, 2 does not. */
  status: Flag,
})

const Action = Type.Enum(['online', 'offline'])

export const publish = [
  op({
    id: 'createOrDeletePublishRecordForApiV2',
    method: 'POST',
    path: `${instancePath}/apis/action`,
    family,
    tier: 1,
    summary: 'Publish an API into an environment, or take it offline there',
    status: 201,
    params: inInstance(),
    body: Type.Object({ action: Action, api_id: Id, env_id: Id, remark: Remark }),
    response: Publication,
    errors: ['APIG.3002', 'APIG.3003', 'APIG.3015', 'APIG.3301'],
  }),
  op({
    id: 'batchPublishOrOfflineApiV2',
    method: 'POST',
    path: `${instancePath}/apis/publish`,
    family,
    tier: 1,
    summary: 'Publish many APIs into an environment, or take them offline there; each succeeds or fails by itself',
    status: 200,
    params: inInstance(),
    query: Type.Object({ action: Action }),
    body: Type.Object({
      /** Either these, or all of a group. */
      apis: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
      group_id: Type.Optional(Type.String()),
      env_id: Id,
      remark: Remark,
    }),
    response: closed({
      success: Type.Array(Publication),
      failure: Type.Array(
        closed({ api_id: Id, api_name: Type.String(), error_code: Type.String(), error_msg: Type.String() }),
      ),
    }),
    errors: ['APIG.2001', 'APIG.3001', 'APIG.3003'],
  }),
  op({
    id: 'listApiVersionsV2',
    method: 'GET',
    path: `${instancePath}/apis/publish/{api_id}`,
    family,
    tier: 1,
    summary: 'List the published versions of an API, newest first',
    status: 200,
    params: inInstance('api_id'),
    query: listQuery('env_id', 'env_name'),
    response: listOf('api_versions', Version),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'changeApiVersionV2',
    method: 'PUT',
    path: `${instancePath}/apis/publish/{api_id}`,
    family,
    tier: 1,
    summary: 'Let another version of the API serve in the environment to which that version belongs',
    status: 200,
    params: inInstance('api_id'),
    body: Type.Object({ version_id: Id }),
    response: Publication,
    errors: ['APIG.3002', 'APIG.3022'],
  }),
  op({
    id: 'listApiRuntimeDefinitionV2',
    method: 'GET',
    path: `${instancePath}/apis/runtime/{api_id}`,
    family,
    tier: 1,
    summary: 'Show the front part of what is published in an environment, RELEASE by default',
    status: 200,
    params: inInstance('api_id'),
    query: filters('env_id'),
    response: closed(answeredFront),
    errors: ['APIG.3002', 'APIG.3003', 'APIG.3015'],
  }),
  op({
    id: 'listApiVersionDetailV2',
    method: 'GET',
    path: `${instancePath}/apis/versions/{version_id}`,
    family,
    tier: 1,
    summary: 'Show what one version has frozen',
    status: 200,
    params: inInstance('version_id'),
    response: closed({ ...answeredWhole, version_id: Id }),
    errors: ['APIG.3022'],
  }),
  op({
    id: 'deleteApiByVersionIdV2',
    method: 'DELETE',
    path: `${instancePath}/apis/versions/{version_id}`,
    family,
    tier: 1,
    summary: 'Take the API offline in the environment where this version serves',
    status: 204,
    params: inInstance('version_id'),
    errors: ['APIG.3022'],
  }),
] as const
