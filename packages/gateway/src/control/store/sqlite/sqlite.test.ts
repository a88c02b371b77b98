import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyringOf } from '../../keyring.ts'
import { describeStore } from '../config-store.contract.ts'
import { openSqlite } from './sqlite.ts'

describeStore('sqlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-sqlite-'))
  const keyring = keyringOf(randomBytes(32))
  return {
    open: () => openSqlite({ file: join(directory, 'pailou.db'), keyring }),
    clear: () => rmSync(directory, { recursive: true }),
  }
})
