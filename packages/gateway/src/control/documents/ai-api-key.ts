import type { Secret } from '../../base/secret.ts'

/** A key by which an app is known where it calls a model. */
export interface AiApiKey {
  readonly id: string
  readonly instanceId: string
  readonly appId: string
  readonly key: Secret
  readonly alias: string
  readonly createdAt: number
}
