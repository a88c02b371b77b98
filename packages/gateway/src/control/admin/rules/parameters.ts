import type { ApiBackendParameter, ApiRequestParameter } from '../../documents/documents.ts'
import { AdminError, invalid, missing, tooSmall, unsupported } from '../admin-error.ts'

/** A request parameter as a client writes it; 0, '' and null have become absent. */
export interface RequestParameterBody {
  readonly name: string
  readonly type: string
  readonly location: string
  readonly required?: number | undefined
  readonly valid_enable?: number | undefined
  readonly pass_through?: number | undefined
  readonly default_value?: string | undefined
  readonly sample_value?: string | undefined
  readonly remark?: string | undefined
  readonly enumerations?: string | undefined
  readonly min_num?: number | undefined
  readonly max_num?: number | undefined
  readonly min_size?: number | undefined
  readonly max_size?: number | undefined
  readonly regular?: unknown
  readonly json_schema?: unknown
  readonly orchestrations?: readonly unknown[] | undefined
}

export interface BackendParameterBody {
  readonly name: string
  readonly location: string
  readonly origin: string
  readonly value: string
  readonly remark?: string | undefined
}

export const parameterLimit = 50

const systemValues: ReadonlySet<string> = new Set(
  ['sourceIp', 'stage', 'apiId', 'appId', 'requestId', 'apiName', 'appName'].map(name => `$context.${name}`),
)
const parameterName = /^[A-Za-z][A-Za-z0-9._-]{0,31}$/
const backendParameterName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$/
const number = /^-?\d+(\.\d+)?$/

type IdOf = (location: string, name: string) => string

/** Checks the declared request parameters and fills in their defaults. Throws AdminError; `idOf` gives each its id. */
export function requestParameters(bodies: readonly RequestParameterBody[], idOf: IdOf): readonly ApiRequestParameter[] {
  if (bodies.length > parameterLimit) throw new AdminError('APIG.3111')
  const parameters = bodies.map((body, index) => requestParameter(body, `req_params[${index}]`, idOf))
  refuseDuplicates(parameters)
  return parameters
}

function requestParameter(body: RequestParameterBody, at: string, idOf: IdOf): ApiRequestParameter {
  if (body.location === 'COOKIE') throw unsupported(`${at}.location`)
  const location = body.location as ApiRequestParameter['location']
  const type = body.type as ApiRequestParameter['type']
  if (!parameterName.test(body.name) || reserved(body.name, location)) throw invalid(`${at}.name`)
  if ((body.orchestrations?.length ?? 0) > 0) throw unsupported(`${at}.orchestrations`)
  if (body.regular) throw unsupported(`${at}.regular`)
  if (body.json_schema) throw unsupported(`${at}.json_schema`)
  if (type === 'NUMBER' && body.default_value && !number.test(body.default_value)) throw invalid(`${at}.default_value`)
  ordered(body.min_num, body.max_num, `${at}.max_num`)
  ordered(body.min_size, body.max_size, `${at}.max_size`)
  return {
    id: idOf(location, body.name),
    name: body.name,
    type,
    location,
    required: location === 'PATH' || body.required === 1 ? 1 : 2,
    valid_enable: body.valid_enable === 1 ? 1 : 2,
    pass_through: body.pass_through === 1 ? 1 : 2,
    ...written({
      default_value: body.default_value,
      sample_value: body.sample_value,
      remark: body.remark,
      enumerations: body.enumerations,
      min_num: body.min_num,
      max_num: body.max_num,
      min_size: body.min_size,
      max_size: body.max_size,
    }),
  }
}

/** Checks the backend parameters against the request parameters they take up. Throws AdminError. */
export function backendParameters(
  bodies: readonly BackendParameterBody[],
  request: readonly ApiRequestParameter[],
  idOf: IdOf,
): readonly ApiBackendParameter[] {
  if (bodies.length > parameterLimit) throw new AdminError('APIG.3111')
  const known = new Set(request.map(parameter => parameter.name.toLowerCase()))
  const parameters = bodies.map((body, index): ApiBackendParameter => {
    const at = `backend_params[${index}]`
    if (!backendParameterName.test(body.name)) throw invalid(`${at}.name`)
    if (body.location === 'HEADER' && (body.name.startsWith('_') || hopByHop.has(body.name.toLowerCase())))
      throw invalid(`${at}.name`)
    checkValue(body, known, `${at}.value`)
    return {
      id: idOf(body.location, body.name),
      name: body.name,
      location: body.location as ApiBackendParameter['location'],
      origin: body.origin as ApiBackendParameter['origin'],
      value: body.value,
      ...written({ remark: body.remark }),
    }
  })
  refuseDuplicates(parameters)
  return parameters
}

function checkValue(body: BackendParameterBody, known: ReadonlySet<string>, field: string): void {
  if (body.value === '') throw missing(field)
  switch (body.origin) {
    case 'REQUEST':
      if (!known.has(body.value.toLowerCase())) throw new AdminError('APIG.2028')
      return
    case 'SYSTEM':
      if (systemValues.has(body.value)) return
      throw body.value.startsWith('$context.') ? unsupported(field) : invalid(field)
    default:
      // A line break in a constant header would be a header of its own.
      if (body.value.length > 255 || /[\u0000-\u001f\u007f]/.test(body.value)) throw invalid(field)
  }
}

/** Every placeholder of a path needs a PATH parameter, and the reverse. */
export function sameNames(
  path: readonly string[],
  parameters: readonly { readonly location: string; readonly name: string }[],
): boolean {
  const declared = parameters.filter(parameter => parameter.location === 'PATH').map(parameter => parameter.name)
  return declared.length === path.length && declared.every(name => path.includes(name))
}

/** Framing belongs to the connection between the gateway and the backend; nobody may set it from outside. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function reserved(name: string, location: string): boolean {
  const lower = name.toLowerCase()
  if (lower === 'x-stage' || lower.startsWith('x-apig-') || lower.startsWith('x-sdk-')) return true
  if (location !== 'HEADER') return false
  return lower === 'authorization' || lower === 'x-auth-token' || lower.includes('_') || hopByHop.has(lower)
}

/** Clients send 0 as the upper end when there is none. */
function ordered(low: number | undefined, high: number | undefined, field: string): void {
  if (low !== undefined && high && low > high) throw tooSmall(field)
}

function refuseDuplicates(parameters: readonly { readonly location: string; readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { location, name } of parameters) {
    const key = `${location} ${location === 'HEADER' ? name.toLowerCase() : name}`
    if (seen.has(key)) throw new AdminError('APIG.3209', `The parameter name already exists, name:${name}`)
    seen.add(key)
  }
}

/** Without the fields nobody has written, so that a read shows what was written and no more. */
function written<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
