import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keyringOf } from '../../keyring.ts'
import { openPostgres } from './postgres.ts'
import { testSchema, withoutPostgres } from './testing.ts'

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const title = 'keeps every acknowledged commit whole, and none by half, through kills of one of two writing nodes'

it(title, { skip: withoutPostgres }, async t => {
  const { url, drop } = await testSchema()
  t.after(drop)
  const key = randomBytes(32)
  const store = await openPostgres({ url, keyring: keyringOf(key) })
  t.after(() => store.close())
  let acknowledged = 0

  for (let run = 0; run < 5; run++) {
    const highest = await Promise.all(['a', 'b'].map(node => killed(url, key, `${run}${node}`)))
    acknowledged = Math.max(acknowledged, ...highest)
    // A commit that was under way when its node was killed has yet to end, one way or the other.
    const began = performance.now()
    const { revision, stored } = await store.readAll!(0)
    assert.ok(performance.now() - began < 2_000)
    assert.ok(revision >= acknowledged, `revision ${acknowledged} was acknowledged, ${revision} is there`)
    const byRevision = Map.groupBy(stored, document => document.revision)
    for (let each = 1; each <= revision; each++) {
      assert.equal(byRevision.get(each)?.length, 2, `revision ${each} of ${revision}, run ${run}`)
    }
  }
  assert.ok(acknowledged > 20, `only ${acknowledged} commits were acknowledged`)
})

/** Runs the child, kills it after its first commits, and tells the last revision that it acknowledged. */
async function killed(url: string, key: Buffer, run: string): Promise<number> {
  const writer = spawn(process.execPath, [child, url, key.toString('hex'), run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(writer, 'close')
  await Promise.race([once(writer.stdout, 'data'), closed])
  await delay(randomInt(1, 200))
  writer.kill('SIGKILL')
  await closed
  // A line counts only when its end has arrived.
  const lines = output.slice(0, output.lastIndexOf('\n') + 1).trim()
  return Number(lines.split('\n').at(-1))
}
