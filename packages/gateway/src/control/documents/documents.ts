import type { Secret } from '../../base/secret.ts'
import type { Acl, AclBinding } from './acls.ts'
import type { AppAcl } from './app-acl.ts'
import type { AppQuota, AppQuotaBinding } from './app-quotas.ts'
import type { SignatureBinding, SignatureKey } from './signature-keys.ts'
import type { Throttle, ThrottleBinding, ThrottleSpecial } from './throttles.ts'
import type { Authorizer } from './authorizer.ts'
import type { Orchestration } from './orchestration.ts'
import type { Plugin, PluginBinding } from './plugin.ts'
import type { Server, VpcChannel } from './vpc-channel.ts'
import type { GatewayResponse } from './gateway-response.ts'
import type { Feature } from './feature.ts'
import type { InstanceSettings, InstanceTag } from './instance-settings.ts'
import type { IngressPort } from './ingress-port.ts'
import type { AiApiKey } from './ai-api-key.ts'
import type { EndpointPermission } from './endpoint-permission.ts'
import type { Certificate } from './certificate.ts'
import type { AsyncTask } from './async-task.ts'
import type { EnvironmentVariable } from './environment-variable.ts'

/**
 * What the store holds, in the words of the contract. A document is plain data; `id` is unique within its kind.
 * Times are milliseconds since the epoch here and become the contract's text on the way out.
 */
export interface Documents {
  'account': Account
  'user': User
  'access-key': AccessKey
  'project': Project
  'instance': Instance
  'api-group': ApiGroup
  'domain': Domain
  'certificate': Certificate
  'environment': Environment
  'environment-variable': EnvironmentVariable
  'endpoint-permission': EndpointPermission
  'ai-api-key': AiApiKey
  'ingress-port': IngressPort
  'feature': Feature
  'gateway-response': GatewayResponse
  'api': Api
  'api-version': ApiVersion
  'publication': Publication
  'app': App
  'app-code': AppCode
  'app-authorization': AppAuthorization
  'app-quota': AppQuota
  'app-quota-binding': AppQuotaBinding
  'app-acl': AppAcl
  'throttle': Throttle
  'throttle-special': ThrottleSpecial
  'throttle-binding': ThrottleBinding
  'acl': Acl
  'acl-binding': AclBinding
  'signature-key': SignatureKey
  'signature-binding': SignatureBinding
  'authorizer': Authorizer
  'orchestration': Orchestration
  'plugin': Plugin
  'plugin-binding': PluginBinding
  'vpc-channel': VpcChannel
  'server': Server
  'async-task': AsyncTask
}

export type DocumentKind = keyof Documents

/** An IAM account; the contract and Keystone call it a domain. */
export interface Account {
  readonly id: string
  readonly name: string
  /** The id of the user who made it. Absent: the account of the first start, which owns the installation. */
  readonly createdBy?: string
  readonly createdAt: number
}

export interface User {
  readonly id: string
  readonly accountId: string
  readonly name: string
  /** argon2id, in PHC string form. */
  readonly passwordHash: Secret
  /** Absent: administrator. */
  readonly role?: 'administrator' | 'operator' | 'viewer'
  /** Absent: yes. */
  readonly enabled?: boolean
  /** Grows with each change; the tokens of an earlier one are worth nothing. */
  readonly generation?: number
  readonly createdAt: number
}

/** A user's AK/SK. The id is the AK. */
export interface AccessKey {
  readonly id: string
  readonly userId: string
  readonly secretKey: Secret
  /** Absent: yes. */
  readonly enabled?: boolean
  readonly description?: string
  readonly createdAt: number
}

/** The name of a project is the name of its region. */
export interface Project {
  readonly id: string
  readonly accountId: string
  readonly name: string
  readonly createdAt: number
}

export interface Instance {
  readonly id: string
  readonly projectId: string
  readonly name: string
  readonly description: string
  /** Absent: nobody has said anything of it. */
  readonly settings?: InstanceSettings
  readonly tags?: readonly InstanceTag[]
  readonly createdAt: number
}

export interface ApiGroup {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly remark: string
  /** The group DEFAULT, one in each instance. */
  readonly isDefault: boolean
  /** Whether the debugging domain answers. */
  readonly debuggingDomainEnabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** An independent domain of a group. */
export interface Domain {
  readonly id: string
  readonly instanceId: string
  readonly groupId: string
  /** Lower case; may begin with `*.`. */
  readonly name: string
  /** TLS 1.1 is kept and shown as it was set, and not spoken: 1.2 is the oldest that is. */
  readonly minTlsVersion: 'TLSv1.1' | 'TLSv1.2'
  readonly redirectToHttps: boolean
  /** Absent: 80 and 443. */
  readonly ports?: { readonly http: number; readonly https: number }
  /** With what it answers in TLS, one for each algorithm. Absent: with the default certificate. */
  readonly certificateIds?: readonly string[]
  /** Callers over TLS have to show a certificate issued by one of the roots that its certificates name. */
  readonly verifyClients?: true
  readonly createdAt: number
}

export interface Environment {
  /** `DEFAULT_ENVIRONMENT_RELEASE_ID` for the built-in RELEASE of the first instance. */
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly remark: string
  readonly builtIn: boolean
  readonly createdAt: number
}

/** The draft of an API: what reads show and updates change. Nothing here reaches traffic before it is published. */
export interface Api {
  readonly id: string
  readonly instanceId: string
  readonly groupId: string
  readonly definition: ApiDefinition
  readonly createdAt: number
  readonly updatedAt: number
}

/** The body of an API as the contract writes it, with its defaults filled in. Field names are the contract's own. */
export interface ApiDefinition {
  readonly name: string
  readonly type: 1 | 2
  readonly version: string
  readonly req_protocol: 'HTTP' | 'HTTPS' | 'BOTH'
  readonly req_method: string
  readonly req_uri: string
  readonly match_mode: 'NORMAL' | 'SWA'
  readonly auth_type: 'NONE' | 'APP'
  readonly auth_opt: { readonly app_code_auth_type: 'DISABLE' | 'HEADER' }
  readonly cors: boolean
  /** The gateway response that words its refusals; absent: the group's default one. */
  readonly response_id?: string
  readonly remark: string
  readonly body_remark: string
  readonly result_normal_sample: string
  readonly result_failure_sample: string
  readonly tags: readonly string[]
  readonly is_send_fg_body_base64: boolean
  readonly req_params: readonly ApiRequestParameter[]
  readonly backend_params: readonly ApiBackendParameter[]
  readonly backend_type: 'HTTP' | 'MOCK'
  readonly backend_api?: ApiHttpBackend
  readonly mock_info?: ApiMockBackend
}

export interface ApiRequestParameter {
  readonly id: string
  readonly name: string
  readonly type: 'STRING' | 'NUMBER'
  readonly location: 'PATH' | 'QUERY' | 'HEADER'
  readonly required: 1 | 2
  readonly valid_enable: 1 | 2
  readonly pass_through: 1 | 2
  readonly default_value?: string
  readonly sample_value?: string
  readonly remark?: string
  readonly enumerations?: string
  readonly min_num?: number
  readonly max_num?: number
  readonly min_size?: number
  readonly max_size?: number
}

export interface ApiBackendParameter {
  readonly id: string
  readonly name: string
  readonly location: 'PATH' | 'QUERY' | 'HEADER'
  readonly origin: 'REQUEST' | 'CONSTANT' | 'SYSTEM'
  readonly value: string
  readonly remark?: string
}

export interface ApiHttpBackend {
  readonly id: string
  readonly url_domain: string
  readonly req_protocol: 'HTTP' | 'HTTPS'
  readonly req_method: string
  readonly req_uri: string
  readonly timeout: number
  /** A decimal number in text: the clients insist. */
  readonly retry_count: string
  readonly remark: string
  readonly version: string
  readonly enable_client_ssl: boolean
  readonly vpc_channel_status: 2
}

export interface ApiMockBackend {
  readonly id: string
  readonly result_content: string
  readonly status_code: number
  readonly remark: string
  readonly version: string
}

/** A frozen definition: what one publish put into one environment. Never changed afterwards. */
export interface ApiVersion {
  readonly id: string
  readonly instanceId: string
  readonly apiId: string
  readonly groupId: string
  readonly environmentId: string
  /** `YYYYMMDDhhmmss`. */
  readonly number: string
  readonly remark: string
  readonly definition: ApiDefinition
  readonly publishedAt: number
}

/** That an API is published in an environment, and with which version. Its id is the contract's publish_id. */
export interface Publication {
  readonly id: string
  readonly instanceId: string
  readonly apiId: string
  readonly groupId: string
  readonly environmentId: string
  readonly versionId: string
  readonly remark: string
  /** When the version that serves now was put there. */
  readonly publishedAt: number
}

export interface App {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly remark: string
  readonly key: string
  readonly secret: Secret
  /** Nothing of it passes until it is unfrozen. */
  readonly frozen?: true
  readonly createdAt: number
  readonly updatedAt: number
}

export interface AppCode {
  readonly id: string
  readonly instanceId: string
  readonly appId: string
  readonly code: Secret
  readonly createdAt: number
}

/** That an app may call an API in an environment. */
export interface AppAuthorization {
  readonly id: string
  readonly instanceId: string
  readonly appId: string
  readonly apiId: string
  readonly environmentId: string
  readonly createdAt: number
}
