import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { errorRows, operations, type Operation } from '@pailou/contract'
import { coverage, storedFamilies } from './coverage.ts'

const root = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const readmes = ['README.md', 'README.zh.md']
const documents = globSync('{*.md,{docs,bench,examples,packages}/**/*.md}', {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).sort()

const fence = /^```[^\n]*\n[^]*?^```$/gm
const prose = (text: string) => text.replace(fence, '')

/** Asked of the program itself, because scripts do not import the gateway. */
function settings(): { readonly key: string; readonly name: string; readonly secret?: true }[] {
  const url = pathToFileURL(join(root, 'packages/gateway/src/settings.ts')).href
  const code =
    'const { settingTable } = await import(process.argv[1]); console.log(JSON.stringify(Object.entries(settingTable).map(([key, s]) => ({ key, ...s }))))'
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code, url], { encoding: 'utf8' })
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout)
}

/** Which of these do not stand in backquotes. */
function missingFrom(text: string, words: readonly string[]): string[] {
  return words.filter(word => !text.includes(`\`${word}\``))
}

test('both READMEs name every setting, with its variable, its flag and its key', () => {
  const table = settings()
  assert.ok(table.length > 10)
  for (const readme of readmes) {
    const words = table.flatMap(({ key, name, secret }) => [
      key,
      `PAILOU_${name.toUpperCase().replaceAll('-', '_')}`,
      ...(secret ? [] : [`--${name}`]),
    ])
    assert.deepEqual(missingFrom(read(readme), words), [], readme)
  }
})

test('both READMEs name no setting that does not exist', () => {
  const known = new Set(settings().map(({ name }) => `PAILOU_${name.toUpperCase().replaceAll('-', '_')}`))
  // The file of settings, the credential of `pailou call`, and what is refused.
  for (const other of ['CONFIG', 'APP', 'DATABASE_URL', 'REDIS_URL', 'IAM_URL']) known.add(`PAILOU_${other}`)
  for (const readme of readmes) {
    const named = read(readme).match(/PAILOU_[A-Z_]*[A-Z]/g) ?? []
    assert.deepEqual(
      named.filter(name => !known.has(name)),
      [],
      readme,
    )
  }
})

test('the READMEs have the same headings, by level, and the same number of code blocks and table rows', () => {
  const shapes = readmes.map(readme => {
    const text = read(readme)
    const rest = prose(text)
    return {
      headings: (rest.match(/^#+(?= )/gm) ?? []).map(({ length }) => length),
      blocks: (text.match(fence) ?? []).map(block => block.split('\n', 1)[0]),
      rows: (rest.match(/^\|/gm) ?? []).length,
    }
  })
  assert.deepEqual(shapes[1], shapes[0])
  assert.ok(shapes[0]!.headings.length > 10)
})

test('the commands in both READMEs are the same', () => {
  const commands = readmes.map(readme =>
    (read(readme).match(fence) ?? [])
      .filter(block => /^```(sh|js)\n/.test(block))
      // What explains a command may be in either language, and so may what it asks for.
      .map(block => block.replace(/ +# .*$/gm, '').replaceAll('?lang=en', '')),
  )
  assert.deepEqual(commands[1], commands[0])
})

test('the READMEs list and count the rows of the error table that the gateway gives', () => {
  const waiting = new Set(
    [...read('packages/gateway/src/traffic/rows.test.ts').matchAll(/^ +'(\d{4}(?:\/\d{3})?)': '/gm)].map(
      match => match[1]!,
    ),
  )
  assert.ok(waiting.size < errorRows.length)
  for (const readme of readmes) {
    const [, count, list = ''] = /(\d+)[^`\d]*(`0101`[^.。]*)[.。]/.exec(read(readme)) ?? []
    const codes = list.match(/\d{4}/g) ?? []
    const statuses = list.match(/(?<!\d)\d{3}(?!\d)/g) ?? []
    const rows = codes.flatMap(code => (code === '0201' ? statuses.map(status => `0201/${status}`) : [code]))
    assert.deepEqual(
      rows,
      errorRows.filter(row => !waiting.has(row)),
      readme,
    )
    assert.equal(Number(count), rows.length, readme)
  }
})

/** How the READMEs call a family that traffic may not obey yet, in the order of `readmes`. */
const familyNames: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  'AI API keys': ['AI API keys', 'AI API Key'],
  'custom authorizers': ['custom authorizers', '自定义认证'],
  'ingress ports': ['ingress ports', '入方向端口'],
  'instance features': ['instance features', '实例特性'],
  'orchestrations': ['orchestration rules', '编排规则'],
  'plugins': ['plug-ins', '插件'],
  'signature bindings': ['signature keys', '签名密钥'],
  'signature keys': ['signature keys', '签名密钥'],
  'VPC channels': ['load balance channels', '负载通道'],
}

test('the tables of both READMEs say "kept, but not obeyed yet" of the families of which that is so, and of no other', () => {
  assert.deepEqual(
    storedFamilies.filter(family => !Object.hasOwn(familyNames, family)),
    [],
  )
  for (const [at, readme] of readmes.entries()) {
    const cells = [...prose(read(readme)).matchAll(/^\|[^|\n]*\|([^|\n]*)\|[^|\n]*\|$/gm)].map(match => match[1]!)
    assert.ok(cells.length > 10, readme)
    const kept = cells.join('\n').toLowerCase()
    const said = Object.keys(familyNames).filter(family => kept.includes(familyNames[family]![at]!.toLowerCase()))
    assert.deepEqual(said.toSorted(), [...storedFamilies].toSorted(), readme)
  }
})

test('what is said to be kept is a family of the contract, and the admin API names it so', () => {
  const families = new Set(coverage().map(({ family }) => family))
  const text = read('docs/admin-api.md').replaceAll(/\s+/g, ' ')
  for (const family of storedFamilies) {
    assert.ok(families.has(family), family)
    // The bindings stand with what they bind.
    if (family !== 'signature bindings') assert.ok(text.includes(family), family)
  }
})

test('the documents of the admin API name every path of our own', () => {
  const text = read('docs/admin-api.md') + read('docs/iam.md')
  const own = Object.values<Operation>(operations).filter(({ path }) => path.startsWith('/pailou/'))
  assert.ok(own.length > 0)
  for (const { path } of own) assert.ok(text.includes(path), path)
})

for (const document of documents) {
  test(`${document}: every relative link leads somewhere`, () => {
    const targets = [...prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1]!)
    const broken = targets
      .filter(target => !/^[a-z]+:/.test(target) && !target.startsWith('#'))
      .filter(target => !existsSync(resolve(root, dirname(document), target.split('#')[0]!)))
    assert.deepEqual(broken, [])
  })

  test(`${document}: every path and every npm script that it names exists`, () => {
    const text = prose(read(document))
    assert.deepEqual(
      pathsIn(text).filter(path => !findable(path, document)),
      [],
    )
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(document).matchAll(/\bnpm run ([a-z:-]+)/g)].map(match => match[1]!)
    assert.deepEqual(
      named.filter(name => !(name in scripts)),
      [],
    )
  })
}

/** What stands in backquotes and looks like a path of ours: files by their ending, folders by a slash at the end. */
function pathsIn(text: string): string[] {
  const words = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(match => match[1]!.split(/\s+/))
  return words.filter(word => {
    if (/[<>{}*…$=:]|^\/|^--/.test(word) || word.startsWith('pailou-data') || word.startsWith('tls/')) return false
    return (
      /^[\w@.-]+(\/[\w@.-]+)+\.(ts|js|cjs|mjs|md|json|tsv|lua)$/.test(word) ||
      /^(packages|scripts|docs|bench|examples)\//.test(word) ||
      /^\w[\w/-]*\/$/.test(word)
    )
  })
}

/** Documents name the gateway's files from `packages/gateway/src`, some of them from `traffic`. */
function findable(path: string, document: string): boolean {
  // Results are written by the benchmark and are not kept here.
  if (path.startsWith('bench/results/')) return true
  const places = [
    '.',
    relative(root, resolve(root, dirname(document))),
    'packages/gateway/src',
    'packages/gateway/src/traffic',
  ]
  return places.some(place => existsSync(resolve(root, place, path)))
}
