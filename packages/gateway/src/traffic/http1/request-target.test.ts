import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { decode, readTarget } from './request-target.ts'

suite('a request target', () => {
  const good: [target: string, path: string, query?: string, rawPath?: string, authority?: string][] = [
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a?b=c?d', '/a', 'b=c?d'],
    ['/a?', '/a', ''],
    ['/a%20b', '/a b', '', '/a%20b'],
    ['/a%2Fb', '/a/b', '', '/a%2Fb'],
    ['/%E7%89%8C', '/牌', '', '/%E7%89%8C'],
    ['/%e7%89%8c', '/牌', '', '/%e7%89%8c'],
    ['/a%252Fb', '/a%2Fb', '', '/a%252Fb'],
    ['/a/./b', '/a/b', '', '/a/./b'],
    ['/a/../b', '/b', '', '/a/../b'],
    ['/a/b/..', '/a/', '', '/a/b/..'],
    ['/a/.', '/a/', '', '/a/.'],
    ['/a/%2e%2E/b', '/b', '', '/a/%2e%2E/b'],
    ['/a%2f..%2fb', '/b', '', '/a%2f..%2fb'],
    ['/a/..b/...', '/a/..b/...'],
    ['/.well-known', '/.well-known'],
    ['//a', '//a'],
    ['/a//../b', '/a/b', '', '/a//../b'],
    ['/?a=/../..', '/', 'a=/../..'],
    ['http://h/a?b', '/a', 'b', '/a', 'h'],
    ['HTTPS://h:8443/a', '/a', '', '/a', 'h:8443'],
    ['http://h', '/', '', '/', 'h'],
    ['http://h?b', '/', 'b', '/', 'h'],
    ['http://h/a/../b', '/b', '', '/a/../b', 'h'],
  ]
  for (const [target, path, query = '', rawPath = path, authority = ''] of good) {
    test(`${target} is ${path}`, () => assert.deepEqual(readTarget(target, 'GET'), { rawPath, path, query, authority }))
  }

  test('* is for OPTIONS alone', () => {
    assert.deepEqual(readTarget('*', 'OPTIONS'), { rawPath: '*', path: '*', query: '', authority: '' })
    assert.equal((readTarget('*', 'GET') as { row: string }).row, '0201/400')
  })

  const bad: [target: string, row: string][] = [
    ['/%', '0602'],
    ['/%2', '0602'],
    ['/%zz', '0602'],
    ['/%+1', '0602'],
    ['/%00', '0602'],
    ['/%ff', '0602'],
    ['/%c0%af', '0602'],
    ['/%ed%a0%80', '0602'],
    ['/%f4%90%80%80', '0602'],
    ['/..', '0602'],
    ['/../a', '0602'],
    ['/a/../../b', '0602'],
    ['/%2e%2e/a', '0602'],
    ['/.%2e', '0602'],
    ['/a%2f..%2f..', '0602'],
    ['http://h/../a', '0602'],
    ['a', '0201/400'],
    ['http:/h', '0201/400'],
    ['http://', '0201/400'],
    ['http://a@h/', '0201/400'],
  ]
  for (const [target, row] of bad) {
    test(`${target} is refused with ${row}`, () =>
      assert.equal((readTarget(target, 'GET') as { row: string }).row, row))
  }

  test('what is told of a refused one has neither its user nor its query', () => {
    for (const target of ['http://user:planted@h/x?planted', 'x?planted', 'planted@h:443?planted']) {
      assert.equal(JSON.stringify(readTarget(target, 'GET')).includes('planted'), false, target)
    }
  })

  test('text that is decoded is decoded once', () => {
    assert.equal(decode('%2525'), '%25')
    assert.equal(decode('%00'), undefined)
  })
})
