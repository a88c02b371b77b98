import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Catalog, catalogOf, type Edit } from './catalog.ts'
import { changesOf } from './changes-of.ts'
import { deleteVersion, offline, online, publicationOf, switchVersion, versionsKept, versionsOf } from './publish.ts'
import { api, environment, group } from './testing.ts'

const a1 = api('a1', 'g1')

class Publishing {
  catalog: Catalog = catalogOf([], 0)
  #at = Date.UTC(2026, 0, 2, 3, 4, 5)

  constructor() {
    this.write([
      { put: 'api-group', document: group('g1') },
      { put: 'environment', document: environment('e1') },
      { put: 'environment', document: environment('e2') },
      { put: 'api', document: a1 },
    ])
  }

  write(edits: readonly Edit[]): void {
    this.catalog = this.catalog.with(changesOf(edits, this.catalog), this.catalog.revision + 1)
  }

  online(environmentId = 'e1', published = a1) {
    const result = online(this.catalog, { api: published, environmentId, remark: 'why', at: (this.#at += 1000) })
    this.write(result.edits)
    return result
  }

  switch(versionId: string) {
    const result = switchVersion(this.catalog, this.catalog.get('api-version', versionId)!, (this.#at += 1000))
    this.write(result.edits)
    return result
  }

  authorize(id: string, apiId: string, environmentId: string): void {
    const document = { id, instanceId: 'i1', appId: id, apiId, environmentId, createdAt: 1 }
    this.write([{ put: 'app-authorization', document }])
  }

  get serving() {
    return publicationOf(this.catalog, 'a1', 'e1')
  }

  get history() {
    return versionsOf(this.catalog, 'a1', 'e1').map(({ id }) => id)
  }
}

describe('publishing', () => {
  it('freezes the definition into a version, and puts it up', () => {
    const here = new Publishing()
    const { version, publication } = here.online()
    assert.deepEqual(here.serving, publication)
    assert.equal(publication.versionId, version.id)
    assert.deepEqual(here.catalog.get('api-version', version.id), version)
    assert.deepEqual(
      [version.number, version.remark, version.definition, version.groupId],
      ['20260102030406', 'why', a1.definition, 'g1'],
    )
  })

  it('keeps the publish id while the API stays published, and the earlier versions', () => {
    const here = new Publishing()
    const first = here.online()
    const second = here.online()
    assert.equal(second.publication.id, first.publication.id)
    assert.equal(here.serving?.versionId, second.version.id)
    assert.deepEqual(here.history, [second.version.id, first.version.id])
    assert.ok(second.publication.publishedAt > first.publication.publishedAt)
  })

  it('keeps environments apart', () => {
    const here = new Publishing()
    const one = here.online('e1')
    const two = here.online('e2')
    assert.notEqual(one.publication.id, two.publication.id)
    assert.deepEqual(here.history, [one.version.id])
  })

  it(`keeps ${versionsKept} versions, and drops the oldest that does not serve`, () => {
    const here = new Publishing()
    const ids = Array.from({ length: versionsKept }, () => here.online().version.id)
    here.switch(ids[0]!)
    assert.equal(here.history.length, versionsKept)
    // The oldest serves, and stops doing so with this publish: then it is the one to go.
    const newest = here.online().version.id
    assert.deepEqual(here.history, [newest, ...ids.slice(1).reverse()])
    for (let at = 0; at < 5; at++) here.online()
    assert.equal(here.history.length, versionsKept)
    assert.ok(here.history.includes(here.serving!.versionId))
  })
})

describe('switching', () => {
  it('lets another version serve, and makes none', () => {
    const here = new Publishing()
    const first = here.online()
    const second = here.online()
    const { publication } = here.switch(first.version.id)
    assert.equal(publication.id, second.publication.id)
    assert.equal(here.serving?.versionId, first.version.id)
    assert.deepEqual(here.history, [second.version.id, first.version.id])
    assert.deepEqual(here.catalog.get('api-version', first.version.id), first.version)
  })

  it('puts an API up again that was offline, under a new publish id', () => {
    const here = new Publishing()
    const { version, publication } = here.online()
    here.write(offline(here.catalog, publication))
    assert.notEqual(here.switch(version.id).publication.id, publication.id)
    assert.equal(here.serving?.versionId, version.id)
  })
})

describe('taking offline', () => {
  it('drops the authorisations of that API in that environment, and keeps its versions', () => {
    const here = new Publishing()
    const { publication, version } = here.online('e1')
    here.online('e2')
    here.authorize('x1', 'a1', 'e1')
    here.authorize('x2', 'a1', 'e2')
    here.authorize('x3', 'a2', 'e1')
    here.write(offline(here.catalog, publication))
    assert.equal(here.serving, undefined)
    assert.deepEqual(here.history, [version.id])
    assert.deepEqual(
      here.catalog
        .all('app-authorization')
        .map(({ id }) => id)
        .sort(),
      ['x2', 'x3'],
    )
    assert.ok(publicationOf(here.catalog, 'a1', 'e2'))
  })

  it('ends the publish id', () => {
    const here = new Publishing()
    const first = here.online()
    here.write(offline(here.catalog, first.publication))
    assert.notEqual(here.online().publication.id, first.publication.id)
  })
})

describe('deleting a version', () => {
  it('that does not serve changes nothing else', () => {
    const here = new Publishing()
    const first = here.online()
    const second = here.online()
    here.authorize('x1', 'a1', 'e1')
    here.write(deleteVersion(here.catalog, first.version))
    assert.deepEqual(here.history, [second.version.id])
    assert.equal(here.serving?.versionId, second.version.id)
    assert.equal(here.catalog.all('app-authorization').length, 1)
  })

  it('that serves takes the API offline there', () => {
    const here = new Publishing()
    const first = here.online()
    const second = here.online()
    here.authorize('x1', 'a1', 'e1')
    here.write(deleteVersion(here.catalog, second.version))
    assert.equal(here.serving, undefined)
    assert.deepEqual(here.history, [first.version.id])
    assert.deepEqual(here.catalog.all('app-authorization'), [])
  })
})
