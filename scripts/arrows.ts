import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Who may import whom. A part may always import itself and what lies inside it; anything not listed is refused. */
export const arrows = {
  'contract': [],
  'signer': [],
  'base': [],
  'seam': ['base'],
  'traffic': ['seam', 'base', 'contract', 'signer'],
  'control': ['seam', 'base', 'contract', 'signer'],
  'settings': ['base'],
  'main': ['traffic', 'control', 'settings', 'seam', 'base', 'contract', 'signer'],
  'cli': ['main', 'settings', 'base', 'contract', 'signer'],
  'console': ['contract'],
  'conformance': ['contract', 'signer'],
  'bench': ['contract', 'signer', 'scripts'],
  'examples': ['contract', 'signer'],
  'scripts': ['contract', 'signer'],
} as const satisfies Record<string, readonly string[]>

export type Part = keyof typeof arrows

/** Inside a part, from the bottom upwards: a storey may import those below it and itself, never one above. */
export const storeys: { readonly [P in Part]?: readonly (readonly string[])[] } = {
  control: [['documents'], ['store'], ['catalog'], ['compile', 'publish'], ['desk'], ['admin', 'iam']],
}

/** Inside a part, what must not know of what, and why. */
export const walls: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [
  { from: 'traffic/http1', to: 'traffic/policies', because: 'the codec carries bytes and has no opinion about them' },
  {
    from: 'traffic/http1',
    to: 'traffic/gateway',
    because: 'a connection asks its host what to do, and knows no routes',
  },
  {
    from: 'traffic/policies',
    to: 'traffic/gateway',
    because: 'a policy sees the visit, not the table that led it here',
  },
  {
    from: 'traffic/backends',
    to: 'traffic/policies',
    because: 'what is sent is decided before and after, not by each other',
  },
  { from: 'traffic/gateway', to: 'traffic/request-path', because: 'the road is walked on a gateway that is ready' },
]

const packages: Readonly<Record<string, Part>> = {
  '@pailou/contract': 'contract',
  '@pailou/contract/errors': 'contract',
  '@pailou/signer': 'signer',
}

/** `packages/gateway/src/control/store/memory.ts` → `control/store/memory.ts`; undefined for what is in no part. */
export function placeOf(file: string): string | undefined {
  const inside =
    /^packages\/gateway\/src\/(.+)$/.exec(file)?.[1] ??
    /^packages\/((?:contract|signer|console)\/.+)$/.exec(file)?.[1] ??
    /^((?:conformance|bench|examples|scripts)\/.+)$/.exec(file)?.[1]
  return inside !== undefined && partOf(inside) in arrows ? inside : undefined
}

const partOf = (place: string) => (place.split('/')[0] ?? place).replace(/(\.test)?\.ts$/, '')
const roomOf = (place: string) => (place.split('/')[1] ?? '').replace(/(\.test)?\.ts$/, '')
const within = (place: string, room: string) => place === `${room}.ts` || place.startsWith(`${room}/`)

/** One sentence when `from` must not import `to` (both as `placeOf` gives them), undefined when it may. */
export function refusal(from: string, to: string): string | undefined {
  const [here, there] = [partOf(from) as Part, partOf(to) as Part]
  if (here !== there) {
    const allowed: readonly string[] = arrows[here]
    if (allowed.includes(there)) return undefined
    return `${here} must not import ${there}; it may import ${allowed.join(', ') || 'nothing of ours'}`
  }
  const wall = walls.find(wall => within(from, wall.from) && within(to, wall.to))
  if (wall) return `${wall.from} must not import ${wall.to}: ${wall.because}`
  const levels = storeys[here] ?? []
  const level = (place: string) => levels.findIndex(rooms => rooms.includes(roomOf(place)))
  const [own, other] = [level(from), level(to)]
  if (own === -1 || other <= own) return undefined
  return `${here}/${roomOf(from)} must not import ${here}/${roomOf(to)}, which stands above it`
}

/** The specifiers of a source's imports and exports, type imports included. */
export function importsOf(source: string): string[] {
  // Comments and templates may hold code that is only shown; the quoted strings are kept, since specifiers are among them.
  const code = source.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g,
    text => (text.startsWith("'") || text.startsWith('"') ? text : ' '),
  )
  const patterns = [
    /^[ \t]*(?:import|export)\b(?:[^'";=()]*?\bfrom)?\s*(['"])(?<specifier>.+?)\1/gm,
    /\bimport\(\s*(['"])(?<specifier>.+?)\1/g,
    /\bnew URL\(\s*(['"])(?<specifier>\..+?\.ts)\1\s*,\s*import\.meta\.url/g,
  ]
  return patterns.flatMap(pattern => [...code.matchAll(pattern)].map(match => match.groups?.['specifier'] ?? ''))
}

export interface Fault {
  readonly file: string
  readonly text: string
}

/** Every import in the tree under `root` that the table refuses, every file without a place, every import cycle. */
export function check(root: string): Fault[] {
  const places = ['packages/*/src/**/*.ts', '{conformance,bench,examples,scripts}/**/*.ts']
  const files = globSync(places, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).sort()
  const faults: Fault[] = []
  const graph = new Map<string, string[]>()
  for (const file of files) {
    const place = placeOf(file)
    if (place === undefined) {
      faults.push({ file, text: 'is in no part that the table of arrows knows: add a row' })
      continue
    }
    const targets: string[] = []
    graph.set(file, targets)
    for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
      const library = packages[specifier.split('/').slice(0, 2).join('/')]
      if (!library && !specifier.startsWith('.')) continue
      const target = library ? undefined : relative(root, resolve(root, dirname(file), specifier))
      if (target !== undefined) targets.push(target)
      const to = library ?? placeOf(target ?? '')
      const text = to === undefined ? undefined : refusal(place, to)
      if (text !== undefined) faults.push({ file, text: `${text} (${specifier})` })
    }
  }
  return [
    ...faults,
    ...cycles(graph).map(cycle => ({ file: cycle[0] ?? '', text: `import cycle: ${cycle.join(' → ')}` })),
  ]
}

/** Each import cycle once, as the files along it, the first repeated at the end. */
export function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const path: string[] = []
  const found: string[][] = []
  const visit = (file: string) => {
    const start = path.indexOf(file)
    if (start !== -1) found.push([...path.slice(start), file])
    if (start !== -1 || done.has(file)) return
    path.push(file)
    for (const target of graph.get(file) ?? []) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return found
}

if (import.meta.main) {
  const faults = check(resolve(import.meta.dirname, '..'))
  for (const { file, text } of faults) console.error(`${file}: ${text}`)
  console.log(faults.length === 0 ? 'Every import follows the arrows.' : `${faults.length} imports against the arrows.`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
