import type { BackendParameter, ParameterSettings, RequestParameter } from '../../seam/plans.ts'
import { refuse, type Identified, type Outbound, type Refusal } from '../exchange.ts'
import { isHost } from '../http1/request-head.ts'
import { decode } from '../http1/request-target.ts'
import type { Policy } from '../policy.ts'
import { encodePath, encodeQuery, encodeSegment } from '../route/path-template.ts'

/** 请求参数与后端参数: checks what the API declares of its parameters, and puts each where the backend wants it. */
export const parameters: Policy<'parameters'> = ({ request, backend }) => {
  const taken = takenAway({ request, backend })
  const passed = request.filter(
    ({ passThrough, required, defaultValue }) => passThrough && !required && defaultValue !== undefined,
  )
  const sources = backend.map(parameter => sourceOf(parameter, request))
  return {
    admit(visit) {
      const values: (string | undefined)[] = []
      visit.parameters = values
      for (const parameter of request) {
        const value = valueOf(visit, parameter) ?? (parameter.required ? undefined : parameter.defaultValue)
        const fault = faultOf(parameter, value)
        if (fault !== undefined) {
          return refuse('0106', {
            check: fault,
            parameter: parameter.name,
            location: parameter.location,
            ...limitsOf(parameter),
          })
        }
        values.push(value)
      }
      return undefined
    },
    prepare(visit, outbound) {
      if (taken.query.size > 0) outbound.query = queryWithout(outbound.query, taken.query)
      if (taken.headers.size > 0) {
        outbound.without =
          outbound.without === undefined ? taken.headers : new Set([...outbound.without, ...taken.headers])
      }
      if (passed.length > 0) fillDefaults(passed, visit, outbound)
      for (let i = 0; i < backend.length; i++) {
        const { valueFor, encode } = sources[i]!
        const value = valueFor(visit)
        if (value === undefined) continue
        const fault = place(backend[i]!, value, outbound, encode)
        if (fault !== undefined) return fault
      }
      return undefined
    },
  }
}

interface Source {
  readonly valueFor: (visit: Identified) => string | undefined
  /** How the value becomes a piece of a path. */
  readonly encode: (text: string) => string | undefined
}

function sourceOf({ origin, value }: BackendParameter, request: readonly RequestParameter[]): Source {
  if (origin === 'CONSTANT') return { valueFor: () => value, encode: encodeSegment }
  if (origin === 'SYSTEM') return { valueFor: systemValues[value] ?? (() => ''), encode: encodeSegment }
  const index = request.findIndex(({ name }) => name === value)
  // Only what was a piece of the caller's path may be several segments of the backend's.
  const encode = request[index]?.location === 'PATH' ? encodePath : encodeSegment
  return { valueFor: ({ parameters }) => parameters?.[index], encode }
}

/** What the caller sent under a name that the API declares or fills does not travel on by itself. */
function takenAway({ request, backend }: ParameterSettings) {
  const query = new Set<string>()
  const headers = new Set<string>()
  for (const parameter of [...request.filter(({ passThrough }) => !passThrough), ...backend]) {
    if (parameter.location === 'QUERY') query.add(parameter.name)
    else if (parameter.location === 'HEADER') headers.add(parameter.name.toLowerCase())
  }
  return { query, headers }
}

function valueOf(visit: Identified, { name, location }: RequestParameter): string | undefined {
  if (location === 'PATH') return visit.pathValues?.[name]
  if (location === 'HEADER') {
    const value = visit.head.field(name.toLowerCase())
    const first = typeof value === 'object' ? value[0] : value
    return first === undefined ? undefined : Buffer.from(first, 'latin1').toString('utf8')
  }
  // Of a name that is repeated the first value is looked at.
  for (const pair of visit.target.query.split('&')) {
    const equals = pair.indexOf('=')
    if (readPair(equals === -1 ? pair : pair.slice(0, equals)) === name) {
      return equals === -1 ? '' : readPair(pair.slice(equals + 1))
    }
  }
  return undefined
}

function readPair(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? (decode(spaced) ?? spaced) : spaced
}

function faultOf({ required, type, check }: RequestParameter, value: string | undefined): string | undefined {
  if (value === undefined) return required ? 'required parameter is missing' : undefined
  const number = type === 'NUMBER' ? Number(value) : Number.NaN
  if (type === 'NUMBER' && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(value)) return 'not a number'
  if (check === undefined) return undefined
  if (check.values !== undefined && !check.values.includes(value)) return 'not one of the values'
  if (type === 'NUMBER') {
    if (check.minimum !== undefined && number < check.minimum) return 'below the minimum'
    if (check.maximum !== undefined && number > check.maximum) return 'above the maximum'
    return undefined
  }
  const length = [...value].length
  if (check.minLength !== undefined && length < check.minLength) return 'too short'
  if (check.maxLength !== undefined && length > check.maxLength) return 'too long'
  return undefined
}

function limitsOf({ type, check }: RequestParameter) {
  return check === undefined ? { type } : { type, expected: check }
}

/** A default for a parameter that passes through arrives at the backend as if the caller had sent it. */
function fillDefaults(request: readonly RequestParameter[], visit: Identified, outbound: Outbound): void {
  for (const { name, location, defaultValue = '' } of request) {
    if (
      location === 'QUERY' &&
      !visit.target.query.split('&').some(pair => readPair(pair.split('=', 1)[0]!) === name)
    ) {
      place({ name, location }, defaultValue, outbound)
    } else if (location === 'HEADER' && visit.head.field(name.toLowerCase()) === undefined) {
      place({ name, location }, defaultValue, outbound)
    }
  }
}

function queryWithout(query: string, names: ReadonlySet<string>): string {
  if (query === '') return query
  return query
    .split('&')
    .filter(pair => !names.has(readPair(pair.split('=', 1)[0]!)))
    .join('&')
}

const systemValues: Record<string, (visit: Identified) => string> = {
  sourceIp: ({ client }) => client.address,
  stage: ({ route }) => route.environment.name,
  apiId: ({ route }) => route.apiId,
  apiName: ({ route }) => route.apiName,
  appId: ({ caller }) => (caller.kind === 'app' ? caller.id : ''),
  appName: ({ caller }) => (caller.kind === 'app' ? caller.name : ''),
  requestId: ({ id }) => id,
}

function place(
  { name, location }: Pick<BackendParameter, 'name' | 'location'>,
  value: string,
  outbound: Outbound,
  encode: (text: string) => string | undefined = encodeSegment,
): Refusal | undefined {
  if (location === 'QUERY') {
    outbound.query += `${outbound.query === '' ? '' : '&'}${encodeQuery(name)}=${encodeQuery(value)}`
  } else if (location === 'PATH') {
    const encoded = encode(value)
    if (encoded === undefined) return refuse('0106', { check: 'value cannot stand in a path', parameter: name })
    ;(outbound.pathValues ??= {})[name] = encoded
  } else {
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      return refuse('0106', { check: 'value cannot stand in a header', parameter: name })
    }
    if (name.toLowerCase() === 'host') {
      if (!isHost(value)) return refuse('0106', { check: 'value cannot be a host', parameter: name })
      outbound.host = value
    } else outbound.extra += `${name}: ${Buffer.from(value, 'utf8').toString('latin1')}\r\n`
  }
  return undefined
}
