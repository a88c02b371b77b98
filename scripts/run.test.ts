import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'

const made: string[] = []
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
})

// Says when it is there, counts the signals that reach it, and ends in its own time.
const program = `
let interrupts = 0
process.on('SIGINT', () => { if (interrupts++ === 0) end('interrupted') })
process.on('SIGTERM', () => end('terminated'))
function end(word) { setTimeout(() => { console.log(word + ' ' + interrupts); process.exit(0) }, 300) }
const [, , ...given] = process.argv
console.log('ready ' + JSON.stringify(given))
if (given.includes('fail')) process.exit(7)
setTimeout(() => process.exit(9), 20_000)
`

const lock = (packages: Record<string, unknown>) => JSON.stringify({ name: 'r', lockfileVersion: 3, packages })

/** A repository in miniature: run.cjs, one program, and what npm leaves behind. */
function repository(options: { wanted?: Record<string, unknown>; installed?: Record<string, unknown> | false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-run-'))
  made.push(directory)
  for (const folder of ['scripts', 'packages/gateway/bin', 'node_modules/.bin']) {
    mkdirSync(join(directory, folder), { recursive: true })
  }
  copyFileSync(join(import.meta.dirname, 'run.cjs'), join(directory, 'scripts/run.cjs'))
  writeFileSync(join(directory, 'packages/gateway/bin/pailou.js'), program)
  writeFileSync(join(directory, 'scripts/test.ts'), program)
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'r', version: '0.0.0', scripts }))
  writeFileSync(join(directory, 'package-lock.json'), lock({ '': { name: 'r', version: '0.0.0' }, ...options.wanted }))
  if (options.installed !== false) {
    writeFileSync(join(directory, 'node_modules/.package-lock.json'), lock(options.installed ?? {}))
    symlinkSync(process.execPath, join(directory, 'node_modules/.bin/node'))
  }
  return directory
}

function runCjs(directory: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, npm_execpath: '', ...environment }
  const options = { cwd: directory, env, encoding: 'utf8' } as const
  return spawnSync(process.execPath, [join(directory, 'scripts/run.cjs'), ...args], options)
}

async function ready(child: ChildProcess): Promise<() => string> {
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', text => (said += text))
  while (!said.includes('ready')) {
    if (child.exitCode !== null) throw new Error(`ended before it was ready: ${said}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return () => said
}

test('passes the arguments on and ends with the code of the program', () => {
  const outcome = runCjs(repository(), ['start', '--port', '1', 'fail'])
  assert.match(outcome.stdout, /ready \["start","--port","1","fail"\]/)
  assert.equal(outcome.status, 7)
  assert.equal(outcome.stderr, '')
})

test('under npm, Ctrl-C reaches the program once and its exit code 0 comes through', async () => {
  const child = spawn('npm', ['start', '--loglevel=error'], {
    cwd: repository(),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = await ready(child)
  process.kill(-child.pid!, 'SIGINT')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.match(said(), /interrupted 1/)
})

test('forwards a SIGTERM and waits for the program', async () => {
  const directory = repository()
  const child = spawn(process.execPath, ['scripts/run.cjs', 'start'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = await ready(child)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.match(said(), /terminated 0/)
})

test('installs when node_modules is missing, says so in one line, and goes on', () => {
  const outcome = runCjs(repository({ installed: false }), ['start', 'fail'])
  assert.match(outcome.stderr, /^pailou: installing dependencies with npm ci \(node_modules is missing\)$/m)
  assert.equal(outcome.status, 7)
})

const a = (version: string, more = {}) => ({ 'node_modules/a': { version, integrity: `sha512-${version}`, ...more } })
const stale: [name: string, command: string, wanted: object, installed: object, reason: RegExp | undefined][] = [
  ['a package of another version', 'start', a('1.0.0'), a('2.0.0'), /node_modules\/a has changed/],
  ['a package that is not there', 'start', a('1.0.0'), {}, /node_modules\/a is missing/],
  ['a tool that is not there, for the tests', 'test', a('1.0.0', { dev: true }), {}, /node_modules\/a is missing/],
  ['a tool that is not there, for the gateway', 'start', a('1.0.0', { dev: true }), {}, undefined],
  ['an optional package that was left out', 'test', a('1.0.0', { optional: true }), {}, undefined],
  ['everything in its place', 'test', a('1.0.0'), a('1.0.0'), undefined],
]
for (const [name, command, wanted, installed, reason] of stale) {
  test(`${reason ? 'installs' : 'does not install'} for ${name}`, () => {
    const directory = repository({ wanted: { ...wanted }, installed: { ...installed } })
    // An npm that only says that it was asked.
    writeFileSync(join(directory, 'npm.js'), `console.log('asked for ' + process.argv.slice(2)); process.exit(1)`)
    const outcome = runCjs(directory, [command, 'fail'], { npm_execpath: join(directory, 'npm.js') })
    if (reason) {
      assert.match(outcome.stderr, reason)
      assert.match(outcome.stderr, /asked for ci,/)
      assert.match(outcome.stderr, /npm ci failed/)
      assert.equal(outcome.status, 1)
    } else {
      assert.equal(outcome.stderr, '')
      assert.equal(outcome.status, 7)
    }
  })
}

for (const [version, accepted] of [
  ['v20.20.2', false],
  ['v24.14.9', false],
  ['v25.1.0', false],
  ['v24.15.0', true],
  ['v26.0.0', true],
  ['v27.1.0', true],
] as const) {
  test(`without a Node of its own, ${accepted ? 'runs on' : 'refuses'} Node ${version}`, () => {
    const directory = repository()
    rmSync(join(directory, 'node_modules/.bin/node'))
    const pretend = join(directory, 'pretend.cjs')
    writeFileSync(pretend, `Object.defineProperty(process, 'version', { value: '${version}' })`)
    const outcome = runCjs(directory, ['start', 'fail'], { NODE_OPTIONS: `--require ${pretend}` })
    assert.equal(outcome.status, accepted ? 7 : 1)
    if (!accepted) assert.match(outcome.stderr, /^pailou: needs Node 24\.15 or 26 and found v2\d.*npm ci.*\n$/)
  })
}
