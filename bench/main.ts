import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { names } from './candidates.ts'
import { machine } from './machine.ts'
import { describeMachine, describeStartUp, describeThroughput } from './report.ts'
import { measureStartUp } from './start-up.ts'
import { measure } from './throughput.ts'

const usage = `Usage: npm run bench -- [options]

CPU per request of Pailou and its peers, in interleaved rounds, as ratios to nginx. See bench/README.md.

  --rounds N     default 5
  --seconds S    of each sample and of each warm-up, default 3
  --only A,B     ${names.join(', ')}; nginx is always measured
  --start-up     how soon Pailou serves and what it needs at rest, instead
  --smoke        one round of one second: proves that everything runs, and measures nothing
  --json         print the result as JSON and nothing else
  --name NAME    keep it as bench/results/NAME.json, which git does not ignore`

const options = {
  'rounds': { type: 'string', default: '5' },
  'seconds': { type: 'string', default: '3' },
  'only': { type: 'string' },
  'start-up': { type: 'boolean', default: false },
  'smoke': { type: 'boolean', default: false },
  'json': { type: 'boolean', default: false },
  'name': { type: 'string' },
  'help': { type: 'boolean', default: false },
} as const

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${option}: a whole number from 1, not ${text}`)
  return Number(text)
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  if (values.help) return console.log(usage)
  if (process.platform !== 'linux') throw new Error('the measurement reads /proc and therefore needs Linux')
  const rounds = values.smoke ? 1 : wholeNumber('rounds', values.rounds)
  const seconds = values.smoke ? 1 : wholeNumber('seconds', values.seconds)
  const only = values.only?.split(',') ?? names
  const unknown = only.filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is none of ${names.join(', ')}`)
  if (values.name !== undefined && !/^[\w.-]+$/.test(values.name)) throw new Error('--name: letters, digits, - _ .')

  const date = new Date().toISOString()
  const about = { date, machine: machine(), rounds, seconds, smoke: values.smoke }
  const say = (text: string) => (values.json ? undefined : console.error(text))
  const folder = mkdtempSync(join(tmpdir(), 'pailou-bench-'))
  try {
    const startUp = values['start-up'] ? await measureStartUp(rounds, folder, say) : undefined
    const wanted = ['nginx', ...only.filter(name => name !== 'nginx')]
    const throughput = startUp ? undefined : await measure({ rounds, seconds, wanted, folder }, say)
    const result = { ...about, ...(startUp && { startUp }), ...(throughput && { throughput }) }
    if (values.json) console.log(JSON.stringify(result, undefined, 2))
    else {
      console.log(`\n${date}, ${rounds} rounds of ${seconds} s\n${describeMachine(about.machine)}\n`)
      if (startUp) console.log(describeStartUp(startUp))
      if (throughput) console.log(describeThroughput(throughput))
      if (values.smoke)
        console.log('One round of one second proves that everything runs. These numbers are no measurement.')
    }
    keep(values.name ?? `latest-${date.replaceAll(':', '')}`, result, say)
    const errors = throughput?.rows.filter(row => row.errors > 0).map(row => row.name) ?? []
    if (errors.length > 0) throw new Error(`answers went wrong, so these numbers mean nothing: ${errors.join(', ')}`)
    if (values.smoke && throughput?.absent.some(({ name }) => name.startsWith('pailou'))) {
      throw new Error('Pailou itself was not measured')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function keep(name: string, result: object, say: (text: string) => void): void {
  const results = resolve(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  say(`kept as bench/results/${name}.json`)
}

try {
  await main()
} catch (error) {
  console.error(`pailou bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
