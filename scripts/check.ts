import { spawnSync } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'

const usage = `Usage: npm run check -- [options]

Everything that CI asks, in CI's order. Stops at the first step that fails.

  --all            go on after a failure
  --only NAME      this step alone; may be given several times
  --without-tests  leave out the tests, for whoever has just run them
  --list           name the steps`

export interface Step {
  readonly name: string
  /** A program of node_modules/.bin and its arguments, or a script of ours. */
  readonly command: readonly [string, ...string[]]
}

/** In the order of their price: what fails fast comes first. */
export const steps: readonly Step[] = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'arrows', command: ['node', 'scripts/arrows.ts'] },
  { name: 'unused', command: ['knip'] },
  { name: 'map', command: ['node', 'scripts/map.ts', '--check'] },
  { name: 'coverage', command: ['node', 'scripts/coverage.ts', '--check'] },
  { name: 'tests', command: ['node', 'scripts/test.ts'] },
  { name: 'smoke', command: ['node', 'scripts/smoke.ts'] },
]

const root = resolve(import.meta.dirname, '..')

function passes({ command }: Step): boolean {
  const [program, ...args] = command
  // npm lets its shell find programs; we name them, so that this runs outside of npm too.
  const file = program === 'node' ? process.execPath : join(root, 'node_modules/.bin', program)
  const result = spawnSync(file, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path() } })
  if (result.error) console.error(`${program} could not be started: ${result.error.message}`)
  return result.status === 0
}

const path = () => [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)

function main(): number {
  const { values } = parseArgs({
    options: {
      'all': { type: 'boolean', default: false },
      'only': { type: 'string', multiple: true, default: [] },
      'without-tests': { type: 'boolean', default: false },
      'list': { type: 'boolean', default: false },
      'help': { type: 'boolean', default: false },
    },
  })
  const unknown = values.only.filter(name => !steps.some(step => step.name === name))
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `No step is called ${unknown.join(', ')}.\n\n${usage}` : usage)
    return unknown.length > 0 ? 2 : 0
  }
  const chosen = steps.filter(({ name }) => {
    if (values['without-tests'] && name === 'tests') return false
    return values.only.length === 0 || values.only.includes(name)
  })
  if (values.list) {
    for (const { name, command } of chosen) console.log(`${name.padEnd(8)} ${command.join(' ')}`)
    return 0
  }

  const report: string[] = []
  let failures = 0
  for (const step of chosen) {
    console.log(styleText('bold', `\n── ${step.name}: ${step.command.join(' ')}`))
    const start = performance.now()
    const well = passes(step)
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
    report.push(`${styleText(well ? 'green' : 'red', well ? '✔' : '✖')} ${step.name.padEnd(8)}${seconds} s`)
    if (well) continue
    failures += 1
    if (!values.all) break
  }
  const left = chosen.slice(report.length).map(step => step.name)
  if (left.length > 0) report.push(`not run: ${left.join(', ')}`)
  console.log(`\n${report.join('\n')}`)
  return failures === 0 ? 0 : 1
}

if (import.meta.main) {
  try {
    process.exitCode = main()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exitCode = 2
  }
}
