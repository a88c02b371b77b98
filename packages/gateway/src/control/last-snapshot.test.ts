import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { secret } from '../base/secret.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import { catalogOf } from './catalog.ts'
import { compile } from './compile/compile.ts'
import { keyringOf } from './keyring.ts'
import { LastSnapshot, snapshotSealedWith } from './last-snapshot.ts'
import { online } from './publish.ts'
import { api, environment, group } from './testing.ts'

const keyring = keyringOf(Buffer.alloc(32, 1))

function place(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-last-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const warnings: string[] = []
  const warn = (_fields: object, text: string) => void warnings.push(text)
  const last = (version = '1', sealing = keyring) => new LastSnapshot({ directory, keyring: sealing, version, warn })
  return { directory, file: join(directory, 'snapshot.json'), last, warnings }
}

/** As traffic gets it, with secrets in it. */
function snapshot(revision: number): Snapshot {
  const common = { instanceId: 'i1', createdAt: 1 }
  const app = { ...common, id: 'app1', name: 'app', remark: '', key: 'planted-key', secret: secret('planted-secret') }
  const published = api('a1', 'g1')
  const stored = [
    { kind: 'api-group', document: group('g1') },
    { kind: 'environment', document: environment('e1') },
    { kind: 'api', document: published },
    { kind: 'app', document: { ...app, updatedAt: 1 } },
    { kind: 'app-code', document: { ...common, id: 'c1', appId: 'app1', code: secret('planted-code') } },
  ] as const
  const before = catalogOf(
    stored.map(one => ({ ...one, id: one.document.id, revision: 1 })),
    revision - 1,
  )
  const { edits } = online(before, { api: published, environmentId: 'e1', remark: '', at: 5 })
  const changes = edits.flatMap(edit =>
    'put' in edit ? [{ verb: 'put', kind: edit.put, document: edit.document, expect: 0 } as never] : [],
  )
  return compile(before.with(changes, revision), { domainSuffix: 'apig.localhost' })
}

describe('the last snapshot', () => {
  it('is read as it was kept, and nothing of it can be read in the file', async t => {
    const { directory, file, last, warnings } = place(t)
    const kept = last()
    const served = snapshot(7)
    kept.keep(served)
    await kept.close()
    const read = last().read()
    assert.deepEqual(read, served)
    assert.equal(read?.routes.length, 1)
    assert.equal(read?.apps[0]?.secret.secret, 'planted-secret')
    assert.deepEqual(readdirSync(directory), ['snapshot.json'])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const text = readFileSync(file, 'utf8')
    for (const planted of ['planted-secret', 'planted-code', 'planted-key', 'apig.localhost']) {
      // Base64 of a text depends on where it begins: its middle is in one of three forms.
      const forms = [0, 1, 2].map(at =>
        Buffer.from('\0'.repeat(at) + planted)
          .toString('base64url')
          .slice(4, -4),
      )
      for (const form of [planted, ...forms]) assert.ok(!text.includes(form), form)
    }
    assert.equal(snapshotSealedWith(directory), keyring.keyId)
    assert.deepEqual(warnings, [])
  })

  it('is the newest of a burst, written once and a little later', async t => {
    const { directory, last } = place(t)
    const kept = last()
    for (let revision = 1; revision <= 100; revision++) kept.keep(snapshot(revision))
    assert.deepEqual(readdirSync(directory), [])
    await delay(600)
    assert.equal(last().read()?.revision, 100)
    kept.keep(snapshot(101))
    await kept.close()
    assert.equal(last().read()?.revision, 101)
  })

  it('is none where none has been kept', t => {
    const { directory, last, warnings } = place(t)
    assert.equal(last().read(), undefined)
    assert.equal(snapshotSealedWith(directory), undefined)
    assert.deepEqual(warnings, [])
  })

  const spoilt: [title: string, spoil: (text: string) => string, warning: RegExp][] = [
    ['cut short', text => text.slice(0, -10), /cannot be read/],
    ['empty', () => '', /cannot be read/],
    ['changed', text => text.replace(/.{6}"}\n$/, 'AAAAAA"}\n'), /cannot be read/],
    ['no JSON', () => '{"sealed":"\u0000"}\n', /cannot be read/],
  ]
  for (const [title, spoil, warning] of spoilt) {
    it(`is not used, and says so, when it is ${title}`, async t => {
      const { file, last, warnings } = place(t)
      const kept = last()
      kept.keep(snapshot(7))
      await kept.close()
      writeFileSync(file, spoil(readFileSync(file, 'utf8')))
      assert.equal(last().read(), undefined)
      assert.match(warnings.join('\n'), warning)
    })
  }

  it('is not used when another key has sealed it, or another version has written it', async t => {
    const { last, warnings } = place(t)
    const kept = last()
    kept.keep(snapshot(7))
    await kept.close()
    assert.equal(last('1', keyringOf(Buffer.alloc(32, 2))).read(), undefined)
    assert.equal(last('2').read(), undefined)
    assert.deepEqual(warnings, [
      'the last snapshot cannot be read: not used',
      'the last snapshot was written by another version: not used',
    ])
    assert.ok(last().read())
  })

  it('that cannot be written is a line in the log and nothing worse', async t => {
    const { directory, warnings } = place(t)
    const warn = (_fields: object, text: string) => void warnings.push(text)
    const kept = new LastSnapshot({ directory: join(directory, 'none'), keyring, version: '1', warn })
    kept.keep(snapshot(7))
    await kept.close()
    assert.deepEqual(warnings, ['the last snapshot cannot be written'])
  })
})
