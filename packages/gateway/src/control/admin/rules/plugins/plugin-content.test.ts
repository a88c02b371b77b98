import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'

import type { PluginType } from '../../../documents/plugin.ts'
import { AdminError } from '../../admin-error.ts'
import { channelsIn, contentOf } from './plugin-content.ts'

const cors = {
  allow_origin: 'https://a.example, *.b.example',
  allow_methods: 'GET,POST',
  allow_headers: 'Content-Type,Accept',
  expose_headers: 'X-Request-Id',
  max_age: 172_800,
  allow_credentials: true,
}

const header = { name: 'X-Level', value: 'info', value_type: 'custom_value', action: 'override' }

const rateLimit = {
  scope: 'basic',
  default_time_unit: 'minute',
  default_interval: 1,
  api_limit: 25,
  app_limit: 10,
  user_limit: 15,
  ip_limit: 25,
  algorithm: 'counter',
  specials: [{ type: 'app', policies: [{ key: 'an-app', limit: 10 }] }],
  parameters: [
    { type: 'path', name: 'reqPath', value: 'reqPath' },
    { type: 'system', name: 'serverName', value: 'serverName' },
  ],
  rules: [
    {
      rule_name: 'one',
      match_regex: '["AND",["method","~=","POST"],["OR",["reqPath","~~","^/a/.*"],["method","in","GET,PUT"]]]',
      time_unit: 'minute',
      interval: 1,
      limit: 20,
    },
  ],
}

const kafkaLog = {
  broker_list: ['10.0.0.1:9092', 'kafka.example:9093'],
  topic: 'calls',
  key: '',
  max_retry_count: 0,
  retry_backoff: 1,
  sasl_config: {
    security_protocol: 'PLAINTEXT',
    sasl_mechanisms: 'PLAIN',
    sasl_username: '',
    sasl_password: '',
    ssl_ca_content: '',
  },
  meta_config: {
    system: { start_time: true, api_id: false },
    call_data: {
      log_request_header: true,
      request_header_filter: 'X-*',
      custom_authorizer: { frontend: ['user_name'], backend: [] },
    },
  },
}

const condition = {
  breaker_type: 'timeout',
  breaker_mode: 'percentage',
  unhealthy_condition: '',
  unhealthy_threshold: 30,
  min_call_threshold: 20,
  unhealthy_percentage: 51,
  time_window: 15,
  open_breaker_time: 15,
}
const breaker = {
  breaker_condition: condition,
  downgrade_default: null,
  downgrade_parameters: null,
  downgrade_rules: null,
  scope: 'share',
}
const none = { http_info: null, http_vpc_info: null, func_info: null, mock_info: null, passthrough_infos: null }
const downgrading = {
  ...breaker,
  downgrade_default: {
    ...none,
    type: 'http',
    http_info: {
      isVpc: false,
      vpc_channel_id: '',
      address: '10.0.0.1:80',
      scheme: 'HTTP',
      method: 'GET',
      path: '/',
      timeout: 5,
    },
  },
  downgrade_parameters: [{ type: 'query', name: 'kind', value: 'kind' }],
  downgrade_rules: [
    {
      rule_name: 'one',
      match_regex: '["kind","~=","Token"]',
      parameters: ['reqPath', { type: 'query', name: 'kind', value: 'kind' }],
      breaker_condition: {
        ...condition,
        breaker_type: 'condition',
        breaker_mode: 'counter',
        unhealthy_condition: '["OR",["$context.statusCode","in","500,504"],["$context.backendResponseTime",">",6000]]',
      },
      downgrade_backend: { ...none, type: 'mock', mock_info: { status_code: 200, result_content: '{}', headers: [] } },
    },
  ],
}

const thirdAuth = {
  auth_request: {
    method: 'GET',
    protocol: 'HTTPS',
    url_domain: 'auth.example',
    path: '/check',
    timeout: 5000,
    vpc_channel_enabled: false,
    vpc_channel_info: null,
  },
  identities: { headers: [{ name: 'X-Token' }], queries: null },
  carry_body: { enabled: true, max_body_size: 1000 },
  carry_path_enabled: true,
  return_resp_body_enabled: false,
  carry_resp_headers: [],
  simple_auth_mode_enabled: true,
  match_auth: null,
  parameters: null,
  rules: null,
  rule_type: 'allow',
  rule_enabled: false,
  custom_forbid_limit: 100,
  auth_downgrade_enabled: true,
}
const request = thirdAuth.auth_request
const byChannel = {
  ...request,
  url_domain: '',
  vpc_channel_enabled: true,
  vpc_channel_info: { vpc_id: 'c1', vpc_proxy_host: '' },
}

const proxyCache = {
  cache_key: { system_params: [], parameters: ['kind'], headers: [] },
  cache_http_status_and_ttl: [{ http_status: [200, 404], ttl: 5 }],
  client_cache_control: { mode: 'off', datas: [] },
  cacheable_headers: ['X-Kind'],
}

const proxyMirror = {
  protocol: 'HTTPS',
  host: 'mirror.example:7443',
  sample_ratio: 0.1,
  timeout: 5000,
  mirror_request_body_enabled: true,
  path: '/copy',
  path_concat_mode: 'prefix',
}

const oidcAuth = {
  client_id: 'gateway',
  client_secret: 'do-not-repeat-me',
  discovery: 'https://idp.example/.well-known/openid-configuration',
  redirect_api_id: 'an-api',
}

const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = { ...keyPair.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256' }
const pem = String(keyPair.publicKey.export({ format: 'pem', type: 'spki' }))
const keys = (...all: unknown[]) => JSON.stringify({ keys: all })
const jwtAuth = { jwks: keys(key), token_location: 'header', token_expiration_tolerance: '60' }

const without = (content: object, field: string) =>
  Object.fromEntries(Object.entries(content).filter(([name]) => name !== field))

describe('a content is taken', () => {
  const cases: [what: string, type: PluginType, content: object][] = [
    ['with everything that it may have', 'cors', cors],
    ['with an origin alone', 'cors', { allow_origin: '*' }],
    ['with fields that nobody has published', 'cors', { ...cors, focused: true }],
    [
      'with each action',
      'set_resp_headers',
      {
        response_headers: [
          header,
          { ...header, name: 'X-Status', value: '$context.cacheStatus', value_type: 'system_parameter', action: 'add' },
          { ...header, name: 'X-Gone', value: '', action: 'delete' },
        ],
      },
    ],
    ['with limits, specials and rules', 'rate_limit', rateLimit],
    ['without a limit for the API', 'rate_limit', { ...rateLimit, api_limit: -1, user_limit: 0, app_limit: 99 }],
    ['with blanks for credentials', 'kafka_log', kafkaLog],
    ['with nothing but brokers and a topic', 'kafka_log', { broker_list: ['[::1]:9092'], topic: 't' }],
    ['with nothing to downgrade to', 'breaker', breaker],
    ['with downgrades of two kinds', 'breaker', downgrading],
    ['that asks an address', 'third_auth', thirdAuth],
    ['that asks a channel', 'third_auth', { ...thirdAuth, auth_request: byChannel }],
    ['with a status and a time', 'proxy_cache', proxyCache],
    ['with a ratio', 'proxy_mirror', proxyMirror],
    ['with an address alone', 'proxy_mirror', { protocol: 'HTTP', host: '10.0.0.1' }],
    ['with what has to be there', 'oidc_auth', oidcAuth],
    ['with a key of its own', 'oidc_auth', { ...oidcAuth, jwks_enabled: false, public_key: pem }],
    ['with its keys', 'jwt_auth', jwtAuth],
    [
      'with a service for its keys',
      'jwt_auth',
      { jwks_service: { url_domain: 'idp.example' }, blacklist: [{ claim: 'sub' }] },
    ],
  ]
  for (const [what, type, content] of cases) {
    test(`${type} ${what}`, () => assert.ok(contentOf(type, JSON.stringify(content))))
  }
})

describe('a content is refused', () => {
  const tooDeep = (text: string) => ({ ...rateLimit, rules: [{ ...rateLimit.rules[0], match_regex: text }] })
  const rule = 'rules[0].match_regex'
  const downgrade = (backend: object) => ({ ...breaker, downgrade_default: { ...none, ...backend } })
  const cases: [what: string, type: PluginType, content: object, code: string, field: string][] = [
    ['without an origin', 'cors', without(cors, 'allow_origin'), 'APIG.2001', 'allow_origin'],
    ['with a line break in its origin', 'cors', { ...cors, allow_origin: 'a\r\nX-B: c' }, 'APIG.2011', 'allow_origin'],
    ['with a method that is none', 'cors', { ...cors, allow_methods: 'GET,FETCH' }, 'APIG.2011', 'allow_methods'],
    ['with a header that is none', 'cors', { ...cors, allow_headers: 'X Y' }, 'APIG.2011', 'allow_headers'],
    ['that is remembered too long', 'cors', { ...cors, max_age: 172_801 }, 'APIG.2003', 'max_age'],
    ['with a flag in text', 'cors', { ...cors, allow_credentials: 'true' }, 'APIG.2011', 'allow_credentials'],

    ['without headers', 'set_resp_headers', { response_headers: [] }, 'APIG.2011', 'response_headers'],
    [
      'with eleven headers',
      'set_resp_headers',
      { response_headers: Array.from({ length: 11 }, (_, n) => ({ ...header, name: `X-${n}` })) },
      'APIG.2011',
      'response_headers',
    ],
    [
      'with one header twice',
      'set_resp_headers',
      { response_headers: [header, { ...header, name: 'x-level' }] },
      'APIG.2011',
      'response_headers[1].name',
    ],
    [
      "with one of the gateway's",
      'set_resp_headers',
      { response_headers: [{ ...header, name: 'X-Request-Id' }] },
      'APIG.2011',
      'response_headers[0].name',
    ],
    [
      'with one of cors',
      'set_resp_headers',
      { response_headers: [{ ...header, name: 'Access-Control-Max-Age' }] },
      'APIG.2011',
      'response_headers[0].name',
    ],
    [
      'with a line break',
      'set_resp_headers',
      { response_headers: [{ ...header, value: 'a\nb' }] },
      'APIG.2011',
      'response_headers[0].value',
    ],
    [
      'with an unknown action',
      'set_resp_headers',
      { response_headers: [{ ...header, action: 'replace' }] },
      'APIG.2004',
      'response_headers[0].action',
    ],
    [
      'with a system value that is none',
      'set_resp_headers',
      { response_headers: [{ ...header, value_type: 'system_parameter' }] },
      'APIG.2011',
      'response_headers[0].value',
    ],

    ['without a limit', 'rate_limit', without(rateLimit, 'api_limit'), 'APIG.2001', 'api_limit'],
    ['with a limit of none', 'rate_limit', { ...rateLimit, api_limit: 0 }, 'APIG.2011', 'api_limit'],
    ['with a limit below none', 'rate_limit', { ...rateLimit, api_limit: -2 }, 'APIG.2002', 'api_limit'],
    ['with more for an address than for all', 'rate_limit', { ...rateLimit, ip_limit: 26 }, 'APIG.2003', 'ip_limit'],
    ['with more for a user than for all', 'rate_limit', { ...rateLimit, user_limit: 26 }, 'APIG.2003', 'user_limit'],
    ['with more for an app than for a user', 'rate_limit', { ...rateLimit, app_limit: 16 }, 'APIG.2003', 'app_limit'],
    [
      'with an unknown unit',
      'rate_limit',
      { ...rateLimit, default_time_unit: 'week' },
      'APIG.2004',
      'default_time_unit',
    ],
    [
      'with a special of nobody',
      'rate_limit',
      { ...rateLimit, specials: [{ type: 'ip', policies: [] }] },
      'APIG.2004',
      'specials[0].type',
    ],
    ['with an expression that is no JSON', 'rate_limit', tooDeep('reqPath == /a'), 'APIG.2011', rule],
    ['with an expression of two', 'rate_limit', tooDeep('["reqPath","=="]'), 'APIG.2011', rule],
    ['with an unknown operator', 'rate_limit', tooDeep('["reqPath","like","/a"]'), 'APIG.2011', rule],
    ['with an empty AND', 'rate_limit', tooDeep('["AND"]'), 'APIG.2011', rule],
    ['with a pattern that is none', 'rate_limit', tooDeep('["reqPath","~~","("]'), 'APIG.2011', rule],
    ['with a comparison of text', 'rate_limit', tooDeep('["length",">","long"]'), 'APIG.2011', rule],

    ['without brokers', 'kafka_log', { ...kafkaLog, broker_list: [] }, 'APIG.2011', 'broker_list'],
    [
      'with a broker without a port',
      'kafka_log',
      { ...kafkaLog, broker_list: ['10.0.0.1'] },
      'APIG.2011',
      'broker_list[0]',
    ],
    ['with too many retries', 'kafka_log', { ...kafkaLog, max_retry_count: 6 }, 'APIG.2003', 'max_retry_count'],
    [
      'without a password',
      'kafka_log',
      { ...kafkaLog, sasl_config: { security_protocol: 'SASL_SSL', sasl_username: 'u' } },
      'APIG.2001',
      'sasl_config.sasl_password',
    ],

    ['without a condition', 'breaker', without(breaker, 'breaker_condition'), 'APIG.2001', 'breaker_condition'],
    [
      'of percent without a percentage',
      'breaker',
      { ...breaker, breaker_condition: without(condition, 'unhealthy_percentage') },
      'APIG.2001',
      'breaker_condition.unhealthy_percentage',
    ],
    [
      'of a count without a threshold',
      'breaker',
      { ...breaker, breaker_condition: { ...without(condition, 'unhealthy_threshold'), breaker_mode: 'counter' } },
      'APIG.2001',
      'breaker_condition.unhealthy_threshold',
    ],
    [
      'of a condition without one',
      'breaker',
      { ...breaker, breaker_condition: { ...condition, breaker_type: 'condition' } },
      'APIG.2001',
      'breaker_condition.unhealthy_condition',
    ],
    ['that downgrades to nowhere', 'breaker', downgrade({ type: 'http' }), 'APIG.2001', 'downgrade_default.http_info'],
    [
      'that downgrades to no address',
      'breaker',
      downgrade({ type: 'http', http_info: { address: 'a b' } }),
      'APIG.2011',
      'downgrade_default.http_info.address',
    ],
    [
      'that downgrades to no channel',
      'breaker',
      downgrade({ type: 'http', http_info: { isVpc: true } }),
      'APIG.2001',
      'downgrade_default.http_info.vpc_channel_id',
    ],
    [
      'that downgrades to no function',
      'breaker',
      downgrade({ type: 'function' }),
      'APIG.2001',
      'downgrade_default.func_info',
    ],

    [
      'without an address',
      'third_auth',
      { ...thirdAuth, auth_request: without(request, 'url_domain') },
      'APIG.2001',
      'auth_request.url_domain',
    ],
    [
      'without a channel',
      'third_auth',
      { ...thirdAuth, auth_request: { ...byChannel, vpc_channel_info: null } },
      'APIG.2001',
      'auth_request.vpc_channel_info',
    ],
    [
      'with an unknown method',
      'third_auth',
      { ...thirdAuth, auth_request: { ...request, method: 'PATCH' } },
      'APIG.2004',
      'auth_request.method',
    ],
    ['without a yes', 'third_auth', { ...thirdAuth, simple_auth_mode_enabled: false }, 'APIG.2001', 'match_auth'],
    [
      'with eleven identities',
      'third_auth',
      { ...thirdAuth, identities: { headers: Array.from({ length: 11 }, (_, n) => ({ name: `h${n}` })) } },
      'APIG.2011',
      'identities.headers',
    ],

    ['without a key', 'proxy_cache', { ...proxyCache, cache_key: {} }, 'APIG.2001', 'cache_key'],
    [
      'that is kept too long',
      'proxy_cache',
      { ...proxyCache, cache_http_status_and_ttl: [{ http_status: [200], ttl: 720_001 }] },
      'APIG.2003',
      'cache_http_status_and_ttl[0].ttl',
    ],
    [
      'of apps without apps',
      'proxy_cache',
      { ...proxyCache, client_cache_control: { mode: 'apps', datas: [] } },
      'APIG.2001',
      'client_cache_control.datas',
    ],

    ['without a host', 'proxy_mirror', without(proxyMirror, 'host'), 'APIG.2001', 'host'],
    ['with a host and a path', 'proxy_mirror', { ...proxyMirror, host: 'mirror.example/a' }, 'APIG.2011', 'host'],
    ['of more than everything', 'proxy_mirror', { ...proxyMirror, sample_ratio: 1.1 }, 'APIG.2003', 'sample_ratio'],

    ['without a client', 'oidc_auth', without(oidcAuth, 'client_id'), 'APIG.2001', 'client_id'],
    ['with an address that is none', 'oidc_auth', { ...oidcAuth, discovery: 'idp.example' }, 'APIG.2011', 'discovery'],
    [
      'with a key that is none',
      'oidc_auth',
      { ...oidcAuth, public_key: 'do-not-repeat-me' },
      'APIG.2011',
      'public_key',
    ],
    ['that cannot verify', 'oidc_auth', { ...oidcAuth, jwks_enabled: false }, 'APIG.2001', 'public_key'],

    ['without keys', 'jwt_auth', without(jwtAuth, 'jwks'), 'APIG.2001', 'jwks'],
    ['with keys that are no JSON', 'jwt_auth', { jwks: '{"keys":' }, 'APIG.2011', 'jwks'],
    ['with a set of no keys', 'jwt_auth', { jwks: keys() }, 'APIG.2011', 'jwks'],
    ['with a shared key', 'jwt_auth', { jwks: keys(key, { kty: 'oct', k: 'c2VjcmV0' }) }, 'APIG.2011', 'jwks'],
    ['with a nameless cookie', 'jwt_auth', { ...jwtAuth, token_location: 'cookie' }, 'APIG.2001', 'token_name'],
    [
      'with two days of tolerance',
      'jwt_auth',
      { ...jwtAuth, token_expiration_tolerance: '86401' },
      'APIG.2011',
      'token_expiration_tolerance',
    ],
  ]
  for (const [what, type, content, code, field] of cases) {
    test(`${type} ${what}`, () => {
      assert.throws(
        () => contentOf(type, JSON.stringify(content)),
        (error: unknown) => {
          assert.ok(error instanceof AdminError)
          assert.equal(error.code, code, error.message)
          assert.ok(error.message.includes(`parameterName:plugin_content.${field}.`), error.message)
          assert.doesNotMatch(error.message, /do-not-repeat-me/)
          return true
        },
      )
    })
  }

  for (const text of ['INVALID_CONTENT', '[]', '"text"', 'null', '', '{"a":'.repeat(70)]) {
    test(`that is no object: ${text.slice(0, 20)}`, () =>
      assert.throws(() => contentOf('cors', text), { code: 'APIG.2011', message: /parameterName:plugin_content\./ }))
  }
})

test('a content names its channels wherever they stand', () => {
  assert.deepEqual(channelsIn({ ...thirdAuth, auth_request: byChannel }), ['c1'])
  const vpc = { type: 'http', http_info: { isVpc: true, vpc_channel_id: 'c2' } }
  assert.deepEqual(channelsIn({ ...downgrading, downgrade_rules: [{ downgrade_backend: vpc }] }), ['c2'])
  assert.deepEqual(channelsIn(downgrading), [])
})
