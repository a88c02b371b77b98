/** That something is bound to an API in an environment in which it is published. */
export interface PublicationBinding {
  readonly id: string
  readonly instanceId: string
  readonly publicationId: string
  readonly apiId: string
  readonly environmentId: string
  readonly createdAt: number
}
