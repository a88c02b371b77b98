import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrows } from './arrows.ts'
import { drawing, redrawn } from './map.ts'

const [begin, end] = redrawnMarks()

function redrawnMarks(): [string, string] {
  try {
    redrawn('')
  } catch (error) {
    const [, first, second] = (error as Error).message.split('\n')
    return [first ?? '', second ?? '']
  }
  throw new Error('a document without marks was accepted')
}

test('draws an arrow for every line of the table', () => {
  const drawn = drawing()
  for (const [part, targets] of Object.entries(arrows)) {
    for (const target of targets) assert.match(drawn, new RegExp(`^  ${part} --> ${target}$`, 'm'))
  }
})

test('replaces what stands between the marks and nothing else', () => {
  const text = redrawn(`# Title\n${begin}\nold\n${end}\nthe rest\n`)
  assert.ok(text.startsWith('# Title\n'))
  assert.ok(text.endsWith(`${end}\nthe rest\n`))
  assert.doesNotMatch(text, /old/)
  assert.equal(redrawn(text), text)
})

for (const text of ['', begin, end, `${end}\n${begin}`, `${begin}${end}${begin}${end}`]) {
  test(`refuses a document with the marks ${JSON.stringify(text.replaceAll(begin, 'B').replaceAll(end, 'E'))}`, () => {
    assert.throws(() => redrawn(text), /once each and in this order/)
  })
}
