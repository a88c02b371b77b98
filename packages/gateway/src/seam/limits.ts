/** How often an API may be called, and by whom. Windows are in milliseconds; `period` is the same in words, for evidence. */
export interface LimitSettings {
  /** Whether some of the apps that may call the API have a quota: see App. */
  readonly appQuotas: boolean
  readonly throttle?: ThrottlePlan
}

/** A request throttling policy, as it counts for one API in one environment. */
export interface ThrottlePlan {
  readonly id: string
  readonly name: string
  /** Whatever has the same scope counts together. */
  readonly scope: string
  readonly windowMs: number
  readonly period: string
  readonly api: number
  /** Of each user, app and client address. Absent: no limit. */
  readonly user?: number
  readonly app?: number
  readonly ip?: number
  /** The limits of certain apps and users in place of the general ones, by id. */
  readonly specialApps?: { readonly [id: string]: number }
  readonly specialUsers?: { readonly [id: string]: number }
  /** Which user an app is that calls: the project of its instance. Its limit may be given under either id. */
  readonly userOfApps?: { readonly projectId: string; readonly accountId: string }
}

/** How often an app may call, all APIs together. */
export interface AppQuotaPlan {
  readonly id: string
  readonly name: string
  readonly limit: number
  readonly windowMs: number
  readonly period: string
  /** Milliseconds since the epoch at which a cycle begins. Absent: each begins with the app's first call. */
  readonly anchor?: number
}
