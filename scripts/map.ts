import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { arrows, storeys, walls } from './arrows.ts'

const begin = '<!-- map: drawn by `node scripts/map.ts` from scripts/arrows.ts; do not edit -->'
const end = '<!-- map: end -->'

/** The arrows as a Mermaid drawing, and the finer rules as a list. */
export function drawing(): string {
  const lines = ['```mermaid', 'flowchart TD']
  for (const [part, targets] of Object.entries(arrows)) {
    lines.push(`  ${part}`)
    for (const target of targets) lines.push(`  ${part} --> ${target}`)
  }
  lines.push('```', '', 'An arrow says who may import whom. Within a part:', '')
  for (const [part, rooms] of Object.entries(storeys)) {
    lines.push(
      `- \`${part}\`, each above what it stands on: ${rooms.map(row => row.map(room => `\`${room}\``).join(', ')).join(' ← ')}`,
    )
  }
  for (const { from, to, because } of walls) lines.push(`- \`${from}\` does not know \`${to}\`: ${because}`)
  return lines.join('\n')
}

/** The document with the map between the two marks redrawn. Throws when the marks are not there, once each and in order. */
export function redrawn(text: string): string {
  const [before, rest, ...more] = text.split(begin)
  const [old, after, ...further] = (rest ?? '').split(end)
  if (before === undefined || old === undefined || after === undefined || more.length > 0 || further.length > 0) {
    throw new Error(`the document needs these two lines, once each and in this order:\n${begin}\n${end}`)
  }
  return `${before}${begin}\n\n${drawing()}\n\n${end}${after}`
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const file = resolve(import.meta.dirname, '../docs/architecture.md')
  const text = readFileSync(file, 'utf8')
  if (!values.check) {
    writeFileSync(file, redrawn(text))
  } else if (redrawn(text) === text) {
    console.log('The map in docs/architecture.md is the table of arrows.')
  } else {
    console.error('The map in docs/architecture.md is not the table of arrows any more: run `node scripts/map.ts`.')
    process.exitCode = 1
  }
}
