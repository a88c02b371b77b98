import type { BodyOf, OperationById } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog } from '../../catalog.ts'
import type { Authorizer } from '../../documents/authorizer.ts'
import { AdminError, invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { authorizerOf } from '../lookup.ts'
import { identitiesOf } from '../rules/authorizers.ts'
import { apisWith } from '../rules/references.ts'
import { authorizerView } from '../views/authorizer.ts'

type Body = BodyOf<OperationById<'createCustomAuthorizerV2'>>

function refuseTaken(catalog: Catalog, authorizer: Authorizer): void {
  const taken = belongingTo(catalog, 'authorizer', 'instanceId', authorizer.instanceId).some(
    other => other.name === authorizer.name && other.id !== authorizer.id,
  )
  if (taken) throw new AdminError('APIG.3211')
}

/** All that a body says of an authorizer; what it leaves out has its default. */
function saidIn(body: Body) {
  return {
    name: body.name,
    type: body.type,
    functionUrn: body.authorizer_uri,
    functionVersion: body.authorizer_version ?? '',
    functionAliasUrn: body.authorizer_alias_uri ?? '',
    networkType: body.network_type ?? 'V1',
    ttl: body.ttl ?? 0,
    userData: secret(body.user_data ?? ''),
    needBody: body.need_body ?? false,
    identities: identitiesOf(body),
  } satisfies Partial<Authorizer>
}

export const authorizers = {
  createCustomAuthorizerV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const authorizer: Authorizer = {
        id: hexId(),
        instanceId: instance.id,
        ...saidIn(body),
        createdAt: clock.now(),
      }
      refuseTaken(catalog, authorizer)
      return { edits: [{ put: 'authorizer', document: authorizer }], result: authorizerView(authorizer) }
    })
  },

  listCustomAuthorizersV2({ query, instance }, { desk }) {
    const id = exactly(query.id)
    const name = named(query.name)
    const type = exactly(query.type)
    const found = belongingTo(desk.catalog(), 'authorizer', 'instanceId', instance.id).filter(
      authorizer => id(authorizer.id) && name(authorizer.name) && type(authorizer.type),
    )
    return listed('authorizer_list', found, query, authorizerView)
  },

  showDetailsOfCustomAuthorizersV2({ params, instance }, { desk }) {
    return authorizerView(authorizerOf(desk.catalog(), instance.id, params.authorizer_id))
  },

  updateCustomAuthorizerV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const before = authorizerOf(catalog, instance.id, params.authorizer_id)
      if (body.type !== before.type) throw invalid('type')
      const authorizer: Authorizer = { ...before, ...saidIn(body) }
      refuseTaken(catalog, authorizer)
      return { edits: [{ put: 'authorizer', document: authorizer }], result: authorizerView(authorizer) }
    })
  },

  deleteCustomAuthorizerV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = authorizerOf(catalog, instance.id, params.authorizer_id)
      const user = apisWith(catalog, instance.id, 'authorizer_id', id)[0]
      // The contract has no code for it.
      if (user) throw new AdminError('APIG.2000', `The authorizer is being used by the API ${user.definition.name}`)
      return { edits: [{ remove: 'authorizer', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
