import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BackendPlan } from '../../seam/plans.ts'
import { type Catalog, catalogOf, type Edit } from '../catalog.ts'
import { changesOf } from '../changes-of.ts'
import type { ApiHttpBackend } from '../documents/documents.ts'
import { online } from '../publish.ts'
import { api, environment, group, httpBackend as backend } from '../testing.ts'
import { compile } from './compile.ts'

interface Place {
  readonly groupId?: string
  readonly environmentId?: string
}

function withEdits(catalog: Catalog, edits: readonly Edit[]): Catalog {
  return catalog.with(changesOf(edits, catalog), catalog.revision + 1)
}

function variable(name: string, value: string, { groupId = 'g1', environmentId = 'e1' }: Place = {}): Edit {
  const id = `${groupId} ${environmentId} ${name}`
  const document = { id, instanceId: 'i1', groupId, environmentId, name, value, createdAt: 1 }
  return { put: 'environment-variable', document }
}

/** What becomes of a backend, published in e1 of g1, when these variables are there. */
function compiled(more: Partial<ApiHttpBackend>, variables: readonly Edit[]): BackendPlan {
  const base = withEdits(catalogOf([], 0), [
    { put: 'api-group', document: group('g1') },
    { put: 'environment', document: environment('e1') },
    ...variables,
  ])
  const one = api('a1', 'g1', { backend_type: 'HTTP', backend_api: { ...backend, ...more } })
  const catalog = withEdits(base, online(base, { api: one, environmentId: 'e1', remark: '', at: 1 }).edits)
  return compile(catalog, { domainSuffix: 'apig.localhost' }).routes[0]!.backend
}

describe('a variable in a backend', () => {
  const addresses: [written: string, values: Record<string, string>, host: string, port: number][] = [
    ['#host#', { host: 'a.example' }, 'a.example', 80],
    ['#host#', { host: 'a.example:81' }, 'a.example', 81],
    ['#host#:8080', { host: '10.0.0.1' }, '10.0.0.1', 8080],
    ['#host#:#port#', { host: 'a.example', port: '65535' }, 'a.example', 65535],
    ['#Host#.#zone#:80', { host: 'x', Host: 'a', zone: 'b.c' }, 'a.b.c', 80],
    ['#one##two#', { one: 'a', two: 'b' }, 'ab', 80],
    ['[#six#]:8080', { six: '::1' }, '::1', 8080],
  ]
  for (const [written, values, host, port] of addresses) {
    it(`makes ${host} and ${port} of ${written}`, () => {
      const plan = compiled(
        { url_domain: written },
        Object.entries(values).map(([name, value]) => variable(name, value)),
      )
      assert.ok(plan.kind === 'http')
      assert.deepEqual([plan.settings.host, plan.settings.port], [host, port])
    })
  }

  it('makes a path, of several segments where its value has slashes', () => {
    const plan = compiled({ req_uri: '/#base#/v-#version#/#base#' }, [
      variable('base', 'a/b'),
      variable('version', '2'),
    ])
    assert.ok(plan.kind === 'http')
    assert.equal(plan.settings.path, '/a/b/v-2/a/b')
  })

  const refused: [what: string, more: Partial<ApiHttpBackend>, value: string | undefined, row: string, told: RegExp][] =
    [
      ['an address without a value', { url_domain: '#name#:80' }, undefined, '0105', /"variables":\["name"\]/],
      ['a path without a value', { req_uri: '/#name#' }, undefined, '0105', /"variables":\["name"\]/],
      ['a host that is none', { url_domain: '#name#:80' }, 'a/b', '0105', /"address":"a\/b:80"/],
      ['a path out of its bounds', { req_uri: '/a/#name#/b' }, '..', '0105', /"path":"\/a\/..\/b"/],
      ['a port in letters', { url_domain: 'a.example:#name#' }, 'http-alt', '0611', /"address":"a.example:http-alt"/],
      ['port 0', { url_domain: 'a.example:#name#' }, '0', '0611', /"address":"a.example:0"/],
      ['a port above the range', { url_domain: 'a.example:#name#' }, '65536', '0611', /a.example:65536/],
      ['a port of an address in brackets', { url_domain: '[::1]:#name#' }, 'x', '0611', /"address":"\[::1\]:x"/],
      ['an address with two ports', { url_domain: '#name#:80' }, 'a:81', '0105', /"address":"a:81:80"/],
    ]
  for (const [what, more, value, row, told] of refused) {
    it(`refuses the calls with ${row} for ${what}, and leaves the API published`, () => {
      const plan = compiled(more, value === undefined ? [] : [variable('name', value)])
      assert.ok(plan.kind === 'unavailable')
      assert.equal(plan.settings.row, row)
      assert.match(JSON.stringify(plan.settings.evidence), told)
    })
  }

  it('counts only in its own group and environment', () => {
    const elsewhere = [
      variable('host', 'a.example', { groupId: 'g2' }),
      variable('host', 'a.example', { environmentId: 'e2' }),
    ]
    assert.equal(compiled({ url_domain: '#host#' }, elsewhere).kind, 'unavailable')
    assert.equal(compiled({ url_domain: '#host#' }, [variable('host', 'a.example')]).kind, 'http')
  })
})
