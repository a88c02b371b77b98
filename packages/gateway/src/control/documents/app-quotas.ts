/** How often an app may call in each cycle of `timeInterval` times `timeUnit`. Every bound app counts for itself. */
export interface AppQuota {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly remark: string
  readonly callLimit: number
  readonly timeUnit: 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY'
  readonly timeInterval: number
  /** When the first cycle begins, `YYYY-MM-DD HH:MM:SS`, UTC, as it was written; without it, with the first call. */
  readonly resetTime?: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** At most one for each app. */
export interface AppQuotaBinding {
  readonly id: string
  readonly instanceId: string
  readonly appQuotaId: string
  readonly appId: string
  readonly createdAt: number
}
