import type { Secret } from '../../base/secret.ts'

/** A policy that is written once and attached to APIs. It acts on them live, without another publish. */
export interface Plugin {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly type: PluginType
  /** JSON, as it was written. Some contents hold passwords and client secrets, so all of them are kept as one. */
  readonly content: Secret
  readonly remark: string
  readonly createdAt: number
  readonly updatedAt: number
}

export type PluginType =
  | 'cors'
  | 'set_resp_headers'
  | 'kafka_log'
  | 'breaker'
  | 'rate_limit'
  | 'third_auth'
  | 'proxy_cache'
  | 'proxy_mirror'
  | 'oidc_auth'
  | 'jwt_auth'

/** That a plug-in acts on an API in an environment, where at most one of its type does. */
export interface PluginBinding {
  readonly id: string
  readonly instanceId: string
  readonly pluginId: string
  /** Of the plug-in, which never changes it. */
  readonly pluginType: PluginType
  readonly apiId: string
  readonly environmentId: string
  readonly createdAt: number
}
