/** Who may pass, as a list of those who may or of those who may not. */
export interface Access {
  /** PERMIT: nobody but these. DENY: everybody but these. */
  readonly type: 'PERMIT' | 'DENY'
  /** Of addresses: an address, an `a-b` range or a CIDR block each. */
  readonly entries: readonly string[]
}
