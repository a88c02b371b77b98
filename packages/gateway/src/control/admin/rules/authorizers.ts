import type { BodyOf, OperationById } from '@pailou/contract'

import type { AuthorizerIdentity } from '../../documents/authorizer.ts'
import { AdminError, invalid, missing } from '../admin-error.ts'
import { isPattern } from './patterns.ts'

type Body = BodyOf<OperationById<'createCustomAuthorizerV2'>>

/** What is stored of an authorizer's identities. Throws AdminError naming the field. */
export function identitiesOf(body: Body): readonly AuthorizerIdentity[] {
  const identities = (body.identities ?? []).map((identity, index): AuthorizerIdentity => {
    const { name, location, validation } = identity
    if (validation !== undefined && !isPattern(validation)) throw invalid(`identities[${index}].validation`)
    return { name, location, ...(validation !== undefined && { validation }) }
  })
  // Header names have no case.
  const keys = identities.map(
    ({ location, name }) => `${location} ${location === 'HEADER' ? name.toLowerCase() : name}`,
  )
  if (new Set(keys).size !== keys.length) throw new AdminError('APIG.3212')
  // Without anything to tell callers apart, the first answer would be everybody's.
  if (body.type === 'FRONTEND' && (body.ttl ?? 0) > 0 && identities.length === 0) throw missing('identities')
  return identities
}
