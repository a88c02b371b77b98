import { STATUS_CODES } from 'node:http'

/** A refusal of the identity API, whose errors have a shape of their own. */
export class KeystoneError extends Error {
  override readonly name = 'KeystoneError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function keystoneErrorBody(status: number, message: string) {
  return { error: { code: status, message, title: STATUS_CODES[status] ?? 'Error' } }
}
