/** A port besides 80 and 443 that the domains of an instance may name. */
export interface IngressPort {
  readonly id: string
  readonly instanceId: string
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly port: number
  readonly createdAt: number
}
