import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, inInstance, instancePath } from '../schema.ts'

/** A name and its values, in the order in which they are sent. */
const Values = Type.Optional(
  Type.Record(Type.String(), Type.Array(Type.String({ maxLength: 8192 }), { maxItems: 20 }), { maxProperties: 100 }),
)

export const debug = [
  op({
    id: 'debugApiV2',
    method: 'POST',
    path: `${instancePath}/apis/debug/{api_id}`,
    family: 'debug',
    tier: 1,
    summary: 'Call a published API through the gateway and show both sides',
    status: 200,
    params: inInstance('api_id'),
    body: Type.Object({
      /** CONSUMER: what is published. DEVELOPER (the draft) and MARKET are refused with 3458. */
      mode: Type.Enum(['DEVELOPER', 'CONSUMER', 'MARKET']),
      scheme: Type.Enum(['HTTP', 'HTTPS']),
      method: Type.Enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']),
      /** As callers write it, with values for the path parameters; what is not ASCII is percent-encoded on the way. */
      path: Type.String({ pattern: '^/[^?#\\s\\x00-\\x1f\\x7f]*$', maxLength: 1024 }),
      header: Values,
      query: Values,
      /** At most 2 MiB of UTF-8. */
      body: Type.Optional(Type.String({ maxLength: 2_097_152 })),
      /** One of the API group's domains. Default: the debugging domain, or an independent one where that is off. */
      domain: Type.Optional(Type.String({ maxLength: 255 })),
      /** The environment's name. */
      stage: Type.Optional(
        Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]*$', minLength: 3, maxLength: 64, default: 'RELEASE' }),
      ),
      /** Both or neither: the call is signed with them. */
      app_key: Type.Optional(Type.String({ minLength: 8, maxLength: 200, pattern: '^[A-Za-z0-9_-]+$' })),
      app_secret: Type.Optional(Type.String({ minLength: 8, maxLength: 128 })),
    }),
    response: closed({
      /** As it was sent. */
      request: Type.String(),
      /** As it came back, at most 2 MiB, empty when nothing did. A body in chunks is put together. */
      response: Type.String(),
      /** Milliseconds. */
      latency: Type.Integer({ minimum: 0 }),
      /** Where the call went, and of a refusal the reason. */
      log: Type.String(),
    }),
    errors: ['APIG.2001', 'APIG.3002', 'APIG.3458'],
  }),
] as const
