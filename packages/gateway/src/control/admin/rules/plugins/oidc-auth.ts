import { createPublicKey } from 'node:crypto'

import { Type } from 'typebox'

import { invalid, missing } from '../../admin-error.ts'
import { Count, Flag } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** OIDC认证 */
const Content = Type.Object({
  client_id: Type.String({ minLength: 1 }),
  client_secret: Type.String({ minLength: 1 }),
  /** The address of the identity provider's metadata. */
  discovery: Type.String({ minLength: 1 }),
  redirect_api_id: Type.String({ minLength: 1 }),
  logout_api_id: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String({ default: 'openid email profile' })),
  /** Seconds; counts when the provider does not say. */
  access_token_expires_in: Type.Optional(Count),
  jwt_cache_enabled: Flag,
  jwks_enabled: Flag,
  /** PEM. */
  public_key: Type.Optional(Type.String()),
  redirect_after_logout_uri: Type.Optional(Type.String()),
})

export const oidcAuth = pluginRule(Content, ({ discovery, jwks_enabled, public_key }) => {
  const url = URL.canParse(discovery) ? new URL(discovery) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw invalid(`${inContent}discovery`)
  if (public_key !== undefined && !isPublicKey(public_key)) throw invalid(`${inContent}public_key`)
  // One of the two has to verify tokens.
  if (jwks_enabled === false && public_key === undefined) throw missing(`${inContent}public_key`)
})

function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === 'public'
  } catch {
    return false
  }
}
