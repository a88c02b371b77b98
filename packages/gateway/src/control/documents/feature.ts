import type { Secret } from '../../base/secret.ts'

/** A feature of an instance that somebody has configured; every other one has its defaults. */
export interface Feature {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly enabled: boolean
  /** As the contract writes it. Some hold a private key. */
  readonly config: Secret
  readonly createdAt: number
  readonly updatedAt: number
}
