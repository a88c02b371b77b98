import { openSqlite } from './sqlite.ts'
import { keyringOf } from '../../keyring.ts'

/**
 * The process that a test kills: commits two documents at a time, for ever, and prints each revision once it is
 * acknowledged.
 */
const [file = '', key = '', run = ''] = process.argv.slice(2)
const store = openSqlite({ file, keyring: keyringOf(Buffer.from(key, 'hex')) })

for (let round = 0; ; round++) {
  const documents = ['left', 'right'].map(side => ({
    id: `${run}-${round}-${side}`,
    instanceId: 'i1',
    name: `${run}-${round}-${side}`,
    remark: String(round),
    builtIn: false,
    createdAt: round,
  }))
  const revision = await store.commit(
    documents.map(document => ({ verb: 'put', kind: 'environment', document, expect: 0 })),
  )
  process.stdout.write(`${revision}\n`)
}
