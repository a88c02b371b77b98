import { Type, type TProperties } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Name, Time } from '../schema.ts'

const family = 'custom authorizers'

const identity = {
  /** The name of a header or of a query parameter. */
  name: Type.String({ pattern: "^[-A-Za-z0-9!#$%&'*+.^_`|~]+$", maxLength: 128 }),
  location: Type.Enum(['HEADER', 'QUERY']),
  /** A regular expression that the value has to match. */
  validation: Type.Optional(Type.String({ maxLength: 2048 })),
} satisfies TProperties

const Kind = Type.Enum(['FRONTEND', 'BACKEND'])
const AuthorizerType = Type.Enum(['FUNC'], { default: 'FUNC' })
const NetworkType = Type.Enum(['V1', 'V2'], { default: 'V1' })

const AuthorizerBody = Type.Object({
  name: Name,
  type: Kind,
  authorizer_type: Type.Optional(AuthorizerType),
  /** The URN of a function. */
  authorizer_uri: Type.String({ minLength: 1, maxLength: 255 }),
  authorizer_version: Type.Optional(Type.String({ maxLength: 64 })),
  /** The URN of an alias of the function; it counts more than the version. */
  authorizer_alias_uri: Type.Optional(Type.String({ maxLength: 255 })),
  network_type: Type.Optional(NetworkType),
  /** Seconds for which a decision is remembered; 0 for not at all. */
  ttl: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600, default: 0 })),
  user_data: Type.Optional(Type.String({ maxLength: 2048, default: '' })),
  need_body: Type.Optional(Type.Boolean({ default: false })),
  identities: Type.Optional(Type.Array(Type.Object(identity))),
})

const Authorizer = closed({
  id: Id,
  name: Type.String(),
  type: Kind,
  authorizer_type: AuthorizerType,
  authorizer_uri: Type.String(),
  authorizer_version: Type.String(),
  authorizer_alias_uri: Type.String(),
  network_type: NetworkType,
  ttl: Type.Integer(),
  user_data: Type.String(),
  need_body: Type.Boolean(),
  identities: Type.Array(closed(identity)),
  create_time: Time,
})

export const authorizers = [
  op({
    id: 'createCustomAuthorizerV2',
    method: 'POST',
    path: `${instancePath}/authorizers`,
    family,
    tier: 1,
    summary: 'Create a custom authorizer',
    status: 201,
    params: inInstance(),
    body: AuthorizerBody,
    response: Authorizer,
    errors: ['APIG.3211', 'APIG.3212'],
  }),
  op({
    id: 'listCustomAuthorizersV2',
    method: 'GET',
    path: `${instancePath}/authorizers`,
    family,
    tier: 1,
    summary: 'List custom authorizers',
    status: 200,
    params: inInstance(),
    query: listQuery('id', 'name', 'type'),
    response: listOf('authorizer_list', Authorizer),
  }),
  op({
    id: 'showDetailsOfCustomAuthorizersV2',
    method: 'GET',
    path: `${instancePath}/authorizers/{authorizer_id}`,
    family,
    tier: 1,
    summary: 'Show a custom authorizer',
    status: 200,
    params: inInstance('authorizer_id'),
    response: Authorizer,
    errors: ['APIG.3081'],
  }),
  op({
    id: 'updateCustomAuthorizerV2',
    method: 'PUT',
    path: `${instancePath}/authorizers/{authorizer_id}`,
    family,
    tier: 1,
    summary: 'Replace a custom authorizer; its type stays',
    status: 200,
    params: inInstance('authorizer_id'),
    body: AuthorizerBody,
    response: Authorizer,
    errors: ['APIG.3081', 'APIG.3211', 'APIG.3212'],
  }),
  op({
    id: 'deleteCustomAuthorizerV2',
    method: 'DELETE',
    path: `${instancePath}/authorizers/{authorizer_id}`,
    family,
    tier: 1,
    summary: 'Delete a custom authorizer that no API uses',
    status: 204,
    params: inInstance('authorizer_id'),
    errors: ['APIG.3081'],
  }),
] as const
