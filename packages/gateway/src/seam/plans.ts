import type { Access } from './access.ts'
import type { LimitSettings } from './limits.ts'

/**
 * What control hands to traffic for each policy and each backend. Settings are in the form which is quickest to obey;
 * documents keep the form in which the contract speaks. Turning the one into the other is all that compile does.
 */

/** One line for each policy: its kind, and its settings. */
export interface PolicySettings {
  /** The schemes on which the API may be called. */
  readonly 'protocol': { readonly allowed: 'HTTP' | 'HTTPS' }
  /** From where the API may be called. */
  readonly 'ip-acl': AccessList
  /** The caller signs with an app's key and secret (SDK-HMAC-SHA256). */
  readonly 'app-signature': Record<never, never>
  /** The caller sends an AppCode, over TLS. */
  readonly 'app-code': Record<never, never>
  /** The apps which may call the API in this environment. */
  readonly 'app-authorization': { readonly appIds: readonly string[] }
  /** The accounts whose callers may call the API. A caller has to pass every list. */
  readonly 'account-acl': { readonly lists: readonly AccountList[] }
  /** Some of the apps that may call the API may do so from certain addresses only: see App. */
  readonly 'app-acl': Record<never, never>
  /** Some of the apps that may call the API are frozen: see App. */
  readonly 'frozen-app': Record<never, never>
  /** How often the API may be called, and by whom. */
  readonly 'limits': LimitSettings
  /** Declared request parameters: what must be there, what it must look like, where it goes. */
  readonly 'parameters': ParameterSettings
}

export type PolicyKind = keyof PolicySettings
export type PolicyPlan<K extends PolicyKind = PolicyKind> = {
  readonly [P in K]: { readonly kind: P; readonly settings: PolicySettings[P] }
}[K]

/** An access control policy. */
export interface AccessList extends Access {
  readonly id: string
  readonly name: string
}

export interface AccountList extends AccessList {
  /** What the entries are: names of accounts, or their ids. */
  readonly entityType: 'DOMAIN' | 'DOMAIN_ID'
}

export type ParameterLocation = 'PATH' | 'QUERY' | 'HEADER'

export interface ParameterSettings {
  readonly request: readonly RequestParameter[]
  readonly backend: readonly BackendParameter[]
}

export interface RequestParameter {
  readonly name: string
  readonly location: ParameterLocation
  readonly required: boolean
  readonly type: 'STRING' | 'NUMBER'
  /** Filled in when the parameter is absent and not required. */
  readonly defaultValue?: string
  /** Present only when the API asks for validation. */
  readonly check?: {
    readonly values?: readonly string[]
    /** Of a NUMBER, inclusive. */
    readonly minimum?: number
    readonly maximum?: number
    /** Of a STRING, in characters, inclusive. */
    readonly minLength?: number
    readonly maxLength?: number
  }
  /** Whether it travels on under its own name and place; else it is removed unless a backend parameter takes it up. */
  readonly passThrough: boolean
}

export interface BackendParameter {
  readonly name: string
  readonly location: ParameterLocation
  /** REQUEST: the name of a request parameter. CONSTANT: the text. SYSTEM: a name behind `$context.`, such as `sourceIp`. */
  readonly origin: 'REQUEST' | 'CONSTANT' | 'SYSTEM'
  readonly value: string
}

/** One line for each backend: its kind, and its settings. */
export interface BackendSettings {
  readonly http: HttpBackendSettings
  readonly mock: { readonly status: number; readonly body: string }
  readonly unavailable: UnavailableBackendSettings
}

export interface HttpBackendSettings {
  readonly scheme: 'HTTP' | 'HTTPS'
  readonly host: string
  readonly port: number
  /** An HTTP method, or `ANY` to keep the caller's. */
  readonly method: string
  /** `/users/{id}`: each `{name}` is filled by a backend parameter of that name and location PATH. */
  readonly path: string
  /** From the first attempt to connect until the response's head is there. */
  readonly timeoutMs: number
  /** Further attempts after a failure: -1 is one for idempotent methods, none for others. */
  readonly retries: number
}

/** A backend that cannot be called now: the row with which its calls are refused, and what that was decided on. */
export interface UnavailableBackendSettings {
  /** 0105: something it is made of is not there. 0611: what should be its port is none. */
  readonly row: '0105' | '0611'
  readonly evidence: { readonly [key: string]: unknown }
}

export type BackendKind = keyof BackendSettings
export type BackendPlan<K extends BackendKind = BackendKind> = {
  readonly [B in K]: { readonly kind: B; readonly settings: BackendSettings[B] }
}[K]
