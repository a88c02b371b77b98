import { randomBytes } from 'node:crypto'
import { keyringOf } from '../../keyring.ts'
import { describeStore } from '../config-store.contract.ts'
import { openPostgres } from './postgres.ts'
import { testSchema, withoutPostgres } from './testing.ts'

async function place() {
  const { url, drop } = await testSchema()
  const keyring = keyringOf(randomBytes(32))
  return { open: () => openPostgres({ url, keyring }), clear: drop }
}

describeStore('postgres', place, { skip: withoutPostgres })
