import type { Fault } from './head.ts'

/** A request target, taken apart and decoded once. Routing, the signature and the backend's path all begin here. */
export interface Target {
  /** The path as it came, without the query. What a signature was computed over. */
  readonly rawPath: string
  /** The path that counts: percent-decoded, dot segments resolved. */
  readonly path: string
  /** What stands behind the first `?`, undecoded; '' without one. */
  readonly query: string
  /** The authority of an absolute-form target, '' otherwise. */
  readonly authority: string
}

/** For evidence: of what stands before an `@` or behind a `?` one may be a password. */
export function shown(text: string): string {
  const [before = ''] = text.split('?', 1)
  return (before.startsWith('/') ? before : before.slice(before.lastIndexOf('@') + 1)).slice(0, 256)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Takes a request target apart: origin form, absolute form, or the `*` of OPTIONS. What cannot be decoded, holds a NUL,
 * or climbs above the root is refused. Dot segments that stay inside are resolved before anything looks at the path, so
 * that no backend can read another path than the one that was matched.
 */
export function readTarget(target: string, method: string): Target | Fault {
  let rest = target
  let authority = ''
  if (target.charCodeAt(0) !== 47) {
    if (target === '*' && method === 'OPTIONS') return { rawPath: '*', path: '*', query: '', authority }
    const absolute = /^https?:\/\/([^/?]*)(.*)$/i.exec(target)
    if (absolute === null) return { row: '0201/400', check: 'form of the request target', found: shown(target) }
    authority = absolute[1]!
    if (authority === '' || authority.includes('@')) {
      return { row: '0201/400', check: 'authority of the request target', found: shown(authority) }
    }
    rest = absolute[2]!
    if (rest.charCodeAt(0) !== 47) rest = `/${rest}`
  }
  const mark = rest.indexOf('?')
  const rawPath = mark === -1 ? rest : rest.slice(0, mark)
  const query = mark === -1 ? '' : rest.slice(mark + 1)
  let path = rawPath
  if (path.includes('%')) {
    const decoded = decode(path)
    if (decoded === undefined) return { row: '0602', check: 'percent-encoding', found: rawPath.slice(0, 256) }
    path = decoded
  }
  if (path.includes('/.')) {
    const resolved = withoutDotSegments(path)
    if (resolved === undefined)
      return { row: '0602', check: 'path climbs above the root', found: rawPath.slice(0, 256) }
    path = resolved
  }
  return { rawPath, path, query, authority }
}

/** Percent-decoding to UTF-8; undefined for a broken escape, for bytes that are no UTF-8, and for NUL. */
export function decode(text: string): string | undefined {
  const bytes = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    let byte = text.charCodeAt(i)
    if (byte === 37) {
      const hex = text.slice(i + 1, i + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) return undefined
      byte = Number.parseInt(hex, 16)
      if (byte === 0) return undefined
      i += 2
    }
    bytes[length++] = byte
  }
  try {
    return utf8.decode(bytes.subarray(0, length))
  } catch {
    return undefined
  }
}

function withoutDotSegments(path: string): string | undefined {
  const kept: string[] = []
  const segments = path.split('/')
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i]!
    const last = i === segments.length - 1
    if (segment === '.') {
      if (last) kept.push('')
    } else if (segment === '..') {
      if (kept.length === 0) return undefined
      kept.pop()
      if (last) kept.push('')
    } else kept.push(segment)
  }
  return `/${kept.join('/')}`
}
