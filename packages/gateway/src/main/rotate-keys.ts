import { join } from 'node:path'
import { rotateMasterKey, type Rotation } from '../control/keyring-rotation.ts'
import { KeyringError } from '../control/keyring.ts'
import { NewerData, StoreDamaged, StoreUnavailable } from '../control/store/config-store.ts'
import type { Settings } from '../settings.ts'

export type { Rotation }

/** A reason not to rotate, in one line for the person at the keyboard. Nothing has been changed. */
export class RotationError extends Error {
  override readonly name = 'RotationError'
}

/** Gives the store of the data directory another master key, while no gateway runs on it. @throws RotationError */
export function rotateKeys({ dataDir, databaseUrl, masterKey }: Settings, newKey: NewKey | undefined): Rotation {
  if (databaseUrl !== undefined) {
    throw new RotationError('PAILOU_DATABASE_URL is set, and only the key of a store in the data directory is rotated.')
  }
  try {
    return rotateMasterKey({ directory: dataDir, database: join(dataDir, 'pailou.db'), masterKey, newKey })
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      throw new RotationError(
        `The store cannot be had (${error.message}). A gateway that runs on it has to be stopped.`,
      )
    }
    const known = [KeyringError, NewerData, StoreDamaged].some(kind => error instanceof kind)
    if (known || (error instanceof Error && 'syscall' in error)) throw new RotationError(`${(error as Error).message}.`)
    throw error
  }
}

/** A new master key as text, and where it was read. */
export interface NewKey {
  readonly text: string
  readonly source: string
}
