/** Who may connect to the endpoint of an instance. Clients keep this list; no endpoint asks for it here. */
export interface EndpointPermission {
  readonly id: string
  readonly instanceId: string
  /** `iam:domain::<account id>`. */
  readonly permission: string
  readonly createdAt: number
}
