import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { keyFileName, openKeyring } from './keyring-file.ts'
import { type Keyring, KeyringError, keyringOf, parseMasterKey } from './keyring.ts'
import { writePrivate } from './private-file.ts'
import { look } from './store/sqlite/look.ts'
import { reseal, whileHeld } from './store/sqlite/reseal.ts'

export interface RotationOptions {
  /** The data directory. */
  readonly directory: string
  /** The database file of the embedded store. */
  readonly database: string
  /** The value of PAILOU_MASTER_KEY, when the operator keeps the key; else it is in the data directory. */
  readonly masterKey?: string | undefined
  /** The new key as text, and where it was read, for errors. Needed where the operator keeps the key; else generated. */
  readonly newKey?: { readonly text: string; readonly source: string } | undefined
}

export interface Rotation {
  /** The ids of the keys. */
  readonly from: string
  readonly to: string
  /** How many documents were sealed anew. */
  readonly documents: number
  /** Whether nothing is left in the file that the old key could open. */
  readonly rewritten: boolean
}

/**
 * Gives the embedded store another master key. However it is interrupted, the store opens afterwards:
 *
 * 1. the new key is put beside the old one, as `master.key.new`;
 * 2. one transaction seals every secret with the new key and says so in the store;
 * 3. the new key takes the place of the old one.
 *
 * All of it happens while this process holds the store. After an end between 2 and 3 {@link finishRotation} does the rest,
 * at the next start. A key that the operator keeps is not written anywhere: there 2 is everything.
 *
 * Without a change, `from` and `to` are the same: the store has that key already.
 *
 * @throws KeyringError, StoreUnavailable while a gateway has the store, and whatever opening it throws
 */
export function rotateMasterKey({ directory, database, masterKey, newKey }: RotationOptions): Rotation {
  if (!existsSync(database)) throw new KeyringError(`there is no store ${database}: nothing is sealed yet`)
  if (masterKey !== undefined && newKey === undefined) {
    throw new KeyringError(
      'PAILOU_MASTER_KEY is set, so the key is yours to choose: a new one is missing, give --new-key-file or PAILOU_NEW_MASTER_KEY',
    )
  }
  const key = newKey ? parseMasterKey(newKey.text, newKey.source) : randomBytes(32)
  const to = keyringOf(key)
  if (masterKey === undefined) finishRotation({ directory, database })
  const sealedWith = look(database).keyId
  if (sealedWith === to.keyId) return { from: to.keyId, to: to.keyId, documents: 0, rewritten: true }
  const from: Keyring = openKeyring({ directory, masterKey, sealedWith: () => sealedWith })

  const next = nextFile(directory)
  const text = `${key.toString('hex')}\n`
  const resealed = reseal({
    file: database,
    from,
    to,
    before: () => {
      if (masterKey === undefined) writePrivate(next, text)
    },
    after: () => {
      if (masterKey !== undefined) return
      writePrivate(join(directory, keyFileName), text)
      rmSync(next)
      removeUnfinished(directory)
    },
  })
  return { from: from.keyId, to: to.keyId, ...resealed }
}

/**
 * Ends a rotation that was interrupted: the key with which the store is sealed becomes the key of the data directory, and
 * the other one goes. To be called before the keyring is opened. Does nothing, and asks nothing of the store, unless there
 * was one.
 *
 * @throws KeyringError; StoreUnavailable while another process has the store, which may be the rotation itself
 */
export function finishRotation({ directory, database }: { directory: string; database: string }): void {
  const next = nextFile(directory)
  if (!existsSync(next) || !existsSync(database)) return
  whileHeld(database, sealedWith => {
    // Read only now: whoever had the store may have put another one there.
    const [newText, oldText] = [next, join(directory, keyFileName)].map(read)
    if (newText === undefined) return
    const idOf = (text: string, file: string) => keyringOf(parseMasterKey(text, file)).keyId
    if (idOf(newText, next) === sealedWith) writePrivate(join(directory, keyFileName), newText)
    // A key that nobody may need is only thrown away when the right one is known.
    else if (oldText === undefined || idOf(oldText, keyFileName) !== sealedWith) return
    rmSync(next)
  })
}

/** A key that was being written when its process was killed lies beside, under a name of its own. */
function removeUnfinished(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (/^master\.key(\.new)?\.[0-9a-f]{32}$/.test(name)) rmSync(join(directory, name), { force: true })
  }
}

function nextFile(directory: string): string {
  return join(directory, `${keyFileName}.new`)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new KeyringError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error })
  }
}
