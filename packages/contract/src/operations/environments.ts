import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Remark, Time } from '../schema.ts'

const family = 'environments'

const Environment = closed({ id: Id, name: Type.String(), remark: Type.String(), create_time: Time })

const EnvironmentBody = Type.Object({
  /** Without Chinese letters: it travels in the header X-Stage. */
  name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]*$', minLength: 3, maxLength: 64 }),
  remark: Remark,
})

export const environments = [
  op({
    id: 'createEnvironmentV2',
    method: 'POST',
    path: `${instancePath}/envs`,
    family,
    tier: 1,
    summary: 'Create an environment',
    status: 201,
    params: inInstance(),
    body: EnvironmentBody,
    response: Environment,
    errors: ['APIG.3104', 'APIG.3205'],
  }),
  op({
    id: 'listEnvironmentsV2',
    method: 'GET',
    path: `${instancePath}/envs`,
    family,
    tier: 1,
    summary: 'List environments',
    status: 200,
    params: inInstance(),
    query: listQuery('name'),
    response: listOf('envs', Environment),
  }),
  op({
    id: 'updateEnvironmentV2',
    method: 'PUT',
    path: `${instancePath}/envs/{env_id}`,
    family,
    tier: 1,
    summary: 'Replace the name and the remark of an environment',
    status: 200,
    params: inInstance('env_id'),
    body: EnvironmentBody,
    response: Environment,
    errors: ['APIG.3003', 'APIG.3205'],
  }),
  op({
    id: 'deleteEnvironmentV2',
    method: 'DELETE',
    path: `${instancePath}/envs/{env_id}`,
    family,
    tier: 1,
    summary: 'Delete an environment in which no API is published',
    status: 204,
    params: inInstance('env_id'),
    errors: ['APIG.1103', 'APIG.3003', 'APIG.3418'],
  }),
] as const
