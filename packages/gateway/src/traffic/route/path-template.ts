/** A backend path: literal text and names to fill, `/users/{id}/v-{version}`. */
export interface PathTemplate {
  /** Encoded literals; between the n-th and the next stands the n-th name. */
  readonly literals: readonly string[]
  readonly names: readonly string[]
}

export function readTemplate(path: string): PathTemplate {
  const literals: string[] = []
  const names: string[] = []
  let at = 0
  for (const match of path.matchAll(/\{([^{}/+]+)\+?\}/g)) {
    literals.push(encodePath(path.slice(at, match.index)))
    names.push(match[1]!)
    at = match.index + match[0].length
  }
  literals.push(encodePath(path.slice(at)))
  return { literals, names }
}

/**
 * The path with its names filled in, or the name that has no value.
 * @param values encoded, by name
 * @param remainder what stands behind the prefix of an API matched by prefix, decoded, with its slash
 */
export function fill(
  template: PathTemplate,
  values: Readonly<Record<string, string>> | undefined,
  remainder: string,
): { readonly path: string } | { readonly missing: string } {
  let path = template.literals[0]!
  for (let i = 0; i < template.names.length; i++) {
    const name = template.names[i]!
    const value = values?.[name]
    // An object has more names than were put into it, and none of those others is a text.
    if (typeof value !== 'string') return { missing: name }
    path += value + template.literals[i + 1]!
  }
  if (remainder === '') return { path }
  return { path: (path.endsWith('/') ? path.slice(0, -1) : path) + encodePath(remainder) }
}

const plainPath = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/
const plainPair = /^[A-Za-z0-9\-._~!$'()*,;:@/]*$/

/** Text as a path. A slash stays a slash: what came through a decoded path is a path again. */
export function encodePath(text: string): string {
  return plainPath.test(text) ? text : percentEncode(text, plainPath)
}

/** Text as one segment of a path, whatever it contains. Undefined for `.` and `..`, which no encoding makes harmless. */
export function encodeSegment(text: string): string | undefined {
  return text === '.' || text === '..' ? undefined : encodePath(text).replaceAll('/', '%2F')
}

/** Text as a name or a value in a query. */
export function encodeQuery(text: string): string {
  return plainPair.test(text) ? text : percentEncode(text, plainPair)
}

function percentEncode(text: string, plain: RegExp): string {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const letter = String.fromCharCode(byte)
    encoded += byte < 128 && plain.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}
