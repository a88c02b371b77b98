import type { PolicyPlan } from '../../seam/plans.ts'
import type { ApiDefinition } from '../documents/documents.ts'
import { compileParameters } from './parameters.ts'
import type { Refuse } from './rehearsal-error.ts'

/** What acts on an API in one environment besides its own definition. */
export interface Around {
  /** The apps that are authorised now. */
  readonly appIds: readonly string[]
}

/** The plans stand in no order that means anything: traffic has its own. */
export function compilePolicies(definition: ApiDefinition, around: Around, refuse: Refuse): readonly PolicyPlan[] {
  const plans: PolicyPlan[] = []
  const { req_protocol: protocol } = definition
  if (protocol !== 'BOTH') plans.push({ kind: 'protocol', settings: { allowed: protocol } })
  if (definition.auth_type === 'APP') {
    plans.push({ kind: 'app-signature', settings: {} })
    if (definition.auth_opt.app_code_auth_type === 'HEADER') plans.push({ kind: 'app-code', settings: {} })
    plans.push({ kind: 'app-authorization', settings: { appIds: around.appIds } })
  }
  const parameters = compileParameters(definition, refuse)
  if (parameters !== undefined) plans.push({ kind: 'parameters', settings: parameters })
  return plans
}
