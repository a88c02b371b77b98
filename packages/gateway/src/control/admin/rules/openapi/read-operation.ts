import { invalid, missing } from '../../admin-error.ts'
import {
  field,
  listOf,
  scalarOf,
  textOf,
  treeOf,
  withoutEndSlashes,
  wrong,
  type ApiDocument,
  type Tree,
} from './document.ts'
import { nameFrom, remarkFrom, tagFrom } from './names.ts'
import { mockBackend, serverBackend, statedBackend } from './read-backend.ts'
import { bodyParameter, requestParameters } from './read-parameters.ts'
import { authenticationOf } from './read-security.ts'

/** An operation where the document has it. */
export interface Found {
  /** The whole path of the API, `basePath` included. */
  readonly path: string
  /** In capitals; ANY for `x-apigateway-any-method`. */
  readonly method: string
  readonly item: Tree
  readonly value: unknown
}

export interface ReadModes {
  /** An operation may leave its backend out: then it is the server that the document names. */
  readonly simple: boolean
  /** The same, but it answers by itself. */
  readonly mock: boolean
}

export interface ReadOperation {
  /** A body for createApiV2, checked by nobody yet, without its group. */
  readonly body: object
  /** The name of the gateway response that it wants. */
  readonly response: string | undefined
  /** Extensions that are not carried over, though the API works without them. */
  readonly left: readonly string[]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const
const anyMethod = 'x-apigateway-any-method'
/** A path has one place for each method; when two APIs differ in their match mode alone, the second stands in here. */
export const otherMatch = 'x-pailou-other-match'

export function operationsIn(document: ApiDocument): readonly Found[] {
  const base = document.major === 2 ? withoutEndSlashes(textOf(field(document.root, 'basePath')) ?? '') : ''
  return [...document.paths].flatMap(([path, raw]) => {
    const item = document.follow(raw, `paths.${path}`)
    const other = treeOf(field(item, otherMatch))
    return [item, ...(other ? [other] : [])].flatMap(from =>
      [...methods, anyMethod]
        .filter(name => field(from, name) !== undefined)
        .map(name => ({
          path: `${base}${path}`,
          method: name === anyMethod ? 'ANY' : name.toUpperCase(),
          item,
          value: field(from, name),
        })),
    )
  })
}

/** What an operation says of the API that it is to become. Throws AdminError for what no API can be. */
export function readOperation(document: ApiDocument, found: Found, modes: ReadModes): ReadOperation {
  const { path, method, item } = found
  const operation = treeOf(found.value)
  if (!operation) throw wrong('the operation has to be an object')
  const matchMode = textOf(field(operation, 'x-apigateway-match-mode'))?.toUpperCase() ?? 'NORMAL'
  if (matchMode !== 'NORMAL' && matchMode !== 'SWA') throw invalid('x-apigateway-match-mode')
  const stated = statedBackend(operation)
  const bySelf = stated === undefined && !modes.mock && modes.simple
  const req_params = requestParameters(document, item, operation, bySelf)
  const pathNames = [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map(found => found[1]!)
  const backend =
    stated ??
    (modes.mock ? mockBackend(document, operation) : undefined) ??
    (modes.simple ? serverBackend(document, { method, path, pathNames }) : undefined)
  if (!backend) throw missing('x-apigateway-backend')
  const tags = listOf(field(operation, 'tags')).map(tag => tagFrom(scalarOf(tag) ?? ''))
  return {
    body: {
      name: nameFrom(textOf(field(operation, 'operationId')) ?? `${method}_${path}`),
      type: typeOf(operation),
      version: field(operation, 'x-pailou-version'),
      req_protocol: protocolOf(document, item, operation),
      req_method: method,
      req_uri: path,
      match_mode: matchMode,
      ...authenticationOf(document, operation, modes.simple),
      cors: field(operation, 'x-apigateway-cors') === true,
      tags: [...new Set(tags.filter(tag => tag !== undefined))],
      remark: remarkFrom(textOf(field(operation, 'description')) ?? textOf(field(operation, 'summary'))),
      body_remark: bodyRemark(document, item, operation),
      result_normal_sample: sample(document, operation, 'x-apigateway-result-normal-sample'),
      result_failure_sample: sample(document, operation, 'x-apigateway-result-failure-sample'),
      is_send_fg_body_base64: field(operation, 'x-apigateway-is-send-fg-body-base64'),
      req_params,
      ...backend,
    },
    response: textOf(field(operation, 'x-apigateway-response')),
    left: Object.keys(operation).filter(name => name.startsWith('x-apigateway-') && !carried.has(name)),
  }
}

/** What else an operation may say with an extension; the policies among the rest hang on a publication, which it has not. */
const carried: ReadonlySet<string> = new Set([
  'x-apigateway-request-type',
  'x-apigateway-match-mode',
  'x-apigateway-cors',
  'x-apigateway-is-send-fg-body-base64',
  'x-apigateway-backend',
  'x-apigateway-backend-policies',
  'x-apigateway-response',
  'x-apigateway-result-normal-sample',
  'x-apigateway-result-failure-sample',
])

function typeOf(operation: Tree): 1 | 2 {
  const type = textOf(field(operation, 'x-apigateway-request-type'))?.toLowerCase() ?? 'public'
  if (type !== 'public' && type !== 'private') throw invalid('x-apigateway-request-type')
  return type === 'private' ? 2 : 1
}

/** Of `schemes`, or of the addresses in `servers`. Nothing said is HTTPS, as everywhere in the contract. */
function protocolOf(document: ApiDocument, item: Tree, operation: Tree): 'HTTP' | 'HTTPS' | 'BOTH' {
  const schemes =
    document.major === 2
      ? listOf(field(operation, 'schemes') ?? field(document.root, 'schemes'))
      : listOf(field(operation, 'servers') ?? field(item, 'servers') ?? field(document.root, 'servers')).map(server =>
          textOf(field(treeOf(server), 'url'))?.replace(/:.*$/s, ''),
        )
  const [plain, secure] = ['http', 'https'].map(name => schemes.some(scheme => textOf(scheme)?.toLowerCase() === name))
  return plain ? (secure ? 'BOTH' : 'HTTP') : 'HTTPS'
}

function bodyRemark(document: ApiDocument, item: Tree, operation: Tree): string | undefined {
  if (document.major === 2) return textOf(field(bodyParameter(document, item, operation), 'description'))
  const body = field(operation, 'requestBody')
  return body === undefined ? undefined : textOf(field(document.follow(body, 'requestBody'), 'description'))
}

/** With the operation, or with any of its responses. */
function sample(document: ApiDocument, operation: Tree, name: string): string | undefined {
  const responses = Object.entries(treeOf(field(operation, 'responses')) ?? {})
    .filter(([status]) => !status.startsWith('x-'))
    .map(([status, value]) => document.follow(value, `responses.${status}`))
  return [operation, ...responses].map(tree => textOf(field(tree, name))).find(text => text !== undefined)
}
