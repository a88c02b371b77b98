import { join } from 'node:path'
import { openKeyring } from '../control/keyring-file.ts'
import { finishRotation } from '../control/keyring-rotation.ts'
import type { Keyring } from '../control/keyring.ts'
import { LastSnapshot, snapshotSealedWith } from '../control/last-snapshot.ts'
import type { ConfigStore } from '../control/store/config-store.ts'
import { look } from '../control/store/sqlite/look.ts'
import { openSqlite } from '../control/store/sqlite/sqlite.ts'
import type { Settings } from '../settings.ts'
import type { Log } from './log.ts'
import { version } from './version.ts'

/** Where a process keeps its configuration, as the settings say: a file of its own, or a database that it shares. */
export interface Storage {
  readonly keyring: Keyring
  /** Opens it; called again for as long as it is unavailable. */
  readonly store: () => ConfigStore | Promise<ConfigStore>
  /** Only beside a database: a file of one's own is as near as a copy of it would be. */
  readonly lastSnapshot?: LastSnapshot
}

/** @throws KeyringError */
export function storageOf({ dataDir, databaseUrl, masterKey }: Settings, { logger }: Log): Storage {
  if (databaseUrl === undefined) {
    const file = join(dataDir, 'pailou.db')
    if (masterKey === undefined) finishRotation({ directory: dataDir, database: file })
    const keyring = openKeyring({ directory: dataDir, masterKey, sealedWith: () => look(file).keyId })
    return { keyring, store: () => openSqlite({ file, keyring }) }
  }
  const keyring = openKeyring({ directory: dataDir, masterKey, sealedWith: () => snapshotSealedWith(dataDir) })
  const changed = (trouble: string | undefined) => {
    if (trouble === undefined) logger.info('the database is back')
    else logger.warn({ reason: trouble }, 'the database is lost: serving on, and refusing changes')
  }
  return {
    keyring,
    async store() {
      const { openPostgres } = await import('../control/store/postgres/postgres.ts')
      return openPostgres({ url: databaseUrl, keyring, changed })
    },
    lastSnapshot: new LastSnapshot({
      directory: dataDir,
      keyring,
      version,
      warn: (fields, text) => logger.warn(fields, text),
    }),
  }
}
