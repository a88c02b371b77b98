import { adminErrors, type AdminErrorCode } from './admin-errors.ts'
import type { Operation } from './operation.ts'

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers?: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly security: readonly Record<string, readonly string[]>[]
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: Readonly<Record<string, unknown>>
}

export interface OpenApiOperation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security?: readonly []
  readonly parameters?: readonly OpenApiParameter[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

export interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: unknown
}

/**
 * The admin API as an OpenAPI 3.1 document, made from the table of operations.
 *
 * @param settings.version of Pailou, which is the document's
 * @param settings.servers base URLs; without them, wherever the document came from
 */
export function openapi(
  operations: Readonly<Record<string, Operation>>,
  settings: { readonly version: string; readonly servers?: readonly string[] },
): OpenApiDocument {
  const all = Object.values(operations)
  const paths: Record<string, Record<string, OpenApiOperation>> = {}
  for (const operation of all) {
    const path = (paths[operation.path] ??= {})
    const method = operation.method.toLowerCase()
    if (path[method] !== undefined) throw new Error(`${operation.method} ${operation.path} is described twice`)
    path[method] = describe(operation)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pailou',
      version: settings.version,
      description:
        'The admin API of Pailou: the APIG v2 contract under /v2, the identity service under /v3, and what the ' +
        'contract has no word for under /pailou/v1. For an optional field, null, an empty text and a 0 that is not ' +
        'allowed mean that it is absent; unknown fields are ignored.',
    },
    ...(settings.servers === undefined ? {} : { servers: settings.servers.map(url => ({ url })) }),
    tags: [...new Set(all.map(({ family }) => family))].map(name => ({ name })),
    security: [{ token: [] }, { signature: [] }],
    paths,
    components,
  }
}

const requestId = { schema: { type: 'string', pattern: '^[0-9a-f]{32}$' }, description: 'Of this request.' }

const components = {
  securitySchemes: {
    token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token', description: 'From POST /v3/auth/tokens.' },
    signature: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description:
        'SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b>, Signature=<hex>, together with the header X-Sdk-Date.',
    },
  },
  schemas: {
    Error: {
      type: 'object',
      required: ['error_code', 'error_msg'],
      properties: {
        error_code: { type: 'string', pattern: '^API[GC]\\.\\d{4}$' },
        error_msg: { type: 'string' },
        request_id: { type: 'string' },
      },
    },
    IdentityError: {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message', 'title'],
          properties: { code: { type: 'integer' }, message: { type: 'string' }, title: { type: 'string' } },
        },
      },
    },
  },
}

function describe(operation: Operation): OpenApiOperation {
  const parameters = [
    ...parametersIn('path', operation.params),
    ...parametersIn('query', operation.query),
    ...(operation.requestHeaders ?? []).map(name => header(name)),
  ]
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.family],
    ...(operation.open ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined ? {} : { requestBody: requestBody(operation.body, operation.bodyType) }),
    responses: { [operation.status]: success(operation), ...failures(operation) },
  }
}

/** As much of an object's schema as the document needs. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
}

/** Plain data: what the compiler knows about a schema is left behind. */
function plain(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema))
}

function parametersIn(place: 'path' | 'query', schema: ObjectSchema = {}): OpenApiParameter[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required?.includes(name) ?? false),
    schema: plain(property as object),
  }))
}

function header(name: string): OpenApiParameter {
  return { name, in: 'header', required: true, schema: { type: 'string' } }
}

function requestBody(schema: ObjectSchema, type?: string): unknown {
  return { required: (schema.required ?? []).length > 0, content: content(plain(schema), type) }
}

function success({ status, summary, response, responseType, responseHeaders = [] }: Operation): unknown {
  const own = responseHeaders.map(name => [name, { schema: { type: 'string' } }] as const)
  return {
    description: summary,
    headers: { 'X-Request-Id': requestId, ...Object.fromEntries(own) },
    ...(status === 204 || response === undefined ? {} : { content: content(plain(response), responseType) }),
  }
}

function failures(operation: Operation): Record<string, unknown> {
  const identity = operation.path.startsWith('/v3/')
  const codes: Record<number, string[]> = {}
  for (const code of codesOf(operation)) {
    const { status, message } = adminErrors[code]
    const texts = (codes[status] ??= [])
    texts.push(`${code} ${message}`)
  }
  const refusal = content({ $ref: `#/components/schemas/${identity ? 'IdentityError' : 'Error'}` })
  return Object.fromEntries(
    Object.entries(codes).map(([status, texts]) => [
      status,
      {
        description: identity ? 'Refused.' : texts.join('. '),
        headers: { 'X-Request-Id': requestId },
        content: refusal,
      },
    ]),
  )
}

function codesOf(operation: Operation): Set<AdminErrorCode> {
  const codes = new Set<AdminErrorCode>()
  if (!operation.open) for (const code of ['APIG.1000', 'APIG.1001', 'APIG.1002'] as const) codes.add(code)
  else codes.add('APIG.1002')
  if (operation.path.includes('{project_id}')) codes.add('APIG.1005')
  if (operation.path.includes('{instance_id}')) codes.add('APIG.3030')
  if (operation.body !== undefined) {
    for (const code of ['APIG.2000', 'APIG.2001', 'APIG.2002', 'APIG.2003', 'APIG.2004', 'APIG.2011'] as const)
      codes.add(code)
  }
  if (operation.query !== undefined) codes.add('APIG.2012')
  for (const code of operation.errors ?? []) codes.add(code)
  return codes.add('APIG.9999')
}

function content(schema: unknown, type = 'application/json'): unknown {
  return { [type]: { schema } }
}
