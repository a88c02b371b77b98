import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { encodePath, encodeQuery, encodeSegment, fill, readTemplate } from './path-template.ts'

suite('a backend path', () => {
  const cases: [template: string, values: Record<string, string>, remainder: string, path: string][] = [
    ['/', {}, '', '/'],
    ['/a/b', {}, '', '/a/b'],
    ['/a/{x}', { x: '1' }, '', '/a/1'],
    ['/a/{x}/b/{y}', { x: '1', y: '2' }, '', '/a/1/b/2'],
    ['/a/v-{x}.{y}', { x: '1', y: '2' }, '', '/a/v-1.2'],
    ['/{x}{y}', { x: '1', y: '2' }, '', '/12'],
    ['/{x}/{x}', { x: '1' }, '', '/1/1'],
    ['/a/{x+}', { x: '1/2' }, '', '/a/1/2'],
    ['/a b/é', {}, '', '/a%20b/%C3%A9'],
    ['/test2', {}, '/AA/CC', '/test2/AA/CC'],
    ['/test2/', {}, '/AA/CC', '/test2/AA/CC'],
    ['/', {}, '/AA', '/AA'],
    ['/test2', {}, '/a b?c', '/test2/a%20b%3Fc'],
    ['/{x}', { x: '$1$&' }, '', '/$1$&'],
  ]
  for (const [template, values, remainder, path] of cases) {
    test(`${template} with ${JSON.stringify(values)} and ${JSON.stringify(remainder)} is ${path}`, () => {
      assert.deepEqual(fill(readTemplate(template), values, remainder), { path })
    })
  }

  test('says which name has no value', () => {
    assert.deepEqual(fill(readTemplate('/{x}/{y}'), { x: '1' }, ''), { missing: 'y' })
    assert.deepEqual(fill(readTemplate('/{x}'), undefined, ''), { missing: 'x' })
  })
})

suite('text in a target', () => {
  const special = ' \t\r\n\0?#%"<>[]\\^`{}|é牌'
  test('what the contract lists is escaped in a path', () => {
    assert.equal(encodePath(special), '%20%09%0D%0A%00%3F%23%25%22%3C%3E%5B%5D%5C%5E%60%7B%7D%7C%C3%A9%E7%89%8C')
    assert.equal(encodePath('/a/../b'), '/a/../b')
    assert.equal(encodeSegment('/a'), '%2Fa')
  })
  test('what the contract lists is escaped in a query', () => {
    assert.equal(encodeQuery('[api]'), '%5Bapi%5D')
    assert.equal(encodeQuery(' =+&%#"<>[]\\^`{}|é'), '%20%3D%2B%26%25%23%22%3C%3E%5B%5D%5C%5E%60%7B%7D%7C%C3%A9')
  })
  for (const dots of ['.', '..']) {
    test(`${dots} cannot be a segment`, () => assert.equal(encodeSegment(dots), undefined))
  }
  for (const harmless of ['...', '.a', '..a', '../..', './']) {
    test(`${harmless} can`, () => assert.equal(encodeSegment(harmless)?.includes('/'), false))
  }
})
