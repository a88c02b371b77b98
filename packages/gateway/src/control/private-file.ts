import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { hexId } from '../base/ids.ts'

/** Makes a directory that nobody else may enter. One that stands already keeps its mode. */
export function createDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
}

/** Writes a file for its owner alone (0600), all or nothing, on disk when it returns. One that stands there is replaced. */
export function writePrivate(file: string, text: string): void {
  place(file, text, temporary => renameSync(temporary, file))
}

/** The same, but a file that stands there already stays as it is. */
export function writeOnce(file: string, text: string): void {
  place(file, text, temporary => {
    try {
      linkSync(temporary, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  })
}

function place(file: string, text: string, move: (temporary: string) => void): void {
  const temporary = `${file}.${hexId()}`
  try {
    const handle = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    move(temporary)
  } finally {
    rmSync(temporary, { force: true })
  }
  syncDirectory(dirname(file))
}

/** The name is on disk only when its directory is. Windows has no handle for that, and no need. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
