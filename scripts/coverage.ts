import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { operations, type Operation } from '@pailou/contract'
import { cloudOnly } from '../packages/contract/src/operations/cloud-only.ts'
import { readTable } from '../packages/contract/src/testdata/table.ts'

/** How far an operation of the contract has come here. */
const states = {
  'served': 'does what the contract says',
  'stored': 'keeps what it is given and shows it again; requests do not obey it yet',
  'refused': 'is answered 400 `APIG.2000`: only a cloud can do it',
  'not yet': 'is answered 404: it is not there',
} as const

export type State = keyof typeof states

/** The families of which traffic obeys nothing yet. A family leaves this list together with the change that obeys it. */
export const storedFamilies: readonly string[] = [
  'AI API keys',
  'custom authorizers',
  'ingress ports',
  'instance features',
  'orchestrations',
  'plugins',
  'signature bindings',
  'signature keys',
  'VPC channels',
]

interface Row {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly family: string
  readonly tier: string
  readonly state: State
}

const known: Readonly<Record<string, Operation>> = operations
const refused: ReadonlySet<string> = new Set(cloudOnly.map(({ id }) => id))

function stateOf(operation: string, family: string): State {
  if (!Object.hasOwn(known, operation)) return 'not yet'
  if (refused.has(operation)) return 'refused'
  return storedFamilies.includes(family) ? 'stored' : 'served'
}

/** Every operation of the contract, in the order of its table. */
export function coverage(): readonly Row[] {
  const endpoints = readTable('endpoints.tsv', ['method', 'path', 'operation', 'status', 'family', 'tier'])
  return endpoints.map(({ method, path, operation, family, tier }) => {
    return { method, path, operation, family, tier, state: stateOf(operation, family) }
  })
}

/** The page, whole. */
export function page(rows: readonly Row[]): string {
  const count = (state: State, tier?: string) =>
    rows.filter(row => row.state === state && (tier === undefined || row.tier === tier)).length
  const tiers = ['1', '2', '3']
  const lines = [
    '# The operations of the admin API',
    '',
    '<!-- written by `node scripts/coverage.ts` from the table of operations; do not edit -->',
    '',
    `The contract has ${rows.length} operations. Tier 1 manages the gateway, tier 2 is convenient, tier 3 belongs to a cloud.`,
    '',
    '| an operation that is | tier 1 | tier 2 | tier 3 | all |',
    '|---|---|---|---|---|',
    ...(Object.keys(states) as State[]).map(
      state =>
        `| **${state}** ${states[state]} | ${tiers.map(tier => count(state, tier)).join(' | ')} | ${count(state)} |`,
    ),
    '',
    '`I` stands for `/v2/{project_id}/apigw/instances/{instance_id}`. What each takes and gives is in `GET /openapi.json`.',
  ]
  for (const [family, all] of [...Map.groupBy(rows, row => row.family)].toSorted(([a], [b]) => compare(a, b))) {
    lines.push('', `## ${family}`, '', '| operation | | state |', '|---|---|---|')
    for (const { operation, method, path, state } of all) {
      lines.push(`| \`${operation}\` | ${method} \`${shortened(path)}\` | ${state} |`)
    }
  }
  return `${lines.join('\n')}\n`
}

const compare = (a: string, b: string) => a.localeCompare(b, 'en', { sensitivity: 'base' })

function shortened(path: string): string {
  return path.replace('/v2/{project_id}/apigw/instances/{instance_id}', 'I')
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const file = resolve(import.meta.dirname, '../docs/reference/admin-api.md')
  const text = page(coverage())
  if (!values.check) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return 0
  }
  if (written(file) === text) {
    console.log('docs/reference/admin-api.md is the table of operations.')
    return 0
  }
  console.error('docs/reference/admin-api.md is not the table of operations any more: run `node scripts/coverage.ts`.')
  return 1
}

function written(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) process.exitCode = main()
