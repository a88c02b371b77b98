import { adminErrors, adminMessages, type AdminErrorCode, type AdminRefusal } from '@pailou/contract'

/** A refusal of the admin API: a row of its table of errors, with a text of its own when there is more to say. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly code: AdminErrorCode
  readonly status: number

  /** `message` is the table's text and `status` the table's status unless given. */
  constructor(
    code: AdminErrorCode,
    message?: string,
    options: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message ?? adminErrors[code].message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? adminErrors[code].status
  }
}

/** The error for one of the long texts in `adminMessages`. */
export function refused({ code, message }: AdminRefusal): AdminError {
  return new AdminError(code, message)
}

/** A field of a body that breaks its rule. */
export const invalid = (field: string): AdminError => refused(adminMessages.invalid(field))
/** A path or query parameter that breaks its rule. */
export const invalidInUrl = (field: string): AdminError => refused(adminMessages.invalidInUrl(field))
export const missing = (field: string): AdminError => refused(adminMessages.missing(field))
export const tooSmall = (field: string): AdminError => refused(adminMessages.tooSmall(field))
export const tooLarge = (field: string): AdminError => refused(adminMessages.tooLarge(field))
export const outOfRange = (field: string): AdminError => refused(adminMessages.outOfRange(field))

/** Part of the contract, not of this Pailou yet: refused at once, so that nothing is stored which traffic would not obey. */
export const unsupported = (field: string): AdminError => refused(adminMessages.featureNotSupported(field))
