import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where a program is, looking also where Debian keeps what it holds to be an administrator's. */
export function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin']
  for (const folder of folders) {
    const file = join(folder, program)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not here.
    }
  }
  return undefined
}

/** The first match of `pattern` in what a program says about itself, or undefined. */
export function versionOf(program: string | undefined, argument: string, pattern: RegExp): string | undefined {
  if (program === undefined) return undefined
  const { stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8' })
  return pattern.exec(`${stdout}${stderr}`)?.[1]
}
