import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { arrows, check, cycles, importsOf } from './arrows.ts'

/** The faults of a planted tree, `path` → source. */
function faultsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'pailou-arrows-'))
  try {
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), source)
    }
    return check(root).map(({ file, text }) => `${file}: ${text}`)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const g = 'packages/gateway/src'
const refused: [name: string, file: string, source: string, said: RegExp][] = [
  [
    'traffic that imports control',
    `${g}/traffic/a.ts`,
    `import type { X } from '../control/x.ts'`,
    /traffic must not import control/,
  ],
  [
    'control that imports traffic',
    `${g}/control/a.ts`,
    `export * from '../traffic/x.ts'`,
    /control must not import traffic/,
  ],
  [
    'base that imports anything',
    `${g}/base/a.ts`,
    `import { x } from '../seam/x.ts'`,
    /base must not import seam; it may import nothing/,
  ],
  ['a seam that imports the contract', `${g}/seam/a.ts`, `import '@pailou/contract'`, /seam must not import contract/],
  [
    'an import over several lines',
    `${g}/seam/a.ts`,
    `import {\n  x,\n} from '../cli/x.ts'`,
    /seam must not import cli/,
  ],
  ['a lazy import', `${g}/traffic/a.ts`, `const x = await import('../main/x.ts')`, /traffic must not import main/],
  [
    'a worker by address',
    `${g}/control/a.ts`,
    `new Worker(new URL('../traffic/w.ts', import.meta.url))`,
    /control must not import traffic/,
  ],
  [
    'a benchmark that reaches into the gateway',
    'bench/a.ts',
    `import '../packages/gateway/src/main/x.ts'`,
    /bench must not import main/,
  ],
  [
    'a test against the arrows',
    `${g}/traffic/a.test.ts`,
    `import '../control/x.ts'`,
    /traffic must not import control/,
  ],
  [
    'a codec that knows policies',
    `${g}/traffic/http1/a.ts`,
    `import '../policies/x.ts'`,
    /traffic\/http1 must not import traffic\/policies: the codec/,
  ],
  [
    'a document that knows the store',
    `${g}/control/documents/a.ts`,
    `import '../store/x.ts'`,
    /control\/documents must not import control\/store/,
  ],
  ['a store that knows the admin API', `${g}/control/store/a.ts`, `import '../admin/x.ts'`, /which stands above it/],
  ['a file where the table expects none', `${g}/helpers/a.ts`, '', /is in no part/],
]
for (const [name, file, source, said] of refused) {
  test(`refuses ${name}`, () => {
    const faults = faultsOf({ [file]: source })
    assert.equal(faults.length, 1, faults.join('\n'))
    assert.match(faults[0] ?? '', said)
  })
}

const passed: [name: string, file: string, source: string][] = [
  [
    'traffic on the seam and the signer',
    `${g}/traffic/a.ts`,
    `import '../seam/x.ts'\nimport { verify } from '@pailou/signer'`,
  ],
  ['main on both halves', `${g}/main/a.ts`, `import '../traffic/x.ts'\nimport '../control/x.ts'`],
  ['the admin API on the documents', `${g}/control/admin/handlers/a.ts`, `import '../../documents/x.ts'`],
  ['a library', `${g}/base/a.ts`, `import fs from 'node:fs'\nimport { z } from 'pino'`],
  [
    'a comment that shows an import',
    `${g}/base/a.ts`,
    `/**\n * import x from '../main/x.ts'\n */\n// import '../cli/x.ts'`,
  ],
  ['a template that holds one', `${g}/base/a.ts`, 'const text = `\nimport "../main/x.ts"\n`'],
]
for (const [name, file, source] of passed) {
  test(`accepts ${name}`, () => assert.deepEqual(faultsOf({ [file]: source }), []))
}

test('finds import cycles, those of types too, and names the files along them', () => {
  const faults = faultsOf({
    [`${g}/base/a.ts`]: `import { b } from './b.ts'`,
    [`${g}/base/b.ts`]: `import type { c } from './deep/c.ts'`,
    [`${g}/base/deep/c.ts`]: `import { a } from '../a.ts'`,
  })
  const [a, b, c] = ['a', 'b', 'deep/c'].map(name => `${g}/base/${name}.ts`)
  assert.deepEqual(faults, [`${a}: import cycle: ${a} → ${b} → ${c} → ${a}`])
})

test('a diamond is no cycle', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
    ['d', []],
  ])
  assert.deepEqual(cycles(graph), [])
})

test('the table itself runs one way and names only parts that exist', () => {
  const graph = new Map(Object.entries(arrows))
  assert.deepEqual(cycles(graph), [])
  for (const targets of graph.values()) for (const target of targets) assert.ok(graph.has(target), target)
})

test('reads specifiers next to text that looks like comments', () => {
  assert.deepEqual(importsOf(`const u = 'http://x'\nimport a from './a.ts' // './no.ts'\nexport { b } from "./b.ts"`), [
    './a.ts',
    './b.ts',
  ])
})
