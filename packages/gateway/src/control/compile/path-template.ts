const parameter = /^\{([^{}]+?)(\+?)\}$/

/** What is wrong with a frontend path, if anything. */
export function frontendPathFault(path: string, matchMode: 'NORMAL' | 'SWA'): string | undefined {
  if (!path.startsWith('/')) return 'has to begin with /'
  const segments = path.split('/').slice(1)
  const names = new Set<string>()
  for (const [at, segment] of segments.entries()) {
    if (!/[{}]/.test(segment)) continue
    const [, name, rest] = parameter.exec(segment) ?? []
    if (name === undefined) return `a parameter has to be a whole segment: ${segment}`
    if (names.has(name)) return `names ${name} twice`
    names.add(name)
    if (rest === '') continue
    if (matchMode === 'SWA') return `{${name}+} needs the match mode NORMAL`
    if (at < segments.length - 1) return `{${name}+} has to be the last segment`
  }
  return undefined
}

/** The path with its parameters' names taken out: two paths that match the same requests become equal. */
export function pathShape(path: string): string {
  return path.replace(/\{[^{}]*?(\+?)\}/g, '{$1}')
}

/** The names that a backend path wants filled. A parameter may be a part of a segment there: `/v-{x}`. */
export function backendPathNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(match => match[1]!)
}
