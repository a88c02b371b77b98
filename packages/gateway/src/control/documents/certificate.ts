import type { Secret } from '../../base/secret.ts'

/** A certificate for TLS with its key. It belongs to a project; a domain names the one that it answers with. */
export interface Certificate {
  readonly id: string
  readonly projectId: string
  /** For the domains of this instance only. Absent: for those of every instance of the project. */
  readonly instanceId?: string
  readonly name: string
  /** PEM: the certificate, and behind it those of its issuers in order. */
  readonly content: string
  /** PEM. */
  readonly privateKey: Secret
  readonly algorithmType: 'RSA' | 'ECC'
  /** PEM: by whom the certificates of clients are issued. */
  readonly trustedRootCa?: string
  readonly createdAt: number
  readonly updatedAt: number
}
