import { adminMessages } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { EnvironmentVariable } from '../../documents/environment-variable.ts'
import { AdminError, invalid, refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { environmentOf, groupOf } from '../lookup.ts'
import { environmentVariableView } from '../views/environment-variables.ts'

/** Of one group in one environment. */
export const variablesPerPlace = 50

function variableOf(catalog: Catalog, instanceId: string, id: string): EnvironmentVariable {
  const variable = catalog.get('environment-variable', id)
  if (variable?.instanceId !== instanceId) throw refused(adminMessages.variableNotExist(id))
  return variable
}

export const environmentVariables = {
  createEnvironmentVariableV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, body.group_id)
      const environment = environmentOf(catalog, instance.id, body.env_id)
      const others = belongingTo(catalog, 'environment-variable', 'groupId', group.id).filter(
        ({ environmentId }) => environmentId === environment.id,
      )
      if (others.some(({ name }) => name === body.variable_name)) throw new AdminError('APIG.3303')
      if (others.length >= variablesPerPlace) throw new AdminError('APIG.3106')
      const variable: EnvironmentVariable = {
        id: hexId(),
        instanceId: instance.id,
        groupId: group.id,
        environmentId: environment.id,
        name: body.variable_name,
        value: body.variable_value,
        createdAt: clock.now(),
      }
      return {
        edits: [{ put: 'environment-variable', document: variable }],
        result: environmentVariableView(variable),
      }
    })
  },

  listEnvironmentVariablesV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const group = groupOf(catalog, instance.id, query.group_id)
    const environment = exactly(query.env_id)
    const name = named(query.variable_name, query.precise_search, 'variable_name')
    const found = belongingTo(catalog, 'environment-variable', 'groupId', group.id).filter(
      variable => environment(variable.environmentId) && name(variable.name),
    )
    return listed('variables', found, query, environmentVariableView)
  },

  showDetailsOfEnvironmentVariableV2({ params, instance }, { desk }) {
    return environmentVariableView(variableOf(desk.catalog(), instance.id, params.env_variable_id))
  },

  updateEnvironmentVariableV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const before = variableOf(catalog, instance.id, params.env_variable_id)
      if ((body.variable_name ?? before.name) !== before.name) throw invalid('variable_name')
      if ((body.env_id ?? before.environmentId) !== before.environmentId) throw invalid('env_id')
      if ((body.group_id ?? before.groupId) !== before.groupId) throw invalid('group_id')
      const variable: EnvironmentVariable = { ...before, value: body.variable_value }
      return {
        edits: [{ put: 'environment-variable', document: variable }],
        result: environmentVariableView(variable),
      }
    })
  },

  deleteEnvironmentVariableV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = variableOf(catalog, instance.id, params.env_variable_id)
      return { edits: [{ remove: 'environment-variable', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
