import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQueryBy } from '../schema.ts'

const family = 'environment variables'

const VariableName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]*$', minLength: 3, maxLength: 32 })
const VariableValue = Type.String({ pattern: '^[A-Za-z0-9_/.:-]+$', minLength: 1, maxLength: 255 })

const Variable = closed({
  id: Id,
  env_id: Id,
  group_id: Id,
  variable_name: Type.String(),
  variable_value: Type.String(),
})

export const environmentVariables = [
  op({
    id: 'createEnvironmentVariableV2',
    method: 'POST',
    path: `${instancePath}/env-variables`,
    family,
    tier: 1,
    summary: 'Create a variable of an API group in an environment, which backends name as #name#',
    status: 201,
    params: inInstance(),
    body: Type.Object({ env_id: Id, group_id: Id, variable_name: VariableName, variable_value: VariableValue }),
    response: Variable,
    errors: ['APIG.3001', 'APIG.3003', 'APIG.3106', 'APIG.3303'],
  }),
  op({
    id: 'listEnvironmentVariablesV2',
    method: 'GET',
    path: `${instancePath}/env-variables`,
    family,
    tier: 1,
    summary: 'List the variables of an API group',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['group_id'], 'env_id', 'variable_name', 'precise_search'),
    response: listOf('variables', Variable),
    errors: ['APIG.3001'],
  }),
  op({
    id: 'showDetailsOfEnvironmentVariableV2',
    method: 'GET',
    path: `${instancePath}/env-variables/{env_variable_id}`,
    family,
    tier: 1,
    summary: 'Show a variable',
    status: 200,
    params: inInstance('env_variable_id'),
    response: Variable,
    errors: ['APIG.3011'],
  }),
  op({
    id: 'updateEnvironmentVariableV2',
    method: 'PUT',
    path: `${instancePath}/env-variables/{env_variable_id}`,
    family,
    tier: 1,
    summary: 'Give a variable another value, which takes effect at once',
    status: 200,
    params: inInstance('env_variable_id'),
    body: Type.Object({
      variable_value: VariableValue,
      /** What a variable is called and where it belongs cannot be changed; clients may repeat it. */
      variable_name: Type.Optional(Type.String()),
      env_id: Type.Optional(Type.String()),
      group_id: Type.Optional(Type.String()),
    }),
    response: Variable,
    errors: ['APIG.3011'],
  }),
  op({
    id: 'deleteEnvironmentVariableV2',
    method: 'DELETE',
    path: `${instancePath}/env-variables/{env_variable_id}`,
    family,
    tier: 1,
    summary: 'Delete a variable. Backends that name it answer APIG.0105 until there is one again',
    status: 204,
    params: inInstance('env_variable_id'),
    errors: ['APIG.3011'],
  }),
] as const
