import type { Catalog } from '../../catalog.ts'
import { AdminError, invalid } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'
import { backendTimeoutLimit } from './api-definition.ts'

/** What a feature's config looks like: nothing is said of it, a switch, a number of bytes, or a JSON object. */
type Form = 'any' | 'switch' | 'bytes' | 'object'

interface KnownFeature {
  readonly form: Form
  /** What it is until somebody configures it. */
  readonly enabled: boolean
  readonly config: string
  /** The least and the most of its whole numbers. */
  readonly ranges?: Readonly<Record<string, readonly [least: number, most: number]>>
}

const off: KnownFeature = { form: 'switch', enabled: false, config: 'off' }
const plain: KnownFeature = { form: 'any', enabled: false, config: '' }

function object(config: object, ranges: KnownFeature['ranges'] = {}): KnownFeature {
  return { form: 'object', enabled: false, config: JSON.stringify(config), ranges }
}

/** Every feature that the contract knows, in the order in which lists show them. */
const known: Readonly<Record<string, KnownFeature>> = {
  lts: plain,
  gateway_responses: plain,
  ratelimit: object({ api_limits: 200 }, { api_limits: [1, 1_000_000] }),
  request_body_size: { form: 'bytes', enabled: false, config: String(12 * 1024 * 1024) },
  backend_timeout: object({ max_timeout: backendTimeoutLimit }, { max_timeout: [1, 600_000] }),
  app_token: object(
    {
      enable: 'off',
      app_token_expire_time: 3600,
      app_token_uri: '/v1/apigw/oauth2/token',
      refresh_token_expire_time: 7200,
    },
    { app_token_expire_time: [1, 72_000], refresh_token_expire_time: [1, 72_000] },
  ),
  app_api_key: off,
  app_basic: off,
  app_secret: off,
  app_jwt: object({ enable: 'off', auth_header: 'Authorization' }),
  public_key: object({ enable: 'off', public_key_uri_prefix: '/apigw/authadv/v2/public-key/' }),
  backend_token_allow: object({ backend_token_allow_users: [] }),
  sign_basic: plain,
  sign_aes: plain,
  multi_auth: plain,
  backend_client_certificate: object({ enable: 'off', ca: '', content: '', key: '' }),
  ssl_ciphers: object({ ssl_ciphers: [] }),
  real_ip_from_xff: object({ enable: 'off', xff_index: -1 }),
  real_ip_header_getter: object({ enable: 'off', header_getter: '' }),
  app_route: off,
  route: object({ user_routes: [] }),
  cors: plain,
  app_quota: plain,
  app_acl: plain,
  set_resp_headers: plain,
  vpc_backup: plain,
  throttle_strategy: object({ enable: 'off', strategy: 'cluster' }),
  watch_instance: plain,
  mock_status_code_and_header: plain,
  backend_retry_count: plain,
  custom_log: object({ custom_logs: [] }),
  policy_sys_param: plain,
  policy_cookie_param: off,
  vpc_name_modifiable: { form: 'switch', enabled: true, config: 'on' },
  breaker: plain,
  default_group_host_trustlist: object({ enable: 'off', hosts: [] }),
}

export const featureNames: readonly string[] = Object.keys(known)

/** Throws AdminError when there is no such feature. */
export function featureOf(name: string): KnownFeature {
  const feature = Object.hasOwn(known, name) ? known[name] : undefined
  if (!feature) throw new AdminError('APIG.2000', `unrecognized feature ${name.slice(0, 64)}`)
  return feature
}

/** 9536 MB, the contract's own limit. */
const mostBytes = 9536 * 1024 * 1024

/** The config as it is kept: what was given, else the default. Throws AdminError when it has another form. */
export function configOf({ form, config: byDefault, ranges = {} }: KnownFeature, given: string | undefined): string {
  if (given === undefined) return byDefault
  if (!fits(form, given) || !within(ranges, given)) throw invalid('config')
  return given
}

function fits(form: Form, text: string): boolean {
  switch (form) {
    case 'any':
      return true
    case 'switch':
      return text === 'on' || text === 'off'
    case 'bytes':
      return /^\d{1,11}$/.test(text) && Number(text) >= 1 && Number(text) <= mostBytes
    case 'object':
      return isObject(text)
  }
}

function within(ranges: NonNullable<KnownFeature['ranges']>, text: string): boolean {
  return Object.entries(ranges).every(([name, [least, most]]) => {
    const value = (JSON.parse(text) as Record<string, unknown>)[name]
    return value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
  })
}

/** How many milliseconds an instance allows a backend: what its feature backend_timeout says while that is on. */
export function mostBackendTimeout(catalog: Catalog, instanceId: string): number {
  const feature = belongingTo(catalog, 'feature', 'instanceId', instanceId).find(
    ({ name, enabled }) => name === 'backend_timeout' && enabled,
  )
  if (!feature) return backendTimeoutLimit
  const { max_timeout } = JSON.parse(feature.config.secret) as { readonly max_timeout?: number }
  return max_timeout ?? backendTimeoutLimit
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
