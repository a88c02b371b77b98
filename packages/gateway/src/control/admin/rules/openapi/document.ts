import { AdminError } from '../../admin-error.ts'

/** A value of a document that has fields. Look into it with {@link field} alone: its keys are anybody's. */
export type Tree = Readonly<Record<string, unknown>>

/** A document whose frame has been checked; what its operations say has not. */
export interface ApiDocument {
  /** 2: Swagger 2.0. 3: OpenAPI 3.0 or 3.1. */
  readonly major: 2 | 3
  readonly root: Tree
  readonly title: string
  readonly paths: ReadonlyMap<string, Tree>
  /** The value, or what its `$ref` leads to. Throws AdminError APIG.3602 when that is nothing with fields. */
  follow(value: unknown, place: string): Tree
}

const deepest = 200
/** Characters. Far beyond what the operations of one group need, and not yet a burden to read; YAML takes far longer. */
const longest = { json: 4 * 1024 * 1024, yaml: 2 * 1024 * 1024 }

export function field(tree: Tree | undefined, name: string): unknown {
  return tree !== undefined && Object.hasOwn(tree, name) ? tree[name] : undefined
}

export function treeOf(value: unknown): Tree | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A text, or what YAML made a number or a boolean of. */
export function scalarOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** `/v1//` → `/v1`. */
export function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

export const wrong = (what: string): AdminError =>
  new AdminError('APIG.3602', `Syntax error in the Swagger file: ${what}`)

/**
 * Reads JSON or YAML. References are never fetched: a document with one that leads outside of it is refused.
 * Throws AdminError: 3609 nothing there, 3603 too long, 3600 neither JSON nor YAML, 3601 another version, 3602 the rest.
 */
export async function readDocument(text: string): Promise<ApiDocument> {
  if (text.trim() === '') throw new AdminError('APIG.3609')
  if (text.length > longest.json) throw new AdminError('APIG.3603')
  const root = treeOf(await parse(text))
  if (!root) throw wrong('the document has to be an object')
  const major = majorOf(root)
  refuseOutside(root)
  const title = textOf(field(treeOf(field(root, 'info')), 'title'))
  if (title === undefined) throw wrong('info.title has to be a text')
  return { major, root, title, paths: pathsOf(root), follow: (value, place) => follow(root, value, place) }
}

async function parse(text: string): Promise<unknown> {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // A flow mapping of YAML begins like that, too.
    }
  }
  if (text.length > longest.yaml) throw new AdminError('APIG.3603')
  try {
    return await readYaml(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : 'unknown reason'
    throw new AdminError('APIG.3600', `Json or Yaml format error: ${reason}`)
  }
}

/** What takes more than linear time in the library (excerpts in its errors, its search for equal keys) is done here. */
async function readYaml(text: string): Promise<unknown> {
  const { isScalar, LineCounter, parseDocument, visit } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    logLevel: 'silent',
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter,
  })
  const at = (position: number): string => `at line ${lineCounter.linePos(position).line}`
  const [error] = document.errors
  if (error) throw new Error(`${error.message} ${at(error.pos[0])}`)
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue
        if (keys.has(key.value)) throw new Error(`Map keys must be unique ${at(key.range?.[0] ?? 0)}`)
        keys.add(key.value)
      }
    },
  })
  // Anchors can make circles and share what they name: afterwards it is a tree, as JSON is.
  return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })))
}

function majorOf(root: Tree): 2 | 3 {
  const swagger = field(root, 'swagger')
  const openapi = field(root, 'openapi')
  // Without quotes, YAML reads a version as a number.
  if (swagger === '2.0' || swagger === 2) return 2
  if (/^3\.[01](\.\d+)?$/.test(scalarOf(openapi) ?? '') || openapi === 3) return 3
  throw new AdminError('APIG.3601', 'The Swagger file version must be 2.0, or the OpenAPI version 3.0 or 3.1')
}

function pathsOf(root: Tree): ReadonlyMap<string, Tree> {
  const paths = treeOf(field(root, 'paths') ?? {})
  if (!paths) throw wrong('paths has to be an object')
  const found = new Map<string, Tree>()
  for (const [path, value] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue
    const item = treeOf(value)
    if (!path.startsWith('/') || !item) throw wrong(`paths.${path} has to begin with a slash and to be an object`)
    found.set(path, item)
  }
  return found
}

/** Walks the whole tree without recursion. */
function refuseOutside(root: Tree): void {
  const waiting: { value: unknown; place: string; depth: number }[] = [{ value: root, place: '', depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, place, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > deepest) throw wrong(`the document is nested more than ${deepest} levels deep`)
    for (const [name, inner] of Object.entries(value)) {
      const at = place === '' ? name : `${place}.${name}`
      if (name === '$ref' && typeof inner === 'string' && !inner.startsWith('#'))
        throw wrong(`${at} leads out of the document, and nothing is fetched from elsewhere`)
      waiting.push({ value: inner, place: at, depth: depth + 1 })
    }
  }
}

function follow(root: Tree, value: unknown, place: string): Tree {
  let tree = treeOf(value)
  const passed = new Set<Tree>()
  while (tree) {
    const target = textOf(field(tree, '$ref'))
    if (target === undefined) return tree
    if (passed.has(tree)) throw wrong(`${place}: the reference ${target} leads to itself`)
    passed.add(tree)
    tree = treeOf(lookUp(root, target))
    if (!tree) throw wrong(`${place}: the reference ${target} leads nowhere`)
  }
  throw wrong(`${place} has to be an object`)
}

/** `#/components/parameters/a~1b` → that value of the document. */
function lookUp(root: Tree, target: string): unknown {
  if (!target.startsWith('#/')) return undefined
  let value: unknown = root
  for (const part of target.slice(2).split('/')) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    value = Array.isArray(value) ? (value as unknown[])[Number(name)] : field(treeOf(value), name)
  }
  return value
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
