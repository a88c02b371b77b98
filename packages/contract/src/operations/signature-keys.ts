import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, listQueryBy, Name, Time } from '../schema.ts'
import { boundApi, Ids, publishedApi, publishedApiFilters } from './published-api.ts'

const SignType = Type.Enum(['hmac', 'basic', 'public_key', 'aes'])
const Algorithm = Type.Enum(['aes-128-cfb', 'aes-256-cfb'])

const SignatureBody = Type.Object({
  name: Name,
  sign_type: Type.Optional(SignType),
  /** Both are generated unless given; what they may hold depends on the type. */
  sign_key: Type.Optional(Type.String()),
  sign_secret: Type.Optional(Type.String()),
  /** For `aes`, which needs one; of no meaning for the others. */
  sign_algorithm: Type.Optional(Algorithm),
})

const signature = {
  id: Id,
  name: Type.String(),
  sign_type: SignType,
  sign_key: Type.String(),
  /** In full: Terraform keeps it in its state. */
  sign_secret: Type.String(),
  /** Empty unless the type is `aes`. */
  sign_algorithm: Type.String(),
  create_time: Time,
  update_time: Time,
}

const Signature = closed(signature)
const Count = Type.Integer({ minimum: 0 })

export const signatureKeys = [
  op({
    id: 'createSignatureKeyV2',
    method: 'POST',
    path: `${instancePath}/signs`,
    family: 'signature keys',
    tier: 1,
    summary: 'Create a signature key, with which backends recognise the gateway',
    status: 201,
    params: inInstance(),
    body: SignatureBody,
    response: Signature,
    errors: ['APIG.3207'],
  }),
  op({
    id: 'listSignatureKeysV2',
    method: 'GET',
    path: `${instancePath}/signs`,
    family: 'signature keys',
    tier: 1,
    summary: 'List signature keys',
    status: 200,
    params: inInstance(),
    query: listQuery('id', 'name', 'precise_search'),
    /** bind_num: to how many publications it is bound; custom backends there are none. */
    response: listOf('signs', closed({ ...signature, bind_num: Count, ldapi_bind_num: Count })),
  }),
  op({
    id: 'updateSignatureKeyV2',
    method: 'PUT',
    path: `${instancePath}/signs/{sign_id}`,
    family: 'signature keys',
    tier: 1,
    summary: 'Replace a signature key; key and secret stay unless given, or unless the type changes',
    status: 200,
    params: inInstance('sign_id'),
    body: SignatureBody,
    response: Signature,
    errors: ['APIG.3017', 'APIG.3207'],
  }),
  op({
    id: 'deleteSignatureKeyV2',
    method: 'DELETE',
    path: `${instancePath}/signs/{sign_id}`,
    family: 'signature keys',
    tier: 1,
    summary: 'Delete a signature key with its bindings',
    status: 204,
    params: inInstance('sign_id'),
    errors: ['APIG.3017'],
  }),
] as const

const Binding = closed({
  ...boundApi,
  id: Id,
  binding_time: Time,
  sign_id: Id,
  sign_name: Type.String(),
  sign_type: SignType,
  sign_key: Type.String(),
  sign_secret: Type.String(),
})

const family = 'signature bindings'

export const signatureBindings = [
  op({
    id: 'associateSignatureKeyV2',
    method: 'POST',
    path: `${instancePath}/sign-bindings`,
    family,
    tier: 1,
    summary: 'Bind a signature key to published APIs; it replaces the key bound there before',
    status: 201,
    params: inInstance(),
    body: Type.Object({ sign_id: Id, publish_ids: Ids }),
    response: closed({ bindings: Type.Array(Binding) }),
    errors: ['APIG.3015', 'APIG.3017'],
  }),
  op({
    id: 'listApisBindedToSignatureKeyV2',
    method: 'GET',
    path: `${instancePath}/sign-bindings/binded-apis`,
    family,
    tier: 1,
    summary: 'List the APIs to which a signature key is bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['sign_id'], ...publishedApiFilters),
    response: listOf('bindings', Binding),
    errors: ['APIG.3017'],
  }),
  op({
    id: 'listSignatureKeysBindedToApiV2',
    method: 'GET',
    path: `${instancePath}/sign-bindings/binded-signs`,
    family,
    tier: 1,
    summary: 'List the signature keys that are bound to an API',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['api_id'], 'sign_id', 'sign_name', 'env_id'),
    response: listOf('bindings', Binding),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'listApisNotBoundWithSignatureKeyV2',
    method: 'GET',
    path: `${instancePath}/sign-bindings/unbinded-apis`,
    family,
    tier: 1,
    summary: 'List the published APIs to which a signature key is not bound',
    status: 200,
    params: inInstance(),
    query: listQueryBy(['sign_id'], ...publishedApiFilters),
    /** signature_name: another key that is bound there. */
    response: listOf('apis', closed({ ...publishedApi, signature_name: Type.Optional(Type.String()) })),
    errors: ['APIG.3017'],
  }),
  op({
    id: 'disassociateSignatureKeyV2',
    method: 'DELETE',
    path: `${instancePath}/sign-bindings/{sign_bindings_id}`,
    family,
    tier: 1,
    summary: 'Unbind a signature key from an API',
    status: 204,
    params: inInstance('sign_bindings_id'),
    errors: ['APIG.3018'],
  }),
] as const
