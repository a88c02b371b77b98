import type { EnvironmentVariable } from '../../documents/environment-variable.ts'

export function environmentVariableView(variable: EnvironmentVariable) {
  return {
    id: variable.id,
    env_id: variable.environmentId,
    group_id: variable.groupId,
    variable_name: variable.name,
    variable_value: variable.value,
  }
}
