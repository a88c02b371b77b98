import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { BackendParameter, ParameterSettings, RequestParameter } from '../../seam/plans.ts'
import { valueOf } from '../testing/messages.ts'
import { exchange } from '../testing/raw-client.ts'
import { Recorder } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

function asked(
  name: string,
  location: RequestParameter['location'],
  change: Partial<RequestParameter> = {},
): RequestParameter {
  return { name, location, required: false, type: 'STRING', passThrough: false, ...change }
}

function sent(
  name: string,
  location: BackendParameter['location'],
  value: string,
  origin: BackendParameter['origin'] = 'REQUEST',
): BackendParameter {
  return { name, location, origin, value }
}

suite('parameters', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    stand = await Stand.open()
  })
  beforeEach(() => {
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  /** One API with these parameters, and one call of it. */
  async function call(target: string, lines: string, settings: Partial<ParameterSettings>, paths = ['/p', '/b']) {
    const [path = '', backendPath = ''] = paths
    const plan = { kind: 'parameters', settings: { request: [], backend: [], ...settings } } as const
    const api = route(httpBackend(recorder.port, { path: backendPath }), { path, matchMode: 'NORMAL' }, [plan])
    stand.traffic.adopt(snapshotOf([api]))
    const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${hostName}\r\n${lines}\r\n`, 'latin1')
    const [response] = await exchange(stand.port, bytes)
    const [request] = recorder.requests
    return { response: response!, request, target: request?.start.split(' ')[1], api }
  }

  const page = (change: Partial<RequestParameter>) => asked('page', 'QUERY', change)
  const range = { type: 'NUMBER', check: { minimum: 1, maximum: 10 } } as const
  const checks: [what: string, parameter: RequestParameter, target: string, lines: string, passes: boolean][] = [
    ['a required one that is absent', page({ required: true }), '/p', '', false],
    ['a required one that is there', page({ required: true }), '/p?page=x', '', true],
    ['a required one without a value', page({ required: true }), '/p?page', '', true],
    ['a required one of another case', page({ required: true }), '/p?Page=x', '', false],
    ['a required one with an escaped name', page({ required: true }), '/p?%70age=x', '', true],
    ['an optional one that is absent', page(range), '/p', '', true],
    ['a number that is none', page({ type: 'NUMBER' }), '/p?page=abc', '', false],
    ['a number with something behind it', page({ type: 'NUMBER' }), '/p?page=1x', '', false],
    ['a number in hex', page({ type: 'NUMBER' }), '/p?page=0x1', '', false],
    ['no number at all', page({ type: 'NUMBER' }), '/p?page=', '', false],
    ['infinity', page({ type: 'NUMBER' }), '/p?page=Infinity', '', false],
    ['a number', page({ type: 'NUMBER' }), '/p?page=-1.5e3', '', true],
    ['below the minimum', page(range), '/p?page=0', '', false],
    ['the minimum', page(range), '/p?page=1', '', true],
    ['the maximum', page(range), '/p?page=10', '', true],
    ['above the maximum', page(range), '/p?page=11', '', false],
    ['above the maximum, without a check', page({ type: 'NUMBER' }), '/p?page=11', '', true],
    ['none of the values', page({ check: { values: ['a', 'b'] } }), '/p?page=c', '', false],
    ['one of the values', page({ check: { values: ['a', 'b c'] } }), '/p?page=b+c', '', true],
    ['too short', page({ check: { minLength: 2 } }), '/p?page=a', '', false],
    ['too long', page({ check: { maxLength: 2 } }), '/p?page=abc', '', false],
    [
      'as long as it may be, in characters',
      page({ check: { maxLength: 2 } }),
      '/p?page=%E7%89%8C%F0%9F%93%A6',
      '',
      true,
    ],
    ['the first of two that fits', page(range), '/p?page=1&page=99', '', true],
    ['the first of two that does not', page(range), '/p?page=99&page=1', '', false],
    [
      'a header, whatever its case',
      asked('X-Page', 'HEADER', { ...range, required: true }),
      '/p',
      'x-pAGE: 5\r\n',
      true,
    ],
    ['a header that does not fit', asked('X-Page', 'HEADER', range), '/p', 'x-page: 50\r\n', false],
    ['a header that is absent', asked('X-Page', 'HEADER', { required: true }), '/p', '', false],
    ['a default is checked as well', page({ ...range, defaultValue: '11' }), '/p', '', false],
  ]
  for (const [what, parameter, target, lines, passes] of checks) {
    test(`${what}: ${passes ? 'passes' : '0106'}`, async () => {
      const { response, request } = await call(target, lines, { request: [parameter] })
      if (passes) assert.equal(response.status, 200)
      else {
        assert.equal(response.status, 400)
        assert.deepEqual(JSON.parse(response.body.toString()), {
          error_code: 'APIG.0106',
          error_msg: 'Orchestration error.',
          request_id: valueOf(response, 'x-request-id'),
        })
        assert.equal(request, undefined)
        assert.equal(stand.records[0]!.evidence['parameter'], parameter.name)
      }
    })
  }

  test('a path parameter is checked', async () => {
    const settings = {
      request: [asked('id', 'PATH', { required: true, type: 'NUMBER' })],
      backend: [sent('id', 'PATH', 'id')],
    }
    assert.equal((await call('/p/7', '', settings, ['/p/{id}', '/b/{id}'])).target, '/b/7')
    assert.equal((await call('/p/x', '', settings, ['/p/{id}', '/b/{id}'])).response.status, 400)
  })

  test("the contract's example: each goes to its new place and leaves the old one", async () => {
    const settings = {
      request: [asked('test01', 'PATH', { required: true }), asked('test02', 'HEADER'), asked('test03', 'QUERY')],
      backend: [
        sent('test05', 'PATH', 'test02'),
        sent('test01', 'HEADER', 'test01'),
        sent('test03', 'HEADER', 'test03'),
      ],
    }
    const paths = ['/v1.0/{test01}', '/v1.0/{test05}']
    const { request, target } = await call('/v1.0/aaa?test03=ccc', 'test02: bbb\r\n', settings, paths)
    assert.equal(target, '/v1.0/bbb')
    assert.equal(valueOf(request!, 'test01'), 'aaa')
    assert.equal(valueOf(request!, 'test03'), 'ccc')
    assert.equal(valueOf(request!, 'test02'), undefined)
  })

  const queries: [what: string, target: string, settings: Partial<ParameterSettings>, sent: string][] = [
    ['what is not declared travels as it came', '/p?b=%2f&a&=&c=d+e', {}, '/b?b=%2f&a&=&c=d+e'],
    [
      'what is declared and passes through does too',
      '/p?a=1&a=2',
      { request: [asked('a', 'QUERY', { passThrough: true })] },
      '/b?a=1&a=2',
    ],
    ['what is declared and does not, not at all', '/p?a=1&b=2&%61=3', { request: [asked('a', 'QUERY')] }, '/b?b=2'],
    ['nothing may be left', '/p?a=1', { request: [asked('a', 'QUERY')] }, '/b'],
    [
      'a default that passes through',
      '/p?b=1',
      { request: [asked('a', 'QUERY', { passThrough: true, defaultValue: 'x y' })] },
      '/b?b=1&a=x%20y',
    ],
    [
      'a default that is not needed',
      '/p?a=',
      { request: [asked('a', 'QUERY', { passThrough: true, defaultValue: 'x' })] },
      '/b?a=',
    ],
    [
      'a default that is mapped',
      '/p',
      { request: [asked('a', 'QUERY', { defaultValue: 'x' })], backend: [sent('c', 'QUERY', 'a')] },
      '/b?c=x',
    ],
    [
      'a mapped one',
      '/p?a=%26%3D%23&b=1',
      { request: [asked('a', 'QUERY')], backend: [sent('c', 'QUERY', 'a')] },
      '/b?b=1&c=%26%3D%23',
    ],
    [
      'a mapped one with plus',
      '/p?a=1+2%2B3',
      { request: [asked('a', 'QUERY')], backend: [sent('c', 'QUERY', 'a')] },
      '/b?c=1%202%2B3',
    ],
    [
      'a mapped one that is absent',
      '/p?b=1',
      { request: [asked('a', 'QUERY')], backend: [sent('c', 'QUERY', 'a')] },
      '/b?b=1',
    ],
    [
      'a mapped one takes the place of what the caller sent',
      '/p?c=evil&a=1&%63=evil',
      { request: [asked('a', 'QUERY')], backend: [sent('c', 'QUERY', 'a')] },
      '/b?c=1',
    ],
    ['a constant', '/p?c=evil', { backend: [sent('c', 'QUERY', '[api]', 'CONSTANT')] }, '/b?c=%5Bapi%5D'],
    [
      'a value that is no UTF-8 stays as it is written',
      '/p?a=%ff',
      { request: [asked('a', 'QUERY')], backend: [sent('c', 'QUERY', 'a')] },
      '/b?c=%25ff',
    ],
  ]
  for (const [what, target, settings, expected] of queries) {
    test(`${what}: ${target} becomes ${expected}`, async () => {
      assert.equal((await call(target, '', settings)).target, expected)
    })
  }

  const mapped = (location: BackendParameter['location'], name = 'x') => ({
    request: [asked('a', 'QUERY')],
    backend: [sent(name, location, 'a')],
  })

  for (const [value, path] of [
    ['..%2F..%2Fadmin', '/b/..%2F..%2Fadmin/c'],
    ['a%2Fb', '/b/a%2Fb/c'],
    ['a%3Fb%23c', '/b/a%3Fb%23c/c'],
    ['%252e%252e', '/b/%252e%252e/c'],
    ['a+b', '/b/a%20b/c'],
    ['%E7%89%8C', '/b/%E7%89%8C/c'],
    ['%0d%0aEvil:%20x', '/b/%0D%0AEvil:%20x/c'],
    ['..%5C..', '/b/..%5C../c'],
  ] as const) {
    test(`a value cannot leave its place in the path: ${value}`, async () => {
      assert.equal((await call(`/p?a=${value}`, '', mapped('PATH'), ['/p', '/b/{x}/c'])).target, path)
    })
  }

  for (const value of ['..', '.', '%2e%2E']) {
    test(`${value} is no value for a path: 0106`, async () => {
      const { response, request } = await call(`/p?a=${value}`, '', mapped('PATH'), ['/p', '/b/{x}/c'])
      assert.equal(response.status, 400)
      assert.equal(request, undefined)
    })
  }

  test('a name in the path without a value: 0106', async () => {
    for (const name of ['x', 'constructor']) {
      const { response, request } = await call('/p', '', mapped('PATH', name), ['/p', `/b/{${name}}`])
      assert.equal(response.status, 400)
      assert.equal(request, undefined)
      assert.equal(stand.records.at(-1)!.evidence['parameter'], name)
    }
  })

  test('several segments of the path stay several', async () => {
    const settings = { request: [asked('x', 'PATH', { required: true })], backend: [sent('y', 'PATH', 'x')] }
    assert.equal((await call('/p/1/2%202/3', '', settings, ['/p/{x+}', '/b/{y}'])).target, '/b/1/2%202/3')
  })

  for (const value of ['a%0d%0aEvil:%20x', 'a%0aEvil:%20x', 'a%0dx', 'a%01', 'a%7f']) {
    test(`a value cannot become more than one header: ${value} is 0106`, async () => {
      const { response, request } = await call(`/p?a=${value}`, '', mapped('HEADER', 'x-a'))
      assert.equal(response.status, 400)
      assert.equal(request, undefined)
    })
  }

  for (const value of ['a%C4%8DEvil', 'a%C4%8AEvil:%20x', '%E7%89%8C', '%F0%9F%93%A6']) {
    test(`characters beyond one byte are written as UTF-8 in a header: ${value}`, async () => {
      const { request } = await call(`/p?a=${value}`, '', mapped('HEADER', 'x-a'))
      assert.equal(Buffer.from(valueOf(request!, 'x-a')!, 'latin1').toString('utf8'), decodeURIComponent(value))
      assert.equal(request!.fields.length, 7)
    })
  }

  for (const value of ['a%C4%8AEvil:%20x', 'a%C4%8Db', 'a%20b', 'a%0d%0aEvil:%20x', 'a%2Fb', '', 'u@h']) {
    test(`a value that is no host cannot become the Host: ${value} is 0106`, async () => {
      const { response, request } = await call(`/p?a=${value}`, '', mapped('HEADER', 'Host'))
      assert.equal(response.status, 400)
      assert.equal(request, undefined)
    })
  }

  test('a constant named Host takes the place of the Host', async () => {
    const { request } = await call('/p', '', { backend: [sent('Host', 'HEADER', 'other.test:81', 'CONSTANT')] })
    assert.equal(valueOf(request!, 'host'), 'other.test:81')
  })

  test('headers: what is mapped takes the place of what the caller sent, a default the place of nothing', async () => {
    const settings = {
      request: [
        asked('X-Gone', 'HEADER'),
        asked('X-Kept', 'HEADER', { passThrough: true }),
        asked('X-Default', 'HEADER', { passThrough: true, defaultValue: 'd' }),
        asked('X-There', 'HEADER', { passThrough: true, defaultValue: 'd' }),
      ],
      backend: [sent('X-New', 'HEADER', 'X-Gone'), sent('X-Constant', 'HEADER', 'c', 'CONSTANT')],
    }
    const lines =
      'x-gone: 1\r\nX-GONE: 2\r\nx-kept: \xe9\r\nx-there: 3\r\nx-new: evil\r\nx-constant: evil\r\nx-other: 4\r\n'
    const { request } = await call('/p', lines, settings)
    const values = Object.fromEntries(request!.fields.filter(([name]) => /^x-(?!real|forwarded|request)/.test(name)))
    assert.deepEqual(values, {
      'x-kept': '\xe9',
      'x-there': '3',
      'x-other': '4',
      'x-default': 'd',
      'x-new': '1',
      'x-constant': 'c',
    })
  })

  test('what the system knows', async () => {
    const names = ['sourceIp', 'stage', 'apiId', 'apiName', 'appId', 'appName', 'requestId']
    const { request, response, api } = await call('/p', '', {
      backend: names.map(name => sent(`s-${name}`, 'HEADER', name, 'SYSTEM')),
    })
    const value = (name: string) => valueOf(request!, `s-${name.toLowerCase()}`)
    assert.deepEqual(names.map(value), [
      '127.0.0.1',
      'RELEASE',
      api.apiId,
      api.apiName,
      '',
      '',
      valueOf(response, 'x-request-id'),
    ])
  })
})
