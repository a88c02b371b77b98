import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

/** Runs the runner over one folder of planted files, `name` → source. */
function runner(files: Record<string, string>, args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const root = mkdtempSync(join(tmpdir(), 'pailou-test-'))
  try {
    mkdirSync(join(root, 'packages/p/src'), { recursive: true })
    for (const [name, source] of Object.entries(files)) writeFileSync(join(root, 'packages/p/src', name), source)
    const env: NodeJS.ProcessEnv = { ...process.env, CI: '', PAILOU_TEST_REQUIRE: '', ...environment }
    // Set by the runner that runs this file; a runner inside it would refuse to start another.
    delete env['NODE_TEST_CONTEXT']
    const script = join(import.meta.dirname, 'test.ts')
    const outcome = spawnSync(process.execPath, [script, '--root', root, ...args], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    })
    return { status: outcome.status, text: outcome.stdout + outcome.stderr }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const head = `import { test, describe } from 'node:test'\n`
const passes = `${head}test('goes well', () => {})`
const fails = `${head}test('goes wrong', () => { console.log('a trace'); throw new Error('planted') })`
const skips = `${head}test('goes well', () => {})\ntest('needs more', { skip: 'no server' }, () => {})`

test('passes when every test passes, and tells the number', () => {
  const { status, text } = runner({ 'a.test.ts': passes, 'b.test.ts': passes })
  assert.match(text, /2 passed, 0 failed, 0 skipped/)
  assert.equal(status, 0)
})

const faults: [name: string, files: Record<string, string>, said: RegExp][] = [
  [
    'a failing test',
    { 'a.test.ts': passes, 'b.test.ts': fails },
    /failed {3}packages\/p\/src\/b\.test\.ts: goes wrong/,
  ],
  [
    'a failing test inside a suite',
    { 'a.test.ts': `${head}describe('s', () => { test('inner', () => { throw 1 }) })` },
    /0 passed, 1 failed/,
  ],
  ['no test file', {}, /No test file was found/],
  ['a file without a test', { 'a.test.ts': passes, 'b.test.ts': `console.log('nothing')` }, /empty {4}.*b\.test\.ts/],
  ['a file that throws', { 'a.test.ts': `${passes}\nthrow new Error('early')` }, /early/],
  ['nothing but skips', { 'a.test.ts': `${head}test('x', { skip: true }, () => {})` }, /No test was executed/],
]
for (const [name, files, said] of faults) {
  test(`fails for ${name}`, () => {
    const { status, text } = runner(files)
    assert.match(text, said)
    assert.equal(status, 1)
  })
}

test('counts the tests of a shared suite for each file that runs it', () => {
  const suite = `${head}export const suite = (works: boolean) => test('holds', () => { if (!works) throw new Error('planted') })`
  const use = (works: boolean) => `import { suite } from './shared.contract.ts'\nsuite(${works})`
  const shared = { 'shared.contract.ts': suite, 'a.test.ts': use(true), 'b.test.ts': use(false) }
  const { status, text } = runner(shared)
  assert.match(text, /failed {3}packages\/p\/src\/b\.test\.ts: holds/)
  assert.match(text, /1 passed, 1 failed/)
  assert.doesNotMatch(text, /empty/)
  assert.equal(status, 1)
})

test('shows the error and the output of a failing file, and no output of a passing one', () => {
  const quiet = `${passes}\nconsole.log('chatter')`
  const { text } = runner({ 'a.test.ts': fails, 'b.test.ts': quiet })
  assert.match(text, /planted/)
  assert.match(text, /a trace/)
  assert.doesNotMatch(text, /chatter/)
})

test('names each skip with its reason, and lets it pass outside of CI', () => {
  const { status, text } = runner({ 'a.test.ts': skips })
  assert.match(text, /skipped {2}packages\/p\/src\/a\.test\.ts: needs more \(no server\)/)
  assert.match(text, /1 passed, 0 failed, 1 skipped/)
  assert.equal(status, 0)
})

for (const environment of [{ CI: 'true' }, { PAILOU_TEST_REQUIRE: 'all' }]) {
  test(`a skip is a failure with ${JSON.stringify(environment)}`, () => {
    assert.equal(runner({ 'a.test.ts': skips }, [], environment).status, 1)
    assert.equal(runner({ 'a.test.ts': passes }, [], environment).status, 0)
  })
}

test('runs only the files that were asked for, and refuses a filter that matches none', () => {
  const files = { 'one.test.ts': passes, 'two.test.ts': fails }
  assert.equal(runner(files, ['src/one']).status, 0)
  const none = runner(files, ['three'])
  assert.match(none.text, /No test file of 2 has three in its path/)
  assert.equal(none.status, 1)
})

test('stops a file that does not end, and says so', () => {
  const { status, text } = runner({ 'a.test.ts': `${passes}\nsetInterval(() => {}, 1000)` }, ['--file-limit', '2'])
  assert.match(text, /stopped after 2 s/)
  assert.equal(status, 1)
})

test('--coverage adds the share of lines for each source', () => {
  const source = 'export function used(): number {\n  return 1\n}\n'
  const tests = `${head}import { used } from './a.ts'\ntest('uses it', () => { used() })`
  const { status, text } = runner({ 'a.ts': source, 'a.test.ts': tests }, ['--coverage'])
  assert.match(text, /100\.0 % packages\/p\/src\/a\.ts/)
  assert.equal(status, 0)
})
