import { keyringOf } from '../../keyring.ts'
import { environment } from '../../testing.ts'
import { openPostgres } from './postgres.ts'

/**
 * The process that a test kills: commits two documents at a time, for ever, and prints each revision once it is
 * acknowledged.
 */
const [url = '', key = '', run = ''] = process.argv.slice(2)
const store = await openPostgres({ url, keyring: keyringOf(Buffer.from(key, 'hex')) })

for (let round = 0; ; round++) {
  const ids = ['left', 'right'].map(side => `${run}-${round}-${side}`)
  const revision = await store.commit(
    ids.map(id => ({ verb: 'put', kind: 'environment', document: environment(id), expect: 0 })),
  )
  process.stdout.write(`${revision}\n`)
}
