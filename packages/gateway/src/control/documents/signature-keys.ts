import type { Secret } from '../../base/secret.ts'
import type { PublicationBinding } from './publication-binding.ts'

/** With what the gateway signs the requests that it sends to a backend. */
export interface SignatureKey {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly type: 'hmac' | 'basic' | 'public_key' | 'aes'
  /** Names the secret; for `basic` a user name. For `aes` it is the key of the cipher, and as secret as the secret. */
  readonly key: Secret
  /** For `basic` the password, for `aes` the initialisation vector. */
  readonly secret: Secret
  /** For `aes`, and only there. */
  readonly algorithm?: 'aes-128-cfb' | 'aes-256-cfb'
  readonly createdAt: number
  readonly updatedAt: number
}

/** At most one for each publication. */
export interface SignatureBinding extends PublicationBinding {
  readonly signatureKeyId: string
}
