import type { PublicationBinding } from './publication-binding.ts'

/** An access control policy: who may call, or who may not. */
export interface Acl {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  /** PERMIT: nobody but these; DENY: everybody but these. */
  readonly type: 'PERMIT' | 'DENY'
  /** What the entries are: addresses of callers, names of accounts, or ids of accounts. */
  readonly entityType: 'IP' | 'DOMAIN' | 'DOMAIN_ID'
  /** IP: an address, an `a-b` range or a CIDR block each. */
  readonly entries: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** At most one of each entity type for each publication. */
export interface AclBinding extends PublicationBinding {
  readonly aclId: string
  /** The policy's; it never changes. */
  readonly entityType: Acl['entityType']
}
