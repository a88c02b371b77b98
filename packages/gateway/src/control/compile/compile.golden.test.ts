import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { catalogOf } from '../catalog.ts'
import type { DocumentKind, Documents } from '../documents/documents.ts'
import type { Stored } from '../store/config-store.ts'
import { compile } from './compile.ts'

/** What a golden input holds: the documents of each kind. Numbers of revisions do not matter here. */
interface Input {
  readonly about: string
  readonly documents: { readonly [K in DocumentKind]?: readonly Documents[K][] }
}

const testdata = new URL('testdata/', import.meta.url)

describe('compile', () => {
  for (const name of readdirSync(testdata).filter(file => file.endsWith('.in.json'))) {
    const input = JSON.parse(readFileSync(new URL(name, testdata), 'utf8')) as Input
    const golden = new URL(name.replace('.in.json', '.out.json'), testdata)

    it(input.about, () => {
      const snapshot = compile(catalogOf(stored(input), 7), { domainSuffix: 'apig.localhost' })
      const text = `${JSON.stringify(snapshot, null, 2)}\n`
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text)
      assert.ok(existsSync(golden), `${golden.pathname} is missing: UPDATE_GOLDEN=1 writes it`)
      assert.deepEqual(snapshot, JSON.parse(readFileSync(golden, 'utf8')))
      assert.deepEqual(structuredClone(snapshot), snapshot, 'a snapshot crosses to another thread')
    })
  }

  it('has an input for each golden output', () => {
    const names = readdirSync(testdata)
    for (const name of names.filter(file => file.endsWith('.out.json'))) {
      assert.ok(names.includes(name.replace('.out.json', '.in.json')), name)
    }
    assert.ok(names.length >= 14)
  })
})

function stored({ documents }: Input): Stored[] {
  return Object.entries(documents).flatMap(([kind, all]) =>
    all.map(document => ({ kind, id: document.id, revision: 1, document }) as Stored),
  )
}
