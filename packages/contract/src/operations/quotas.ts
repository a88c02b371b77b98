import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, inInstance, instancePath, listOf, listQuery, params, Time } from '../schema.ts'

const family = 'quotas (configs)'

const config = {
  /** A small number in text. */
  config_id: Type.String(),
  config_name: Type.String(),
  /** A number in text. Of a switch: 1 on, 2 off. */
  config_value: Type.String(),
  remark: Type.String(),
  used: Type.Integer({ minimum: 0 }),
}

export const quotas = [
  op({
    id: 'listInstanceConfigsV2',
    method: 'GET',
    path: '/v2/{project_id}/apigw/instance/configs',
    family,
    tier: 2,
    summary: 'List the quotas of a project',
    status: 200,
    params: params('project_id'),
    query: listQuery(),
    response: listOf(
      'configs',
      closed({
        ...config,
        /** Milliseconds since the epoch: a number here, and a text in the other list. */
        config_time: Type.Integer(),
      }),
    ),
  }),
  op({
    id: 'listProjectCofigsV2',
    method: 'GET',
    path: `${instancePath}/project/configs`,
    family,
    tier: 2,
    summary: 'List the quotas of an instance, and how much of each is used',
    status: 200,
    params: inInstance(),
    query: listQuery(),
    response: listOf('configs', closed({ ...config, config_time: Time })),
  }),
] as const
