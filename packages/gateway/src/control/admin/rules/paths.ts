import { variableReference } from '../../compile/variables.ts'
import { invalid, unsupported } from '../admin-error.ts'

/** `{id}` or, in a frontend path, `{rest+}`. */
const placeholder = /\{([A-Za-z][A-Za-z0-9_.-]{0,31})(\+)?\}/g
const wholePlaceholder = /^\{([A-Za-z][A-Za-z0-9_.-]{0,31})(\+)?\}$/
const plain = /^[A-Za-z0-9*%\-_.~!$&'()+,;=:@]*$/
const badEscape = /%(?![0-9A-Fa-f]{2})/

export type MatchMode = 'NORMAL' | 'SWA'

/**
 * The names of a frontend path's parameters. A parameter is a whole segment; `{rest+}` is the last one and wants NORMAL.
 * Throws AdminError APIG.2011 naming `field`.
 */
export function frontendPathNames(path: string, matchMode: MatchMode, field = 'req_uri'): readonly string[] {
  if (path.includes('#')) throw unsupported(field)
  const segments = segmentsOf(path, field)
  const names: string[] = []
  for (const [index, segment] of segments.entries()) {
    const found = wholePlaceholder.exec(segment)
    if (!found) {
      if (segment.includes('{') || segment.includes('}')) throw invalid(field)
      plainSegment(segment, field)
      continue
    }
    if (found[2] !== undefined && (index !== segments.length - 1 || matchMode === 'SWA')) throw invalid(field)
    names.push(found[1]!)
  }
  return distinct(names, field)
}

/**
 * The names of a backend path's parameters, which may be parts of segments. `#name#` is a variable.
 * Throws AdminError APIG.2011 naming `field`.
 */
export function backendPathNames(path: string, field: string): readonly string[] {
  const names: string[] = []
  // Any text may come of a variable; a name of a parameter never does.
  for (const segment of segmentsOf(path.replaceAll(variableReference, '~'), field)) {
    const rest = segment.replaceAll(placeholder, (_, name: string, plus: string | undefined) => {
      if (plus !== undefined) throw invalid(field)
      names.push(name)
      return ''
    })
    plainSegment(rest, field)
  }
  return distinct(names, field)
}

function segmentsOf(path: string, field: string): readonly string[] {
  if (path.length > 512 || !path.startsWith('/')) throw invalid(field)
  return path.slice(1).split('/')
}

function plainSegment(segment: string, field: string): void {
  if (segment === '.' || segment === '..' || !plain.test(segment) || badEscape.test(segment)) throw invalid(field)
}

function distinct(names: readonly string[], field: string): readonly string[] {
  if (new Set(names).size !== names.length) throw invalid(field)
  return names
}
