import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Catalog, catalogOf, type Edit } from '../catalog.ts'
import { changesOf } from '../changes-of.ts'
import type { ApiDefinition, ApiHttpBackend, ApiRequestParameter } from '../documents/documents.ts'
import { online } from '../publish.ts'
import { api, environment, group, httpBackend as backend } from '../testing.ts'
import { compile } from './compile.ts'
import { RehearsalError } from './rehearsal-error.ts'

const options = { domainSuffix: 'apig.localhost' }
const empty = catalogOf([], 0)

function withEdits(catalog: Catalog, edits: readonly Edit[]): Catalog {
  return catalog.with(changesOf(edits, catalog), catalog.revision + 1)
}

function published(definition: Partial<ApiDefinition>): Catalog {
  const base = withEdits(empty, [
    { put: 'api-group', document: group('g1') },
    { put: 'environment', document: environment('e1') },
  ])
  return withEdits(
    base,
    online(base, { api: api('a1', 'g1', definition), environmentId: 'e1', remark: '', at: 1 }).edits,
  )
}

function http(more: Partial<ApiHttpBackend>, rest: Partial<ApiDefinition> = {}): Partial<ApiDefinition> {
  return { backend_type: 'HTTP', backend_api: { ...backend, ...more }, ...rest }
}

const parameter: ApiRequestParameter = {
  id: 'r1',
  name: 'size',
  type: 'NUMBER',
  location: 'QUERY',
  required: 2,
  valid_enable: 1,
  pass_through: 1,
}

describe('a definition that cannot be compiled', () => {
  const cases: [field: string, reason: RegExp, definition: Partial<ApiDefinition>][] = [
    ['req_method', /TRACE/, { req_method: 'TRACE' }],
    ['req_uri', /begin with \//, { req_uri: 'orders' }],
    ['req_uri', /whole segment/, { req_uri: '/orders-{id}' }],
    ['req_uri', /twice/, { req_uri: '/{id}/{id}' }],
    ['req_uri', /last segment/, { req_uri: '/{rest+}/end' }],
    ['req_uri', /NORMAL/, { req_uri: '/{rest+}', match_mode: 'SWA' }],
    ['backend_api', /missing/, { backend_type: 'HTTP' }],
    [
      'mock_info.status_code',
      /200–599/,
      { mock_info: { id: 'm', result_content: '', status_code: 99, remark: '', version: '' } },
    ],
    ['backend_api.req_method', /CONNECT/, http({ req_method: 'CONNECT' })],
    ['backend_api.req_uri', /begin with \//, http({ req_uri: '' })],
    ['backend_api.req_uri', /\{user\}/, http({ req_uri: '/v-{user}' })],
    ['backend_api.timeout', /1–600000/, http({ timeout: 0 })],
    ['backend_api.timeout', /1–600000/, http({ timeout: 1.5 })],
    ['backend_api.retry_count', /-1–10/, http({ retry_count: '11' })],
    ['backend_api.retry_count', /-1–10/, http({ retry_count: 'often' })],
    ...['', ':80', 'a b', 'host:0', 'host:65536', 'host:x', '::1', '[::1', '[::g]', 'user@host', 'host/path'].map(
      (url_domain): [string, RegExp, Partial<ApiDefinition>] => [
        'backend_api.url_domain',
        /:port/,
        http({ url_domain }),
      ],
    ),
    ['req_params[0].max_num', /least value/, { req_params: [{ ...parameter, min_num: 5, max_num: 4 }] }],
    [
      'backend_params[0].value',
      /no request parameter/,
      http({}, { backend_params: [{ id: 'p', name: 'x', location: 'QUERY', origin: 'REQUEST', value: 'none' }] }),
    ],
    [
      'backend_params[0].value',
      /\$context\./,
      http({}, { backend_params: [{ id: 'p', name: 'x', location: 'QUERY', origin: 'SYSTEM', value: 'sourceIp' }] }),
    ],
  ]
  for (const [field, reason, definition] of cases) {
    it(`names API, field and reason: ${field} ${reason.source} of ${JSON.stringify(definition).slice(0, 80)}`, () => {
      const catalog = published(definition)
      assert.throws(
        () => compile(catalog, options),
        error => {
          assert.ok(error instanceof RehearsalError)
          assert.deepEqual([error.apiId, error.apiName, error.field], ['a1', 'api a1', field])
          assert.match(error.reason, reason)
          assert.ok(error.message.includes('api a1') && error.message.includes(field))
          return true
        },
      )
    })
  }

  it('includes one whose group, environment or version is gone', () => {
    const catalog = published({})
    for (const remove of ['api-group', 'environment', 'api-version'] as const) {
      const gone = withEdits(catalog, [{ remove, id: catalog.all(remove)[0]!.id }])
      assert.throws(() => compile(gone, options), RehearsalError, remove)
    }
  })
})

it('compiles ten thousand published APIs in a moment', () => {
  const edits: Edit[] = [
    { put: 'api-group', document: group('g1') },
    { put: 'environment', document: environment('e1') },
  ]
  for (let at = 0; at < 10_000; at++) {
    edits.push(...online(empty, { api: api(`a${at}`, 'g1', http({})), environmentId: 'e1', remark: '', at }).edits)
  }
  const catalog = withEdits(empty, edits)
  const began = performance.now()
  assert.equal(compile(catalog, options).routes.length, 10_000)
  const took = performance.now() - began
  assert.ok(took < 1000, `${took} ms`)
})
