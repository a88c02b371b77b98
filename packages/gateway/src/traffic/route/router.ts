/**
 * Which of the patterns of one host and environment a method and a path lead to. The order is total:
 * a whole path before a prefix; among whole paths, segment by segment from the left, a literal before `{x}` before `{x+}`;
 * among prefixes the longest, then the same; on one pattern the method itself before ANY. A pattern that does not take
 * the method does not count, and the next one is asked.
 *
 * Source: whole before prefix, the longest prefix, and the templates' grammar are documented; the rest is inferred.
 */
export interface Pattern {
  readonly method: string
  readonly path: string
  readonly matchMode: 'NORMAL' | 'SWA'
}

export interface Found<T> {
  readonly entry: T
  readonly values: Readonly<Record<string, string>> | undefined
  /** Of a prefix: what stands behind it, with its slash; '' when nothing does. */
  readonly remainder: string
}

interface Leaf<T> {
  readonly entry: T
  readonly names: readonly string[]
}

type Methods<T> = Map<string, Leaf<T>>

interface Node<T> {
  readonly children: Map<string, Node<T>>
  any: Node<T> | undefined
  /** Patterns that end here. */
  whole: Methods<T> | undefined
  /** Patterns that end here with a name for all the rest. */
  rest: Methods<T> | undefined
  /** Prefixes that end here. */
  prefix: Methods<T> | undefined
  /** Prefixes that end here with a slash, and so do not match without one. */
  prefixSlash: Methods<T> | undefined
}

export class Router<T extends Pattern> {
  private readonly root: Node<T> = node()
  /** Whole paths without names: what most calls are, found in one look. */
  private readonly literal = new Map<string, Methods<T>>()

  /** Where two entries have the same pattern, the first stands. */
  constructor(entries: Iterable<T>) {
    for (const entry of entries) this.add(entry)
  }

  private add(entry: T): void {
    const names: string[] = []
    const leaf = { entry, names }
    if (entry.matchMode === 'NORMAL' && !entry.path.includes('{')) {
      let methods = this.literal.get(entry.path)
      if (methods === undefined) this.literal.set(entry.path, (methods = new Map()))
      put(methods, entry.method, leaf)
    }
    let at = this.root
    const segments = entry.path.split('/').slice(1)
    const slash = entry.matchMode === 'SWA' && segments.at(-1) === ''
    if (slash) segments.pop()
    for (const segment of segments) {
      const name = /^\{([^{}]+?)(\+?)\}$/.exec(segment)
      if (name === null) {
        let child = at.children.get(segment)
        if (child === undefined) at.children.set(segment, (child = node()))
        at = child
        continue
      }
      names.push(name[1]!)
      if (name[2] === '+') {
        put((at.rest ??= new Map()), entry.method, leaf)
        return
      }
      at = at.any ??= node()
    }
    if (entry.matchMode === 'NORMAL') put((at.whole ??= new Map()), entry.method, leaf)
    else if (slash) put((at.prefixSlash ??= new Map()), entry.method, leaf)
    else put((at.prefix ??= new Map()), entry.method, leaf)
  }

  find(method: string, path: string): Found<T> | undefined {
    const methods = this.literal.get(path)
    const leaf = methods && pick(methods, method)
    if (leaf !== undefined) return { entry: leaf.entry, values: undefined, remainder: '' }
    if (path.charCodeAt(0) !== 47) return undefined
    return wholePath(this.root, path, 1, method, undefined) ?? prefixOf(this.root, path, method)
  }

  /** The methods with which the path would be found. For explaining a refusal. */
  methodsFor(path: string): string[] {
    const all = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']
    return all.filter(method => this.find(method, path) !== undefined)
  }
}

/** What the names in a pattern stood for, the last one first: a list that a branch can grow without disturbing another. */
interface Values {
  readonly value: string
  readonly before: Values | undefined
}

/** @param from where the segment begins that is looked at; beyond the path's end when there is none */
function wholePath<T>(
  at: Node<T>,
  path: string,
  from: number,
  method: string,
  values: Values | undefined,
): Found<T> | undefined {
  if (from > path.length) {
    const leaf = at.whole && pick(at.whole, method)
    return leaf && found(leaf, values, '')
  }
  const slash = path.indexOf('/', from)
  const end = slash === -1 ? path.length : slash
  const segment = path.slice(from, end)
  const child = at.children.get(segment)
  if (child !== undefined) {
    const deeper = wholePath(child, path, end + 1, method, values)
    if (deeper !== undefined) return deeper
  }
  if (segment !== '' && at.any !== undefined) {
    const deeper = wholePath(at.any, path, end + 1, method, { value: segment, before: values })
    if (deeper !== undefined) return deeper
  }
  const leaf = at.rest && pick(at.rest, method)
  if (leaf === undefined || from === path.length) return undefined
  return found(leaf, { value: path.slice(from), before: values }, '')
}

function prefixOf<T>(root: Node<T>, path: string, method: string): Found<T> | undefined {
  let best: Found<T> | undefined
  let bestLength = -1
  const walk = (at: Node<T>, from: number, depth: number, values: Values | undefined): void => {
    const remainder = from > path.length ? '' : path.slice(from - 1)
    const consider = (methods: Methods<T> | undefined, length: number) => {
      const leaf = methods && pick(methods, method)
      if (leaf === undefined || length <= bestLength) return
      bestLength = length
      best = found(leaf, values, remainder)
    }
    consider(at.prefix, depth)
    // The slash behind the prefix makes it the more exact of two.
    if (remainder !== '') consider(at.prefixSlash, depth + 1)
    else return
    const slash = path.indexOf('/', from)
    const end = slash === -1 ? path.length : slash
    const segment = path.slice(from, end)
    const child = at.children.get(segment)
    if (child !== undefined) walk(child, end + 1, depth + 2, values)
    if (segment !== '' && at.any !== undefined) walk(at.any, end + 1, depth + 2, { value: segment, before: values })
  }
  walk(root, 1, 0, undefined)
  return best
}

function found<T>(leaf: Leaf<T>, values: Values | undefined, remainder: string): Found<T> {
  const { entry, names } = leaf
  if (values === undefined) return { entry, values: undefined, remainder }
  const named: Record<string, string> = {}
  for (let i = names.length - 1, at: Values | undefined = values; i >= 0; i--, at = at?.before)
    named[names[i]!] = at!.value
  return { entry, values: named, remainder }
}

function pick<T>(methods: Methods<T>, method: string): Leaf<T> | undefined {
  return methods.get(method) ?? methods.get('ANY')
}

function put<T>(methods: Methods<T>, method: string, leaf: Leaf<T>): void {
  if (!methods.has(method)) methods.set(method, leaf)
}

function node<T>(): Node<T> {
  return {
    children: new Map(),
    any: undefined,
    whole: undefined,
    rest: undefined,
    prefix: undefined,
    prefixSlash: undefined,
  }
}
