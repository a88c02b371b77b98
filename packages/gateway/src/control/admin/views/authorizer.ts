import { rfc3339 } from '../../../base/clock.ts'
import type { Authorizer } from '../../documents/authorizer.ts'

export function authorizerView(authorizer: Authorizer) {
  return {
    id: authorizer.id,
    name: authorizer.name,
    type: authorizer.type,
    authorizer_type: 'FUNC' as const,
    authorizer_uri: authorizer.functionUrn,
    authorizer_version: authorizer.functionVersion,
    authorizer_alias_uri: authorizer.functionAliasUrn,
    network_type: authorizer.networkType,
    ttl: authorizer.ttl,
    user_data: authorizer.userData.secret,
    need_body: authorizer.needBody,
    identities: authorizer.identities,
    create_time: rfc3339(authorizer.createdAt),
  }
}
