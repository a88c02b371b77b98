import { Type, type TProperties } from 'typebox'
import { closed, Flag, Id, Remark, WideName } from '../schema.ts'

/**
 * The definition of an API, as a request carries it and as an answer does.
 * Every value of the contract may be written, also where a gateway cannot do it yet: that it says so is its own business.
 */

/** One of these, but a plain text to the compiler, as documents keep it. */
export const Method = Type.Unsafe<string>(
  Type.Enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY']),
)
const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
/** A path with its templates, without a query. */
export const Path = Type.String({ pattern: '^/[^\\s?]*$', maxLength: 512 })
const parameterName = Type.String({ pattern: '^[A-Za-z][-A-Za-z0-9_.]*$', maxLength: 32 })
/** Milliseconds. More than 60000 only where the feature backend_timeout allows it. */
const timeout = Type.Integer({ minimum: 1, maximum: 600000 })

const requestParameter = {
  name: parameterName,
  type: Type.Enum(['STRING', 'NUMBER']),
  location: Type.Enum(['PATH', 'QUERY', 'HEADER', 'COOKIE']),
  /** 1 required, 2 not. A parameter of the path always is. */
  required: Type.Optional(Flag),
  /** 1: the limits below are enforced, 2: they are not. */
  valid_enable: Type.Optional(Flag),
  default_value: Text(255),
  sample_value: Text(255),
  remark: Text(255),
  /** Values, separated by commas. */
  enumerations: Type.Optional(Type.String()),
  min_num: Type.Optional(Type.Integer()),
  max_num: Type.Optional(Type.Integer()),
  min_size: Type.Optional(Type.Integer({ minimum: 1 })),
  max_size: Type.Optional(Type.Integer({ minimum: 1 })),
  /** 1: it travels on to the backend under its own name, 2: it does not. */
  pass_through: Type.Optional(Flag),
  /** Ids of orchestration rules; their order is their priority. */
  orchestrations: Type.Optional(Type.Array(Type.String())),
} satisfies TProperties

const backendParameter = {
  name: parameterName,
  origin: Type.Enum(['REQUEST', 'CONSTANT', 'SYSTEM']),
  location: Type.Enum(['PATH', 'QUERY', 'HEADER']),
  /** REQUEST: the name of a request parameter. CONSTANT: the value. SYSTEM: `$context.` and a name. */
  value: Type.String({ maxLength: 255 }),
  remark: Text(255),
} satisfies TProperties

/** What is in the answer is what was written, but closed, and with the ids that the server gave. */
const RequestParameterBody = Type.Object(requestParameter)
const RequestParameter = closed({ ...requestParameter, id: Id })
const BackendParameterBody = Type.Object(backendParameter)
const BackendParameter = closed({ ...backendParameter, id: Id, req_param_id: Type.Optional(Type.String()) })

const VpcChannel = Type.Object({
  vpc_channel_id: Type.String({ minLength: 1 }),
  /** The Host header for the members. */
  vpc_channel_proxy_host: Text(255),
  /** Of an answer: the channel's port. */
  vpc_channel_port: Type.Optional(Type.Integer()),
})

const backendVersion = { version: Text(64), remark: Text(255), authorizer_id: Type.Optional(Type.String()) }

const httpBackend = {
  /** `host` or `host:port`; `#variables#` allowed. */
  url_domain: Text(255),
  req_protocol: Type.Enum(['HTTP', 'HTTPS', 'GRPC', 'GRPCS']),
  req_method: Method,
  req_uri: Path,
  timeout,
  /** A number in text, -1 to 10. -1: once more if the method is idempotent. */
  retry_count: Type.Optional(Type.String({ pattern: '^(-1|[0-9]|10)$', default: '-1' })),
  enable_client_ssl: Type.Optional(Type.Boolean({ default: false })),
  enable_sm_channel: Type.Optional(Type.Boolean()),
  /** 1 a channel, 2 an address, 4 groups of several channels. */
  vpc_channel_status: Type.Optional(Type.Enum([1, 2, 4], { default: 2 })),
  vpc_channel_info: Type.Optional(VpcChannel),
  member_group_url_infos: Type.Optional(
    Type.Array(
      Type.Object({ member_group_id: Type.String(), req_protocol: Type.String(), req_method: Method, req_uri: Path }),
    ),
  ),
  ...backendVersion,
} satisfies TProperties

const functionBackend = {
  function_urn: Type.String({ minLength: 1 }),
  invocation_type: Type.Enum(['sync', 'async']),
  network_type: Type.Enum(['V1', 'V2']),
  timeout,
  alias_urn: Type.Optional(Type.String()),
  req_protocol: Type.Optional(Type.Enum(['HTTPS', 'GRPCS'])),
  ...backendVersion,
} satisfies TProperties

const mockBackend = {
  result_content: Text(20480),
  /** In no published model, and sent by every Terraform. */
  status_code: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, default: 200 })),
  ...backendVersion,
} satisfies TProperties

const condition = {
  condition_origin: Type.Enum(['param', 'source', 'system', 'cookie', 'frontend_authorizer', 'orchestration']),
  condition_type: Type.Optional(Type.Enum(['exact', 'enum', 'pattern'])),
  condition_value: Type.String({ minLength: 1, maxLength: 1024 }),
  req_param_name: Type.Optional(Type.String()),
  sys_param_name: Type.Optional(Type.Enum(['req_path', 'req_method'])),
  cookie_param_name: Type.Optional(Type.String()),
  frontend_authorizer_param_name: Type.Optional(Type.String()),
  mapped_param_name: Type.Optional(Type.String()),
  mapped_param_location: Type.Optional(Type.String()),
} satisfies TProperties

const policy = {
  name: Type.String({ minLength: 3, maxLength: 64 }),
  effect_mode: Type.Enum(['ALL', 'ANY']),
} satisfies TProperties

function policyBody<P extends TProperties>(backend: P) {
  return Type.Optional(
    Type.Array(
      Type.Object({
        ...policy,
        ...backend,
        conditions: Type.Array(Type.Object(condition)),
        backend_params: Type.Optional(Type.Array(BackendParameterBody)),
      }),
    ),
  )
}

function policyAnswer<P extends TProperties>(backend: P) {
  const answered = closed({
    ...condition,
    id: Id,
    req_param_id: Type.Optional(Type.String()),
    req_param_location: Type.Optional(Type.String()),
  })
  return Type.Optional(
    Type.Array(
      closed({
        ...policy,
        ...backend,
        id: Id,
        conditions: Type.Array(answered),
        backend_params: Type.Optional(Type.Array(BackendParameter)),
      }),
    ),
  )
}

/** Of a policy, the timeout may be left to the default backend. */
const policyHttp = { ...httpBackend, timeout: Type.Optional(timeout) }

/** What a request and an answer have in common. */
const front = {
  name: WideName,
  /** 1 public, 2 private. */
  type: Flag,
  version: Text(64),
  req_protocol: Type.Optional(Type.Enum(['HTTP', 'HTTPS', 'BOTH', 'GRPCS'], { default: 'HTTPS' })),
  req_method: Method,
  req_uri: Path,
  auth_type: Type.Enum(['NONE', 'APP', 'IAM', 'AUTHORIZER']),
  auth_opt: Type.Optional(
    Type.Object({
      app_code_auth_type: Type.Optional(Type.Enum(['DISABLE', 'HEADER'], { default: 'DISABLE' })),
    }),
  ),
  match_mode: Type.Optional(Type.Enum(['NORMAL', 'SWA'], { default: 'NORMAL' })),
  cors: Type.Optional(Type.Boolean({ default: false })),
  group_id: Type.String({ minLength: 1 }),
  authorizer_id: Type.Optional(Type.String()),
  response_id: Type.Optional(Type.String()),
  tags: Type.Optional(
    Type.Array(
      Type.String({ pattern: '^[A-Za-z\\u4e00-\\u9fff][-A-Za-z0-9*#%.:_\\u4e00-\\u9fff]*$', maxLength: 128 }),
      {
        maxItems: 10,
      },
    ),
  ),
  remark: Remark,
  body_remark: Text(20480),
  result_normal_sample: Text(20480),
  result_failure_sample: Text(20480),
  content_type: Type.Optional(Type.Enum(['application/json', 'application/xml', 'multipart/form-data', 'text/plain'])),
  is_send_fg_body_base64: Type.Optional(Type.Boolean({ default: true })),
  trace_enabled: Type.Optional(Type.Boolean()),
  sampling_strategy: Type.Optional(Type.Enum(['RATE'])),
  /** A percentage in text. */
  sampling_param: Type.Optional(Type.String({ pattern: '^([0-9]{1,2}|100)$' })),
  backend_type: Type.Enum(['HTTP', 'FUNCTION', 'MOCK', 'GRPC']),
} satisfies TProperties

export const ApiBody = Type.Object({
  ...front,
  req_params: Type.Optional(Type.Array(RequestParameterBody)),
  backend_params: Type.Optional(Type.Array(BackendParameterBody)),
  backend_api: Type.Optional(Type.Object(httpBackend)),
  func_info: Type.Optional(Type.Object(functionBackend)),
  mock_info: Type.Optional(Type.Object(mockBackend)),
  policy_https: policyBody(policyHttp),
  policy_functions: policyBody(functionBackend),
  policy_mocks: policyBody(mockBackend),
})

/** The front part of an answer: what callers of the API need to know. */
export const answeredFront = {
  ...front,
  id: Id,
  group_name: Type.String(),
  req_params: Type.Optional(Type.Array(RequestParameter)),
  /** Of every environment in which the API is published, newest first, joined by `|`; empty when there is none. */
  run_env_id: Type.String(),
  /** In the same order, as are `publish_id` and `publish_time`. */
  run_env_name: Type.String(),
  publish_id: Type.String(),
  sl_domain: Type.String(),
  sl_domains: Type.Array(Type.String()),
} satisfies TProperties

/** What an answer adds to the front part. */
export const answeredWhole = {
  ...answeredFront,
  status: Type.Integer(),
  arrange_necessary: Flag,
  register_time: Type.String(),
  update_time: Type.String(),
  group_version: Type.String(),
  publish_time: Type.String(),
  api_group_info: Type.Optional(Type.Object({ id: Id, name: Type.String() })),
  backend_params: Type.Optional(Type.Array(BackendParameter)),
  backend_api: Type.Optional(closed({ ...httpBackend, id: Id, status: Type.Optional(Type.Integer()) })),
  func_info: Type.Optional(closed({ ...functionBackend, id: Id })),
  mock_info: Type.Optional(closed({ ...mockBackend, id: Id })),
  policy_https: policyAnswer(policyHttp),
  policy_functions: policyAnswer(functionBackend),
  policy_mocks: policyAnswer(mockBackend),
} satisfies TProperties
