import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keyring, KeyringError, keyringOf, parseMasterKey } from './keyring.ts'
import { createDirectory, writeOnce } from './private-file.ts'

/** The file in the data directory that holds the master key, unless the operator keeps it. */
export const keyFileName = 'master.key'

export interface KeyringOptions {
  /** The data directory; made when it is missing. */
  readonly directory: string
  /** The value of PAILOU_MASTER_KEY. Without it the key is kept in `master.key` in the data directory. */
  readonly masterKey?: string | undefined
  /** The id of the key with which the store beside it was sealed, undefined while nothing is. Asked only when a key file is missing. */
  readonly sealedWith: () => string | undefined
}

/**
 * The keyring of a data directory. A missing key file is made, but never beside data that another key has sealed:
 * that would only hide that the right one is lost. Throws KeyringError.
 */
export function openKeyring({ directory, masterKey, sealedWith }: KeyringOptions): Keyring {
  if (masterKey !== undefined) return keyringOf(parseMasterKey(masterKey, 'PAILOU_MASTER_KEY'))
  const file = join(directory, keyFileName)
  const existing = read(file)
  if (existing !== undefined) return keyringOf(parseMasterKey(existing, file))

  const sealed = sealedWith()
  if (sealed !== undefined) {
    throw new KeyringError(
      `${file} is missing, and the data beside it is sealed with master key ${sealed}: bring the file back, or set PAILOU_MASTER_KEY`,
    )
  }
  createDirectory(directory)
  // Two processes may begin at once: the first file to stand there is the key of both.
  writeOnce(file, `${randomBytes(32).toString('hex')}\n`)
  return keyringOf(parseMasterKey(read(file)!, file))
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new KeyringError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error })
  }
}
