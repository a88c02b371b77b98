import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keyringOf } from '../../keyring.ts'
import { openSqlite } from './sqlite.ts'

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url))

it('keeps every acknowledged commit whole, and none by half, through ten kills', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-crash-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'pailou.db')
  const key = randomBytes(32)
  let acknowledged = 0

  for (let run = 0; run < 10; run++) {
    acknowledged = Math.max(acknowledged, await killed(file, key, run))

    const store = openSqlite({ file, keyring: keyringOf(key) })
    const revision = await store.commit([])
    const stored = await store.list('environment')
    await store.close()
    assert.ok(revision >= acknowledged, `revision ${acknowledged} was acknowledged, ${revision} is there`)
    const byRevision = Map.groupBy(stored, document => document.revision)
    for (let each = 1; each <= revision; each++) {
      assert.equal(byRevision.get(each)?.length, 2, `revision ${each} of ${revision}, run ${run}`)
    }
  }
  assert.ok(acknowledged > 20, `only ${acknowledged} commits were acknowledged`)
})

/** Runs the child, kills it after its first commits, and tells the last revision that it acknowledged. */
async function killed(file: string, key: Buffer, run: number): Promise<number> {
  const process_ = spawn(process.execPath, [child, file, key.toString('hex'), String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  process_.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(process_, 'close')
  await Promise.race([once(process_.stdout, 'data'), closed])
  await delay(randomInt(1, 60))
  process_.kill('SIGKILL')
  await closed
  // A line counts only when its end has arrived.
  const lines = output
    .slice(0, output.lastIndexOf('\n') + 1)
    .trim()
    .split('\n')
  return Number(lines.at(-1))
}
