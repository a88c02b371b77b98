import { KeystoneError, keystoneErrorBody } from '../iam/keystone-error.ts'
import { RehearsalError } from '../compile/rehearsal-error.ts'
import { StoreConflict, StoreUnavailable, StoreUncertain } from '../store/config-store.ts'
import { AdminError } from './admin-error.ts'
import type { AdminAnswer } from './skeleton.ts'

/** Whether errors on this path have Keystone's shape. */
export function keystoneErrors(url: string): boolean {
  return /^\/v3(\/|$|\?)/.test(url)
}

/** Any error as an answer. What is not meant for the client becomes a 500 that says nothing of it. */
export function errorAnswer(error: unknown, requestId: string, keystone: boolean): AdminAnswer {
  const { status, code, message } = described(error)
  const body = keystone
    ? keystoneErrorBody(status, message)
    : { error_code: code, error_msg: message, request_id: requestId }
  return { status, body, headers: {} }
}

function described(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof AdminError) return error
  if (error instanceof KeystoneError) return { status: error.status, code: 'APIG.2000', message: error.message }
  if (error instanceof RehearsalError) return { status: 400, code: 'APIG.2000', message: error.message }
  if (error instanceof StoreUncertain) {
    const message =
      'The configuration store was lost during this change. Either all of it was stored or nothing: look before you try again'
    return { status: 503, code: 'APIG.9999', message }
  }
  if (error instanceof StoreUnavailable) {
    return {
      status: 503,
      code: 'APIG.9999',
      message: 'The configuration store cannot be reached now. Nothing was stored',
    }
  }
  if (error instanceof StoreConflict) {
    return {
      status: 409,
      code: 'APIG.9999',
      message: 'The configuration was changed at the same time. Nothing was stored; try again',
    }
  }
  return new AdminError('APIG.9999')
}
