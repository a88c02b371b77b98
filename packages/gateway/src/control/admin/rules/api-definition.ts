import { hexId } from '../../../base/ids.ts'
import type { ApiDefinition, ApiHttpBackend, ApiMockBackend } from '../../documents/documents.ts'
import { AdminError, invalid, missing, tooLarge, tooSmall, unsupported } from '../admin-error.ts'
import { isBackendAddress } from './hosts.ts'
import {
  backendParameters,
  requestParameters,
  sameNames,
  type BackendParameterBody,
  type RequestParameterBody,
} from './parameters.ts'
import { backendPathNames, frontendPathNames, type MatchMode } from './paths.ts'

/** An API as a client writes it. Only what the checks below look at; other fields of the contract are ignored. */
export interface ApiBody {
  readonly name: string
  readonly type: number
  readonly version?: string | undefined
  readonly req_protocol?: string | undefined
  readonly req_method: string
  readonly req_uri: string
  readonly match_mode?: string | undefined
  readonly auth_type: string
  readonly auth_opt?: { readonly app_code_auth_type?: string | undefined } | undefined
  readonly authorizer_id?: string | undefined
  readonly cors?: boolean | undefined
  readonly response_id?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly remark?: string | undefined
  readonly body_remark?: string | undefined
  readonly result_normal_sample?: string | undefined
  readonly result_failure_sample?: string | undefined
  readonly content_type?: string | undefined
  readonly is_send_fg_body_base64?: boolean | undefined
  readonly trace_enabled?: boolean | undefined
  readonly req_params?: readonly RequestParameterBody[] | undefined
  readonly backend_params?: readonly BackendParameterBody[] | undefined
  readonly backend_type: string
  readonly backend_api?: HttpBackendBody | undefined
  readonly mock_info?: MockBackendBody | undefined
  readonly policy_https?: readonly unknown[] | undefined
  readonly policy_mocks?: readonly unknown[] | undefined
  readonly policy_functions?: readonly unknown[] | undefined
}

export interface HttpBackendBody {
  readonly url_domain?: string | undefined
  readonly vpc_channel_status?: number | undefined
  readonly vpc_channel_info?: unknown
  readonly member_group_url_infos?: readonly unknown[] | undefined
  readonly req_protocol?: string | undefined
  readonly req_method?: string | undefined
  readonly req_uri?: string | undefined
  readonly timeout?: number | undefined
  readonly retry_count?: string | number | undefined
  readonly enable_client_ssl?: boolean | undefined
  readonly enable_sm_channel?: boolean | undefined
  readonly authorizer_id?: string | undefined
  readonly version?: string | undefined
  readonly remark?: string | undefined
}

export interface MockBackendBody {
  readonly result_content?: string | undefined
  readonly status_code?: number | undefined
  readonly authorizer_id?: string | undefined
  readonly version?: string | undefined
  readonly remark?: string | undefined
}

/** Milliseconds, as long as no feature says otherwise. */
export const backendTimeoutLimit = 60_000
const mockContentLimit = 2048
const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'])
const tag = /^[\p{Script=Han}A-Za-z][\p{Script=Han}A-Za-z0-9\-*#%.:_]{0,127}$/u

/**
 * What is stored of an API: the body, checked, with the contract's defaults. What this Pailou cannot obey is refused
 * and not stored. `previous` is the definition that an update replaces; parts that stay keep their ids.
 * `mostTimeout` is how many milliseconds a backend may be given, 60000 unless given.
 * Throws AdminError naming the field.
 */
export function definitionOf(
  body: ApiBody,
  previous?: ApiDefinition,
  mostTimeout: number = backendTimeoutLimit,
): ApiDefinition {
  refuseUnsupported(body)
  const match_mode: MatchMode = body.match_mode === 'SWA' ? 'SWA' : 'NORMAL'
  if (!methods.has(body.req_method)) throw invalid('req_method')
  const names = frontendPathNames(body.req_uri, match_mode)
  const req_params = requestParameters(body.req_params ?? [], keptIds(previous?.req_params))
  if (!sameNames(names, req_params)) throw new AdminError('APIG.2026')
  const backend_params = backendParameters(body.backend_params ?? [], req_params, keptIds(previous?.backend_params))
  const definition = {
    name: body.name,
    type: body.type === 2 ? 2 : 1,
    version: body.version ?? '',
    req_protocol: (body.req_protocol ?? 'HTTPS') as ApiDefinition['req_protocol'],
    req_method: body.req_method,
    req_uri: body.req_uri,
    match_mode,
    auth_type: body.auth_type as ApiDefinition['auth_type'],
    auth_opt: { app_code_auth_type: body.auth_opt?.app_code_auth_type === 'HEADER' ? 'HEADER' : 'DISABLE' },
    cors: false,
    ...(body.response_id && { response_id: body.response_id }),
    remark: body.remark ?? '',
    body_remark: body.body_remark ?? '',
    result_normal_sample: body.result_normal_sample ?? '',
    result_failure_sample: body.result_failure_sample ?? '',
    tags: tagsOf(body.tags ?? []),
    is_send_fg_body_base64: body.is_send_fg_body_base64 ?? true,
    req_params,
    backend_params,
  } as const
  if (body.backend_type === 'MOCK') {
    return { ...definition, backend_type: 'MOCK', mock_info: mockBackend(body.mock_info, previous?.mock_info) }
  }
  const backend_api = httpBackend(body.backend_api, previous?.backend_api, mostTimeout)
  if (!sameNames(backendPathNames(backend_api.req_uri, 'backend_api.req_uri'), backend_params))
    throw new AdminError('APIG.2027')
  return { ...definition, backend_type: 'HTTP', backend_api }
}

function refuseUnsupported(body: ApiBody): void {
  if (body.auth_type !== 'NONE' && body.auth_type !== 'APP') throw unsupported('auth_type')
  if (body.backend_type !== 'HTTP' && body.backend_type !== 'MOCK') throw unsupported('backend_type')
  if (body.req_protocol === 'GRPCS') throw unsupported('req_protocol')
  if (body.authorizer_id) throw unsupported('authorizer_id')
  if (body.cors === true) throw unsupported('cors')
  if (body.content_type) throw unsupported('content_type')
  if (body.trace_enabled === true) throw unsupported('trace_enabled')
  for (const field of ['policy_https', 'policy_mocks', 'policy_functions'] as const) {
    if ((body[field]?.length ?? 0) > 0) throw unsupported(field)
  }
}

function httpBackend(
  body: HttpBackendBody | undefined,
  previous: ApiHttpBackend | undefined,
  mostTimeout: number,
): ApiHttpBackend {
  if (body === undefined) throw missing('backend_api')
  if (body.vpc_channel_status === 1 || body.vpc_channel_status === 4)
    throw unsupported('backend_api.vpc_channel_status')
  if (hasContent(body.vpc_channel_info)) throw unsupported('backend_api.vpc_channel_info')
  if ((body.member_group_url_infos?.length ?? 0) > 0) throw unsupported('backend_api.member_group_url_infos')
  if (body.authorizer_id) throw unsupported('backend_api.authorizer_id')
  if (body.enable_client_ssl === true) throw unsupported('backend_api.enable_client_ssl')
  if (body.enable_sm_channel === true) throw unsupported('backend_api.enable_sm_channel')
  if (body.req_protocol === 'GRPC' || body.req_protocol === 'GRPCS') throw unsupported('backend_api.req_protocol')
  if (body.url_domain === undefined) throw missing('backend_api.url_domain')
  if (!isBackendAddress(body.url_domain))
    throw new AdminError('APIG.2024', 'Invalid URL domain,parameterName:backend_api.url_domain')
  if (body.req_protocol === undefined) throw missing('backend_api.req_protocol')
  if (body.req_method === undefined) throw missing('backend_api.req_method')
  if (!methods.has(body.req_method)) throw invalid('backend_api.req_method')
  if (body.req_uri === undefined) throw missing('backend_api.req_uri')
  return {
    id: previous?.id ?? hexId(),
    url_domain: body.url_domain,
    req_protocol: body.req_protocol as ApiHttpBackend['req_protocol'],
    req_method: body.req_method,
    req_uri: body.req_uri,
    timeout: between(body.timeout ?? 5000, 1, mostTimeout, 'backend_api.timeout'),
    retry_count: retryCount(body.retry_count),
    remark: body.remark ?? '',
    version: body.version ?? '',
    enable_client_ssl: false,
    vpc_channel_status: 2,
  }
}

function mockBackend(body: MockBackendBody | undefined, previous: ApiMockBackend | undefined): ApiMockBackend {
  if (body === undefined) throw missing('mock_info')
  if (body.authorizer_id) throw unsupported('mock_info.authorizer_id')
  if (Buffer.byteLength(body.result_content ?? '') > mockContentLimit) throw tooLarge('mock_info.result_content')
  return {
    id: previous?.id ?? hexId(),
    result_content: body.result_content ?? '',
    status_code: between(body.status_code ?? 200, 200, 599, 'mock_info.status_code'),
    remark: body.remark ?? '',
    version: body.version ?? '',
  }
}

function retryCount(value: string | number | undefined): string {
  const text = String(value ?? '-1')
  if (!/^(-1|\d{1,2})$/.test(text) || Number(text) > 10) throw invalid('backend_api.retry_count')
  return String(Number(text))
}

function tagsOf(tags: readonly string[]): readonly string[] {
  if (tags.length > 10) throw new AdminError('APIG.3133')
  if (!tags.every(text => tag.test(text)) || new Set(tags).size !== tags.length) throw invalid('tags')
  return tags
}

function between(value: number, low: number, high: number, field: string): number {
  if (value < low) throw tooSmall(field)
  if (value > high) throw tooLarge(field)
  return value
}

/** The provider sends an empty object, or one of empty strings, for what nobody has configured. */
function hasContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).some(Boolean)
}

function keptIds(
  previous: readonly { readonly id: string; readonly location: string; readonly name: string }[] | undefined,
) {
  const ids = new Map(previous?.map(({ id, location, name }) => [`${location} ${name}`, id]))
  return (location: string, name: string): string => ids.get(`${location} ${name}`) ?? hexId()
}
