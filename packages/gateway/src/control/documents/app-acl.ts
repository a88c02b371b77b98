/** From where an app may call, or may not. */
export interface AppAcl {
  /** The app's, of which this is a part. */
  readonly id: string
  readonly instanceId: string
  readonly appId: string
  /** PERMIT: from nowhere but these; DENY: from everywhere but these. */
  readonly type: 'PERMIT' | 'DENY'
  /** An address, an `a-b` range or a CIDR block each. */
  readonly entries: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number
}
