/** A definition that no snapshot can be made of. Thrown before anything is stored. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError'
  readonly apiId: string
  readonly apiName: string
  /** In the contract's words: `backend_api.url_domain`, `req_params[2].min_num`. */
  readonly field: string
  readonly reason: string

  constructor(api: { readonly id: string; readonly name: string }, field: string, reason: string) {
    super(`API ${api.name} (${api.id}): ${field}: ${reason}`)
    this.apiId = api.id
    this.apiName = api.name
    this.field = field
    this.reason = reason
  }
}

/** Refuses a field of the API at hand. */
export type Refuse = (field: string, reason: string) => never
