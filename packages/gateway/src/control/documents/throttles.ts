import type { PublicationBinding } from './publication-binding.ts'

/** A request throttling policy: at most so many calls in each window of `timeInterval` times `timeUnit`. */
export interface Throttle {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly remark: string
  readonly apiLimit: number
  /** 0: no limit; this holds for the next two as well. */
  readonly userLimit: number
  readonly appLimit: number
  readonly ipLimit: number
  readonly timeUnit: 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY'
  readonly timeInterval: number
  /** Whether all bound APIs count together. */
  readonly shared: boolean
  /** Part of the contract, and without effect. */
  readonly adaptiveControl: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** An excluded configuration: the limit of one app or one user in place of the policy's. */
export interface ThrottleSpecial {
  readonly id: string
  readonly instanceId: string
  readonly throttleId: string
  readonly objectType: 'APP' | 'USER'
  readonly objectId: string
  /** The object, when it is an app. */
  readonly appId?: string
  readonly callLimit: number
  readonly createdAt: number
}

/** At most one for each publication. */
export interface ThrottleBinding extends PublicationBinding {
  readonly throttleId: string
}
