import type { BackendParameter, ParameterSettings, RequestParameter } from '../../seam/plans.ts'
import type { ApiBackendParameter, ApiDefinition, ApiRequestParameter } from '../documents/documents.ts'
import { backendPathNames } from './path-template.ts'
import type { Refuse } from './rehearsal-error.ts'

/** Undefined when the API declares nothing. */
export function compileParameters(definition: ApiDefinition, refuse: Refuse): ParameterSettings | undefined {
  const { req_params, backend_params } = definition
  refuseUnfilledPath(definition, refuse)
  if (req_params.length === 0 && backend_params.length === 0) return undefined
  return {
    request: req_params.map((parameter, at) => requestParameter(parameter, `req_params[${at}]`, refuse)),
    backend: backend_params.map((parameter, at) =>
      backendParameter(parameter, req_params, `backend_params[${at}]`, refuse),
    ),
  }
}

function requestParameter(declared: ApiRequestParameter, field: string, refuse: Refuse): RequestParameter {
  const { name, location, type, default_value: defaultValue } = declared
  const required = location === 'PATH' || declared.required === 1
  return {
    name,
    location,
    required,
    type,
    // Clients send an empty text for "none".
    ...(!required && defaultValue ? { defaultValue } : {}),
    ...(declared.valid_enable === 1 ? { check: checkOf(declared, field, refuse) } : {}),
    passThrough: declared.pass_through === 1,
  }
}

function checkOf(declared: ApiRequestParameter, field: string, refuse: Refuse): NonNullable<RequestParameter['check']> {
  const values = declared.enumerations ? { values: declared.enumerations.split(',') } : {}
  if (declared.type === 'NUMBER') {
    const { least, most } = bounds(declared.min_num, declared.max_num, `${field}.max_num`, refuse)
    return {
      ...values,
      ...(least === undefined ? {} : { minimum: least }),
      ...(most === undefined ? {} : { maximum: most }),
    }
  }
  const { least, most } = bounds(declared.min_size, declared.max_size, `${field}.max_size`, refuse)
  return {
    ...values,
    ...(least === undefined ? {} : { minLength: least }),
    ...(most === undefined ? {} : { maxLength: most }),
  }
}

/** Clients send 0 for what nobody set: 0 to 0 is no bound at all, and 5 to 0 has only a lower one. */
function bounds(least: number | undefined, most: number | undefined, field: string, refuse: Refuse) {
  const upper = most === 0 && (least ?? 0) >= 0 ? undefined : most
  const lower = least === 0 && most === 0 ? undefined : least
  if (lower !== undefined && upper !== undefined && lower > upper) refuse(field, `is below the least value, ${lower}`)
  return { least: lower, most: upper }
}

function backendParameter(
  { name, location, origin, value }: ApiBackendParameter,
  request: readonly ApiRequestParameter[],
  field: string,
  refuse: Refuse,
): BackendParameter {
  if (origin === 'CONSTANT') return { name, location, origin, value }
  if (origin === 'SYSTEM') {
    const system = /^\$context\.(.+)$/.exec(value)?.[1]
    return { name, location, origin, value: system ?? refuse(`${field}.value`, 'has to begin with $context.') }
  }
  // Names are compared without regard to case; traffic gets the name as it was declared.
  const source = request.find(parameter => parameter.name.toLowerCase() === value.toLowerCase())
  return { name, location, origin, value: source?.name ?? refuse(`${field}.value`, `no request parameter ${value}`) }
}

/** A placeholder that nothing fills would reach the backend as it is written. */
function refuseUnfilledPath({ backend_api: backend, backend_params }: ApiDefinition, refuse: Refuse): void {
  if (backend === undefined) return
  const filled = new Set(backend_params.filter(({ location }) => location === 'PATH').map(({ name }) => name))
  for (const name of backendPathNames(backend.req_uri)) {
    if (!filled.has(name)) refuse('backend_api.req_uri', `no backend parameter fills {${name}}`)
  }
}
