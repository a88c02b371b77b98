import type { ApiDefinition, ApiRequestParameter } from '../../../documents/documents.ts'
import type { GatewayResponse } from '../../../documents/gateway-response.ts'
import { writtenBackend } from './write-backend.ts'
import { otherMatch } from './read-operation.ts'

export type OasVersion = '2.0' | '3.0'
/** `spec`: what callers need. `proxy`: also what the gateway needs. `all`: also the gateway responses. */
export type Extent = 'spec' | 'proxy' | 'all'

export interface Written {
  readonly oas: OasVersion
  readonly extent: Extent
  readonly title: string
  readonly description: string
  readonly version: string
  /** Where the APIs are called. */
  readonly host: string
  readonly definitions: readonly ApiDefinition[]
  /** Of the group, the default one included. */
  readonly responses: readonly GatewayResponse[]
}

type Fields = Record<string, unknown>

/** The definitions as a document that an import turns into the same definitions, as far as its extent goes. */
export function writeDocument(written: Written): object {
  const { oas, title, description, version, host, definitions } = written
  const info = { title, ...(description && { description }), version }
  const paths = pathsOf(written)
  const schemes = schemesOf(written)
  const responses = responsesOf(written)
  const used = definitions.some(({ auth_type }) => auth_type !== 'NONE')
  if (oas === '2.0') {
    return { swagger: '2.0', info, host, paths, ...(used && { securityDefinitions: schemes }), ...responses }
  }
  const components = { ...(used && { securitySchemes: schemes }), ...responses }
  return {
    openapi: '3.0.3',
    info,
    servers: [{ url: `https://${host}` }],
    paths,
    ...(Object.keys(components).length > 0 && { components }),
  }
}

function pathsOf(written: Written): Fields {
  const paths = new Map<string, Fields>()
  for (const definition of written.definitions) {
    const item = paths.get(definition.req_uri) ?? {}
    paths.set(definition.req_uri, item)
    const method = definition.req_method === 'ANY' ? 'x-apigateway-any-method' : definition.req_method.toLowerCase()
    const operation = operationOf(definition, written)
    if (!Object.hasOwn(item, method)) item[method] = operation
    else ((item[otherMatch] ??= {}) as Fields)[method] = operation
  }
  return Object.fromEntries(paths)
}

function operationOf(definition: ApiDefinition, written: Written): object {
  const { oas, extent, host } = written
  const body = bodyOf(definition, oas)
  const parameters = definition.req_params.map(parameter => parameterOf(parameter, oas, extent))
  if (oas === '2.0' && body) parameters.push(body)
  return {
    operationId: definition.name,
    ...(definition.remark && { description: definition.remark }),
    ...(definition.tags.length > 0 && { tags: definition.tags }),
    ...(oas === '2.0' ? { schemes: protocols[definition.req_protocol] } : serversOf(definition, host)),
    ...(definition.auth_type !== 'NONE' && { security: [{ [schemeName(definition)]: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(oas === '3.0' && body && { requestBody: body }),
    responses: { default: { description: 'response', ...(extent !== 'spec' && samplesOf(definition)) } },
    ...(extent !== 'spec' && extensionsOf(definition, written)),
  }
}

const protocols = { HTTP: ['http'], HTTPS: ['https'], BOTH: ['http', 'https'] }

function serversOf({ req_protocol }: ApiDefinition, host: string): object {
  if (req_protocol === 'HTTPS') return {}
  return { servers: protocols[req_protocol].map(scheme => ({ url: `${scheme}://${host}` })) }
}

function bodyOf({ body_remark: description }: ApiDefinition, oas: OasVersion): Fields | undefined {
  if (description === '') return undefined
  if (oas === '2.0') return { name: 'body', in: 'body', description, schema: {} }
  return { description, content: { '*/*': {} } }
}

function samplesOf({ result_normal_sample, result_failure_sample }: ApiDefinition): object {
  return {
    ...(result_normal_sample && { 'x-apigateway-result-normal-sample': result_normal_sample }),
    ...(result_failure_sample && { 'x-apigateway-result-failure-sample': result_failure_sample }),
  }
}

function extensionsOf(definition: ApiDefinition, { extent, responses }: Written): object {
  const response = responses.find(({ id }) => id === definition.response_id)
  return {
    'x-apigateway-request-type': definition.type === 2 ? 'private' : 'public',
    'x-apigateway-match-mode': definition.match_mode,
    'x-apigateway-cors': definition.cors,
    'x-apigateway-is-send-fg-body-base64': definition.is_send_fg_body_base64,
    ...(definition.version && { 'x-pailou-version': definition.version }),
    ...(extent === 'all' && response && { 'x-apigateway-response': response.name }),
    'x-apigateway-backend': writtenBackend(definition),
  }
}

function parameterOf(parameter: ApiRequestParameter, oas: OasVersion, extent: Extent): Fields {
  const { type } = parameter
  const schema = {
    type: type === 'NUMBER' ? 'number' : 'string',
    ...(parameter.default_value !== undefined && { default: valueOf(parameter.default_value, type) }),
    ...(parameter.enumerations !== undefined && {
      enum: parameter.enumerations.split(',').map(value => valueOf(value, type)),
    }),
    ...(parameter.min_num !== undefined && { minimum: parameter.min_num }),
    ...(parameter.max_num !== undefined && { maximum: parameter.max_num }),
    ...(parameter.min_size !== undefined && { minLength: parameter.min_size }),
    ...(parameter.max_size !== undefined && { maxLength: parameter.max_size }),
  }
  return {
    name: parameter.name,
    in: parameter.location.toLowerCase(),
    ...(parameter.remark !== undefined && { description: parameter.remark }),
    required: parameter.required === 1,
    ...(oas === '2.0' ? schema : { schema }),
    ...(extent !== 'spec' && {
      'x-apigateway-pass-through': parameter.pass_through === 1 ? 'always' : 'never',
      ...(parameter.sample_value !== undefined && { 'x-apigateway-sample': parameter.sample_value }),
      ...(parameter.valid_enable === 1 && { 'x-pailou-valid-enable': true }),
    }),
  }
}

/** A number where a number says the same as the text. */
function valueOf(text: string, type: ApiRequestParameter['type']): string | number {
  const number = Number(text)
  return type === 'NUMBER' && Number.isFinite(number) && String(number) === text ? number : text
}

const schemeName = ({ auth_type, auth_opt }: ApiDefinition): string =>
  auth_type === 'APP' && auth_opt.app_code_auth_type === 'HEADER' ? 'apig-auth-app-header' : schemeNames[auth_type]

const schemeNames = { NONE: '', APP: 'apig-auth-app', IAM: 'apig-auth-iam' } as const

function schemesOf({ definitions, extent }: Written): Fields {
  const used = new Set(definitions.filter(({ auth_type }) => auth_type !== 'NONE').map(schemeName))
  const scheme = (name: string, extension: object) => ({
    type: 'apiKey',
    in: 'header',
    name,
    ...(extent !== 'spec' && extension),
  })
  const all: Fields = {
    'apig-auth-app': scheme('Authorization', { 'x-apigateway-auth-type': 'AppSigv1' }),
    'apig-auth-app-header': scheme('Authorization', {
      'x-apigateway-auth-type': 'AppSigv1',
      'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' },
    }),
    'apig-auth-iam': scheme('unused', { 'x-apigateway-auth-type': 'IAM' }),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
}

/** Those that somebody has worded, or that an API names. */
function responsesOf({ extent, responses, definitions }: Written): object {
  if (extent !== 'all') return {}
  const wanted = responses.filter(
    ({ id, rules }) => Object.keys(rules).length > 0 || definitions.some(({ response_id }) => response_id === id),
  )
  if (wanted.length === 0) return {}
  return { 'x-apigateway-responses': Object.fromEntries(wanted.map(({ name, rules }) => [name, rules])) }
}
