import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { NewKey, Rotation } from '../main/rotate-keys.ts'
import { SettingsError, readSettings } from '../settings.ts'
import { UsageError } from './client-request.ts'

interface RotateOptions {
  readonly dataDir?: string
  readonly config?: string
  readonly newKeyFile?: string
  readonly json?: true
}

/** `pailou keys`: the master key, which seals every secret at rest. Works on the data directory, without a gateway. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('manage the master key, which seals every secret at rest')
  keys
    .command('rotate')
    .description('seal everything with a new master key; the gateway has to be stopped')
    .option('--data-dir <directory>', 'whose store it is (PAILOU_DATA_DIR, default ./pailou-data)')
    .option('--config <file>', 'the JSON file with the settings of the gateway (PAILOU_CONFIG)')
    .option('--new-key-file <file>', 'the new key; without it PAILOU_NEW_MASTER_KEY, or one that is generated')
    .option('--json', 'print JSON')
    .action(async (options: RotateOptions) => {
      const { RotationError, rotateKeys } = await import('../main/rotate-keys.ts')
      try {
        const { dataDir, config = process.env['PAILOU_CONFIG'] } = options
        const settings = readSettings(process.env, dataDir === undefined ? {} : { dataDir }, config || undefined)
        const rotation = rotateKeys(settings, newKey(options))
        const kept = settings.masterKey === undefined
        console.log(options.json ? JSON.stringify(rotation, null, 2) : told(rotation, kept))
      } catch (error) {
        const expected = [RotationError, SettingsError, UsageError].some(kind => error instanceof kind)
        if (!expected) throw error
        console.error(`pailou: ${(error as Error).message}`)
        process.exitCode = 1
      }
    })
}

function newKey({ newKeyFile }: RotateOptions): NewKey | undefined {
  const text = process.env['PAILOU_NEW_MASTER_KEY']
  if (newKeyFile === undefined) return text ? { text, source: 'PAILOU_NEW_MASTER_KEY' } : undefined
  if (text) throw new UsageError('--new-key-file and PAILOU_NEW_MASTER_KEY are both given: leave one of them out.')
  try {
    return { text: readFileSync(newKeyFile, 'utf8'), source: newKeyFile }
  } catch (error) {
    throw new UsageError(`The file ${newKeyFile} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** `kept`: whether the key is kept in the data directory. */
function told({ from, to, documents, rewritten }: Rotation, kept: boolean): string {
  const next = kept
    ? 'The new key is in master.key in the data directory.'
    : 'Start the gateway with PAILOU_MASTER_KEY set to the new key.'
  if (from === to) return `The store is sealed with master key ${to} already. ${next}`
  return [
    `${documents} documents with secrets are sealed with master key ${to} now, instead of ${from}.`,
    next,
    'Tokens have ended, and copies of the store from before need the old key.',
    ...(rewritten ? [] : ['The file could not be written anew: parts that are free may hold what the old key opens.']),
  ].join('\n')
}
