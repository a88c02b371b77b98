import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'

import { Type } from 'typebox'

import { invalid, missing } from '../../admin-error.ts'
import { Flag, HeaderName } from './parts.ts'
import { inContent, jsonIn, pluginRule } from './plugin-rule.ts'

const Open = Type.Object({}, { additionalProperties: true })
const Lists = Type.Optional(Type.Union([Type.Array(Open), Open]))

/** JWT认证 */
const Content = Type.Object({
  /** Where the keys are fetched; counts more than `jwks`. */
  jwks_service: Type.Optional(Open),
  /** The keys themselves: JSON in text, at most 50 KB. */
  jwks: Type.Optional(Type.String({ maxLength: 51_200 })),
  token_location: Type.Optional(Type.Enum(['header', 'query', 'cookie'], { default: 'header' })),
  token_name: Type.Optional(HeaderName),
  token_prefix: Type.Optional(Type.String()),
  /** Seconds, in text. */
  token_expiration_tolerance: Type.Optional(Type.String({ pattern: '^\\d{1,5}$' })),
  token_pass_through_enabled: Flag,
  carry_payload: Type.Optional(Open),
  missing_token_skip_auth_enabled: Flag,
  ignore_expiration_validation_enabled: Flag,
  claims_to_headers: Type.Optional(Type.Array(Open)),
  blacklist: Lists,
  whitelist: Lists,
})

export const jwtAuth = pluginRule(Content, content => {
  const { jwks_service, jwks, token_location, token_name, token_expiration_tolerance = '0' } = content
  if (jwks_service === undefined && jwks === undefined) throw missing(`${inContent}jwks`)
  if (jwks !== undefined && !isKeySet(jsonIn(jwks, `${inContent}jwks`))) throw invalid(`${inContent}jwks`)
  if (token_location === 'cookie' && token_name === undefined) throw missing(`${inContent}token_name`)
  if (Number(token_expiration_tolerance) > 86_400) throw invalid(`${inContent}token_expiration_tolerance`)
})

/** At least one key, each of them one that a signature can be verified with. */
function isKeySet(value: unknown): boolean {
  const keys = (value as { keys?: unknown } | undefined)?.keys
  return Array.isArray(keys) && keys.length > 0 && keys.every(isKey)
}

function isKey(jwk: unknown): boolean {
  try {
    return ['rsa', 'ec'].includes(
      createPublicKey({ key: jwk, format: 'jwk' } as JsonWebKeyInput).asymmetricKeyType ?? '',
    )
  } catch {
    return false
  }
}
