import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { run } from 'node:test'
import { parseArgs, styleText } from 'node:util'
import { Outcome, summary } from './test-outcome.ts'

const usage = `Usage: npm test -- [options] [part of a path]...

Runs every test file whose path contains one of the given parts, all of them without any.

  --coverage     also report the coverage of the sources
  --verbose      show what passing tests print
  --file-limit S seconds after which a file that has not ended is stopped (default 180)
  --root DIR     where to look (default: the repository)

With CI=true or PAILOU_TEST_REQUIRE=all a skipped test is a failure.`

const patterns = [
  'packages/*/src/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
  'conformance/**/*.test.ts',
  'examples/**/*.test.ts',
]

const options = {
  coverage: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  'file-limit': { type: 'string', default: '180' },
  root: { type: 'string', default: resolve(import.meta.dirname, '..') },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const limit = Number(values['file-limit'])
  if (!(limit > 0)) throw new Error(`--file-limit: a number of seconds, not ${values['file-limit']}`)
  const strict = process.env['CI'] === 'true' || process.env['PAILOU_TEST_REQUIRE'] === 'all'
  const found: string[] = []
  for await (const file of glob(patterns, { cwd: values.root, exclude: ['**/node_modules/**'] })) found.push(file)
  const files = found.filter(file => positionals.length === 0 || positionals.some(part => file.includes(part))).sort()
  if (files.length === 0) {
    const among = positionals.length ? `of ${found.length} has ${positionals.join(' or ')} in its path` : 'was found'
    console.error(`No test file ${among}.`)
    return 1
  }

  const start = performance.now()
  const outcome = new Outcome(values.root, values.verbose)
  if (values.coverage) await measured(files, values.root, outcome)
  else await pooled(files, values.root, limit, outcome)
  console.log(summary(outcome, { strict, seconds: (performance.now() - start) / 1000 }))
  return outcome.failed(strict) ? 1 : 0
}

/** One run for each file, so that a file which does not end can be stopped alone and is known by name. */
async function pooled(files: readonly string[], root: string, limit: number, outcome: Outcome): Promise<void> {
  const queue = [...files]
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const path = resolve(root, file)
      const stop = new AbortController()
      const timer = setTimeout(() => {
        outcome.stopped(path, limit)
        stop.abort()
      }, limit * 1000)
      for await (const event of run({ files: [path], concurrency: 1, cwd: root, signal: stop.signal }))
        outcome.take(event)
      clearTimeout(timer)
      outcome.ended(path)
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, worker))
}

/** Coverage is added up by the runner, which therefore has to see all files in one run. */
async function measured(files: readonly string[], root: string, outcome: Outcome): Promise<void> {
  const paths = files.map(file => resolve(root, file))
  const coverageIncludeGlobs = ['packages/*/src/**/*.ts']
  const coverageExcludeGlobs = ['**/*.test.ts', '**/*.contract.ts']
  const settings = { files: paths, cwd: root, concurrency: availableParallelism(), coverage: true }
  for await (const event of run({ ...settings, coverageIncludeGlobs, coverageExcludeGlobs })) {
    outcome.take(event)
    if (event.type !== 'test:coverage') continue
    const { files: sources, totals } = event.data.summary
    for (const source of sources) {
      const percent = source.coveredLinePercent.toFixed(1).padStart(6)
      console.log(`${percent} % ${relative(root, source.path)}`)
    }
    console.log(`${totals.coveredLinePercent.toFixed(1).padStart(6)} % of all lines`)
  }
  for (const path of paths) outcome.ended(path)
}

process.exitCode = await main().catch(error => {
  console.error(styleText('red', error instanceof Error ? error.message : String(error)))
  return 2
})
