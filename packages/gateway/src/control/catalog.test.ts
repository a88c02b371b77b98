import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { catalogOf } from './catalog.ts'
import type { Change, Stored } from './store/config-store.ts'
import { api, environment } from './testing.ts'

function stored(id: string, revision: number, createdAt = 1): Stored<'environment'> {
  return { kind: 'environment', id, revision, document: environment(id, { createdAt }) }
}

function put(id: string, createdAt = 1, remark = ''): Change {
  return { verb: 'put', kind: 'environment', document: environment(id, { createdAt, remark }), expect: 0 }
}

const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).join(' ')

describe('a catalog', () => {
  it('knows documents and the revisions that wrote them', () => {
    const catalog = catalogOf([stored('e1', 3), stored('e2', 5)], 6)
    assert.equal(catalog.revision, 6)
    assert.equal(catalog.get('environment', 'e1')?.name, 'env_e1')
    assert.equal(catalog.revisionOf('environment', 'e1'), 3)
    assert.equal(catalog.get('environment', 'e3'), undefined)
    assert.equal(catalog.revisionOf('environment', 'e3'), 0)
    assert.equal(catalog.revisionOf('app', 'e1'), 0)
    assert.deepEqual(catalog.all('app'), [])
  })

  it('lists newest first, and of the same time those first that came last', () => {
    const catalog = catalogOf([stored('e3', 2, 7), stored('e1', 9, 7), stored('e2', 1, 8)], 9)
    assert.equal(ids(catalog.all('environment')), 'e2 e1 e3')
    const next = catalog.with([put('e4', 7), put('e5', 1), put('e6', 9)], 10)
    assert.equal(ids(next.all('environment')), 'e6 e2 e4 e1 e3 e5')
  })

  it('lets an updated document keep its place', () => {
    const catalog = catalogOf([stored('e1', 1), stored('e2', 2), stored('e3', 3)], 3)
    const next = catalog.with([put('e1', 1, 'changed')], 4)
    assert.equal(ids(next.all('environment')), 'e3 e2 e1')
    assert.equal(next.get('environment', 'e1')?.remark, 'changed')
    assert.equal(next.revisionOf('environment', 'e1'), 4)
    assert.equal(next.revisionOf('environment', 'e2'), 2)
  })

  it('is never changed by what comes after it', () => {
    const catalog = catalogOf([stored('e1', 1), stored('e2', 2)], 2)
    const before = catalog.all('environment')
    const next = catalog.with([put('e3'), { verb: 'remove', kind: 'environment', id: 'e1', expect: 1 }], 3)
    assert.equal(ids(next.all('environment')), 'e3 e2')
    assert.equal(next.get('environment', 'e1'), undefined)
    assert.equal(ids(before), 'e2 e1')
    assert.equal(ids(catalog.all('environment')), 'e2 e1')
    assert.equal(catalog.get('environment', 'e1')?.id, 'e1')
    assert.equal(catalog.revision, 2)
  })

  it('shares what a change does not touch', () => {
    const catalog = catalogOf([stored('e1', 1)], 1)
    const next = catalog.with([{ verb: 'put', kind: 'api', document: api('a1', 'g1'), expect: 0 }], 2)
    assert.equal(next.all('environment'), catalog.all('environment'))
  })

  it('takes a change among 10,000 APIs in a few milliseconds', () => {
    const all = Array.from({ length: 10_000 }, (_, at): Stored<'api'> => {
      return { kind: 'api', id: `a${at}`, revision: at + 1, document: { ...api(`a${at}`, 'g1'), createdAt: at } }
    })
    let catalog = catalogOf(all, 10_000)
    const times: number[] = []
    for (let at = 0; at < 50; at++) {
      const began = performance.now()
      const document = { ...api(`new${at}`, 'g1'), createdAt: 20_000 + at }
      catalog = catalog.with([{ verb: 'put', kind: 'api', document, expect: 0 }], catalog.revision + 1)
      assert.equal(catalog.all('api')[0]?.id, `new${at}`)
      times.push(performance.now() - began)
    }
    const median = times.sort((a, b) => a - b)[25]!
    assert.ok(median < 20, `${median} ms`)
  })
})
