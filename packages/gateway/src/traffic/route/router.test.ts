import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Router, type Pattern } from './router.ts'

type Line = [
  pattern: string,
  call: string,
  found: string | undefined,
  values?: Record<string, string> | undefined,
  remainder?: string,
]

/** `GET /a`, and for one that is matched by prefix `GET /a*`. */
function pattern(text: string): Pattern & { text: string } {
  const [method = '', path = ''] = text.split(' ')
  const swa = path.endsWith('*')
  return { text, method, path: swa ? path.slice(0, -1) : path, matchMode: swa ? 'SWA' : 'NORMAL' }
}

/** The patterns, a call, which of them it leads to, and with what. */
const table: Line[] = [
  ['GET /a', 'GET /a', 'GET /a'],
  ['GET /a', 'GET /a/', undefined],
  ['GET /a/', 'GET /a', undefined],
  ['GET /a | GET /a/', 'GET /a/', 'GET /a/'],
  ['GET /a', 'GET /A', undefined],
  ['GET /a', 'POST /a', undefined],
  ['GET /', 'GET /', 'GET /'],
  ['ANY /a', 'PATCH /a', 'ANY /a'],
  ['ANY /a | GET /a', 'GET /a', 'GET /a'],
  ['ANY /a | GET /a', 'POST /a', 'ANY /a'],
  ['GET /a/{x}', 'GET /a/b', 'GET /a/{x}', { x: 'b' }],
  ['GET /a/{x}', 'GET /a/', undefined],
  ['GET /a/{x}', 'GET /a', undefined],
  ['GET /a/{x}', 'GET /a/b/c', undefined],
  ['GET /a/{x}/{y}', 'GET /a/1/2', 'GET /a/{x}/{y}', { x: '1', y: '2' }],
  ['GET /a/{x+}', 'GET /a/1/2/', 'GET /a/{x+}', { x: '1/2/' }],
  ['GET /a/{x+}', 'GET /a/1', 'GET /a/{x+}', { x: '1' }],
  ['GET /a/{x+}', 'GET /a/', undefined],
  ['GET /a/{x+} | GET /a/{x} | GET /a/b', 'GET /a/b', 'GET /a/b'],
  ['GET /a/{x+} | GET /a/{x} | GET /a/b', 'GET /a/c', 'GET /a/{x}', { x: 'c' }],
  ['GET /a/{x+} | GET /a/{x} | GET /a/b', 'GET /a/c/d', 'GET /a/{x+}', { x: 'c/d' }],
  ['GET /{x}/b | GET /a/{y}', 'GET /a/b', 'GET /a/{y}', { y: 'b' }],
  ['GET /{x}/b | GET /a/c', 'GET /a/b', 'GET /{x}/b', { x: 'a' }],
  ['POST /a/b | GET /a/{x}', 'GET /a/b', 'GET /a/{x}', { x: 'b' }],
  ['GET /a/b | ANY /a/{x}', 'POST /a/b', 'ANY /a/{x}', { x: 'b' }],
  ['GET /test/AA*', 'GET /test/AA', 'GET /test/AA*', undefined, ''],
  ['GET /test/AA*', 'GET /test/AA/BB', 'GET /test/AA*', undefined, '/BB'],
  ['GET /test/AA*', 'GET /test/AACC', undefined],
  ['GET /test/*', 'GET /test/AA/CC', 'GET /test/*', undefined, '/AA/CC'],
  ['GET /test/*', 'GET /test', undefined],
  ['GET /*', 'GET /any/thing', 'GET /*', undefined, '/any/thing'],
  ['GET /a* | GET /a/b*', 'GET /a/b/c', 'GET /a/b*', undefined, '/c'],
  ['GET /a* | POST /a/b*', 'GET /a/b/c', 'GET /a*', undefined, '/b/c'],
  ['GET /a* | GET /a/*', 'GET /a/b', 'GET /a/*', undefined, '/b'],
  ['GET /a* | GET /a/*', 'GET /a', 'GET /a*', undefined, ''],
  ['GET /{x}* | GET /a*', 'GET /a/b', 'GET /a*', undefined, '/b'],
  ['GET /{x}/y* | GET /a*', 'GET /a/y/z', 'GET /{x}/y*', { x: 'a' }, '/z'],
  ['GET /a/b* | GET /a/b', 'GET /a/b', 'GET /a/b', undefined, ''],
  ['GET /a/b* | GET /a/{x+}', 'GET /a/b/c', 'GET /a/{x+}', { x: 'b/c' }, ''],
  ['GET /a', 'OPTIONS *', undefined],
]

suite('a router', () => {
  for (const [patterns, call, found, values, remainder = ''] of table) {
    test(`${patterns}: ${call} leads to ${found ?? 'nothing'}`, () => {
      const router = new Router(patterns.split(' | ').map(pattern))
      const [method = '', path = ''] = call.split(' ')
      const result = router.find(method, path)
      assert.equal(result?.entry.text, found)
      if (found !== undefined) assert.deepEqual({ ...result }, { entry: result!.entry, values, remainder })
    })
  }

  test('names the methods with which a path would be found', () => {
    const router = new Router(['GET /a', 'POST /a', 'ANY /b'].map(pattern))
    assert.deepEqual(router.methodsFor('/a'), ['GET', 'POST'])
    assert.deepEqual(router.methodsFor('/b'), ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'])
    assert.deepEqual(router.methodsFor('/c'), [])
  })

  test('finds what the rules say, whatever the patterns are', () => {
    const segment = fc.constantFrom('a', 'b', '{x}', '{y}')
    const patterns = fc.array(
      fc
        .tuple(
          fc.constantFrom('GET', 'POST', 'ANY'),
          fc.array(segment, { maxLength: 4 }),
          fc.constantFrom('', '', '/', '/{p+}', '*', '*', '/*'),
        )
        .map(([method, segments, end]) => {
          const named = segments.map((segment, i) => segment.replace(/[xy]/, name => `${name}${i}`))
          const path = named.map(part => `/${part}`).join('') + end
          return pattern(`${method} ${path === '' || path === '*' ? `/${path}` : path}`)
        }),
      { maxLength: 8 },
    )
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 5 })
      .map(parts => `/${parts.join('/')}`)
    fc.assert(
      fc.property(patterns, path, fc.constantFrom('GET', 'POST', 'PUT'), (entries, path, method) => {
        const result = new Router(entries).find(method, path)
        const best = oracle(entries, method, path)
        assert.equal(result?.entry, best?.entry)
        if (best !== undefined) assert.deepEqual({ ...result!.values, '/': result!.remainder }, best.values)
      }),
      { numRuns: 3_000 },
    )
  })
})

/** The rules again, as one would write them who has time. */
function oracle<T extends Pattern>(entries: readonly T[], method: string, path: string) {
  const ranks: Record<string, number> = { '{': 1, '+': 2 }
  const candidates = entries.flatMap((entry, order) => {
    if (entry.method !== method && entry.method !== 'ANY') return []
    const whole = entry.matchMode === 'NORMAL'
    const source = entry.path
      .replace(/\{(\w+)\+\}/, '(?<$1>.+)')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
      .replace(/\/$/, slash => (whole ? slash : '(?<rest>/.*)'))
    const rest = whole || source.endsWith('(?<rest>/.*)') ? '' : '(?<rest>/.*)?'
    const match = new RegExp(`^${source}${rest}$`).exec(path)
    if (match === null) return []
    const { rest: remainder = '', ...values } = { ...match.groups }
    const shape = entry.path.split('/').map(part => (part.endsWith('+}') ? 2 : (ranks[part[0]!] ?? 0)))
    // A slash at the end is more than none, and less than another segment.
    const length = entry.path.endsWith('/') ? 2 * shape.length - 3 : 2 * shape.length - 2
    return [
      {
        entry,
        values: { ...values, '/': remainder },
        key: [whole ? 0 : 1, whole ? 0 : -length, ...shape, entry.method === 'ANY' ? 1 : 0, order],
      },
    ]
  })
  const compare = (a: number[], b: number[]): number => {
    const i = a.findIndex((value, i) => value !== b[i])
    return i === -1 ? 0 : a[i]! - (b[i] ?? 0)
  }
  return candidates.toSorted((a, b) => compare(a.key, b.key))[0]
}
