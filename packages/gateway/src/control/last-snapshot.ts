import { readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot } from '../seam/snapshot.ts'
import { type Keyring, KeyringError } from './keyring.ts'

/** In the data directory. It holds secrets, so all of it is sealed. */
const snapshotFile = 'snapshot.json'

const purpose = 'last snapshot'
/** So many milliseconds are waited before a snapshot is written: of a burst only the last one is. */
const settleMs = 250

export interface LastSnapshotOptions {
  /** The data directory. */
  readonly directory: string
  readonly keyring: Keyring
  /** Of this Pailou. A snapshot of another version may say things that this one would misunderstand. */
  readonly version: string
  /** Told of a file that cannot be written, or is not used, and why. */
  readonly warn: (fields: object, text: string) => void
}

/** The configuration that was served last, kept for a start at which the store cannot be reached. */
export class LastSnapshot {
  readonly #options: LastSnapshotOptions
  readonly #file: string
  #waiting: Snapshot | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: LastSnapshotOptions) {
    this.#options = options
    this.#file = join(options.directory, snapshotFile)
  }

  /** Undefined when there is none, or none that may be used. */
  read(): Snapshot | undefined {
    const { keyring, version, warn } = this.#options
    try {
      const { sealed } = parsed(readFileSync(this.#file, 'utf8'))
      const kept = JSON.parse(keyring.open(sealed, purpose)) as Kept
      if (kept.version === version) return kept.snapshot
      warn({ file: this.#file, version: kept.version }, 'the last snapshot was written by another version: not used')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      warn({ file: this.#file, reason: (error as Error).message }, 'the last snapshot cannot be read: not used')
    }
    return undefined
  }

  /** Writes it a little later, and not at all when another one comes before. */
  keep(snapshot: Snapshot): void {
    this.#waiting = snapshot
    this.#timer ??= setTimeout(() => void this.#write(), settleMs)
  }

  /** Writes what is still waiting. */
  close(): Promise<void> {
    clearTimeout(this.#timer)
    return this.#write()
  }

  #write(): Promise<void> {
    this.#timer = undefined
    this.#writing = this.#writing.then(async () => {
      const snapshot = this.#waiting
      this.#waiting = undefined
      if (snapshot === undefined) return
      const { keyring, version, warn } = this.#options
      const sealed = keyring.seal(JSON.stringify({ version, snapshot } satisfies Kept), purpose)
      try {
        await replace(this.#file, `${JSON.stringify({ sealed })}\n`)
      } catch (error) {
        warn({ file: this.#file, err: error }, 'the last snapshot cannot be written')
      }
    })
    return this.#writing
  }
}

interface Kept {
  readonly version: string
  readonly snapshot: Snapshot
}

/** The id of the key with which a last snapshot in the directory was sealed, undefined without one. */
export function snapshotSealedWith(directory: string): string | undefined {
  try {
    return parsed(readFileSync(join(directory, snapshotFile), 'utf8')).sealed.split('.')[0]
  } catch {
    return undefined
  }
}

function parsed(text: string): { readonly sealed: string } {
  // The parser's message would quote the text.
  const value: unknown = text.startsWith('{"sealed":"') && text.endsWith('"}\n') ? JSON.parse(text) : undefined
  if (typeof (value as { sealed?: unknown } | undefined)?.sealed !== 'string') {
    throw new KeyringError('it is not a sealed snapshot')
  }
  return value as { sealed: string }
}

/** All or nothing, and without holding up the process: a large one takes a disk its time. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`
  try {
    const handle = await open(temporary, 'w', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
}
