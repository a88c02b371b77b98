import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { errorRows, type ErrorRow } from '@pailou/contract/errors'

/** What no code path says yet, and what is missing for it. Whoever builds that takes the row out of here. */
const notYet: Partial<Record<ErrorRow, string>> = {
  '0103': 'function backends',
  '0104': 'plug-ins',
  '0301': 'IAM authentication',
  '0305': 'custom authorizers',
  '0306': 'private APIs',
  '0307': 'IAM tokens',
  '0401': 'client addresses from headers',
  '0404': 'forbidden backend addresses',
  '0608': 'IAM tokens',
  '0609': 'channels',
  '0610': 'channels',
  '0612': 'the loop guard',
  '0705': 'backend signatures',
}

/** Every row that the sources of the data plane name, wherever they lie. */
function rowsInSources(): Set<string> {
  const folder = new URL('./', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && !/\.test\.ts$|(^|\/)(testing|fuzz)\//.test(name.replaceAll('\\', '/')),
  )
  assert.ok(files.length > 20)
  const rows = new Set<string>()
  for (const file of files) {
    const source = readFileSync(new URL(file, folder), 'utf8').replace(/\/\*.*?\*\/|^\s*\/\/[^\n]*$/gms, '')
    for (const [, row] of source.matchAll(/'(\d{4}(?:\/\d{3})?)'/g)) rows.add(row!)
  }
  return rows
}

test('every row that the data plane says is in the catalogue', () => {
  const known: ReadonlySet<string> = new Set(errorRows)
  assert.deepEqual(
    [...rowsInSources()].filter(row => !known.has(row)),
    [],
  )
})

test('every row of the catalogue is said by the data plane, or is listed as not built yet', () => {
  const said = rowsInSources()
  assert.deepEqual(errorRows.filter(row => !said.has(row)).toSorted(), Object.keys(notYet).toSorted())
})
