import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalHeaders, canonicalPath, canonicalQuery } from './canonical-request.ts'
import { canonicalRequest, emptyPayloadHash } from './index.ts'

test('a path is decoded, encoded segment by segment, and ends in a slash', () => {
  const cases: [path: string, strict: string, encodedOnceMore?: string][] = [
    ['', '/'],
    ['/', '/'],
    ['/a/b', '/a/b/'],
    ['/a/b/', '/a/b/'],
    ['//a//', '//a//'],
    ['/a/../b/.', '/a/../b/./'],
    ['/a%2Fb', '/a/b/', '/a%252Fb/'],
    ['/%7euser', '/~user/', '/%257euser/'],
    ['/%e7%89%8c', '/%E7%89%8C/', '/%25e7%2589%258c/'],
    ['/\xe7\x89\x8c', '/%E7%89%8C/'],
    ["/(a)!'*", '/%28a%29%21%27%2A/'],
    ['/a+b', '/a%2Bb/'],
    ['/a%20b', '/a%20b/', '/a%2520b/'],
    ['/100%', '/100%25/'],
    ['/%zz/%4', '/%25zz/%254/'],
    ['/%%41', '/%25A/', '/%25%2541/'],
    ['/%FF%fe', '/%FF%FE/', '/%25FF%25fe/'],
    ['/%00', '/%00/', '/%2500/'],
  ]
  for (const [path, strict, once = strict] of cases) {
    assert.equal(canonicalPath(path), strict)
    assert.equal(canonicalPath(path, true), once)
  }
})

test('a query is decoded, sorted and encoded, in each of its readings', () => {
  const cases: [query: string, strict: string, spaced?: string | undefined, bare?: string][] = [
    ['', ''],
    ['&&', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=10&a=1', 'a=1&a=10&a=2'],
    ['flag', 'flag=', 'flag=', 'flag'],
    ['flag=', 'flag=', 'flag=', 'flag'],
    ['=x', '=x'],
    ['a=b=c', 'a=b%3Dc'],
    ['a+b=1+2', 'a%2Bb=1%2B2', 'a%20b=1%202', 'a%2Bb=1%2B2'],
    ['x=%2B', 'x=%2B'],
    ['a;b=1', 'a%3Bb=1'],
    ['n=%E7%89%8C&n=a', 'n=a&n=%E7%89%8C', undefined, 'n=%E7%89%8C&n=a'],
    // By decoded name "a" comes before "a!", and the encoded pairs stand the other way round.
    ['a=1&a!=1', 'a=1&a%21=1', undefined, 'a%21=1&a=1'],
    ['p=100%&q=%zz', 'p=100%25&q=%25zz'],
  ]
  for (const [query, strict, spaced = strict, bare = strict] of cases) {
    assert.equal(canonicalQuery(query), strict)
    assert.equal(canonicalQuery(query, 'space'), spaced)
    assert.equal(canonicalQuery(query, 'literal', 'bare'), bare)
  }
})

test('header values lose outer spaces and tabs, but not the bytes of a character that end like one', () => {
  const values: Record<string, string | string[]> = {
    a: ' \tx y\t ',
    b: ' \xc3\xa0',
    c: ['z', ' y'],
    d: '',
    e: [],
    f: ['one'],
  }
  const { lines, absent } = canonicalHeaders(['a', 'b', 'c', 'd', 'e', 'f', 'g'], name => values[name])
  assert.equal(lines, 'a:x y\nb:\xc3\xa0\nc:y\nc:z\nd:\nf:one\n')
  assert.equal(absent, 'e')
})

test('no path and no query makes it throw', () => {
  for (let code = 0; code < 256; code++) {
    const char = String.fromCharCode(code)
    for (const text of [char, `%${char}`, `%4${char}`, `${char}=%`]) {
      for (const encodedPath of [false, true]) {
        const parts = {
          method: 'GET',
          path: `/${text}`,
          query: text,
          headers: () => undefined,
          signedHeaders: [],
          payloadHash: emptyPayloadHash,
        }
        const lines = canonicalRequest(parts, { encodedPath }).split('\n')
        assert.match(`${lines[1]}${lines[2]}`, /^[!-~]*$/)
      }
    }
  }
})
