import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Edit } from './catalog.ts'
import { RehearsalError } from './compile/rehearsal-error.ts'
import { type DeskOptions, openDesk } from './desk.ts'
import { keyringOf } from './keyring.ts'
import { LastSnapshot } from './last-snapshot.ts'
import { online } from './publish.ts'
import { type ConfigStore, NewerData, StoreConflict, StoreUnavailable } from './store/config-store.ts'
import { emptyShelf, openMemory } from './store/memory.ts'
import { api, clockAt, environment, group, Lines, RecordingTraffic } from './testing.ts'

async function opened(t: TestContext, options: Partial<DeskOptions> = {}) {
  const traffic = new RecordingTraffic()
  const log = new Lines()
  const shelf = emptyShelf()
  const store = openMemory(shelf)
  const desk = await openDesk({
    store: () => store,
    traffic,
    clock: clockAt(0),
    domainSuffix: 'apig.localhost',
    log,
    retryMs: 10,
    ...options,
  })
  t.after(() => desk.close())
  return { desk, traffic, log, store, shelf }
}

const place: readonly Edit[] = [
  { put: 'api-group', document: group('g1') },
  { put: 'environment', document: environment('e1') },
]

async function until(holds: () => boolean): Promise<void> {
  for (let at = 0; at < 300 && !holds(); at++) await delay(5)
  assert.ok(holds(), 'did not come about in 1.5 s')
}

describe('opening', () => {
  it('hands what is stored over to traffic', async t => {
    const store = openMemory()
    await store.commit([{ verb: 'put', kind: 'api-group', document: group('g1'), expect: 0 }])
    const { desk, traffic } = await opened(t, { store: () => store })
    await desk.loaded
    assert.equal(desk.catalog().revision, 1)
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
    assert.deepEqual(
      traffic.snapshots.at(-1)?.hosts.map(({ name }) => name),
      ['g1.apig.localhost'],
    )
    assert.deepEqual(desk.ready(), { ready: true })
  })

  it('reads more documents than fit on a page', async t => {
    const store = openMemory()
    const groups = Array.from({ length: 2500 }, (_, at) => group(`g${at}`))
    await store.commit(groups.map(document => ({ verb: 'put', kind: 'api-group', document, expect: 0 })))
    const { desk } = await opened(t, { store: () => store })
    assert.equal(desk.catalog().all('api-group').length, 2500)
  })

  it('waits for a store that is unavailable, says so once, and reads it when it comes', async t => {
    let available = false
    let asked = 0
    const store = openMemory()
    const { desk, traffic, log } = await opened(t, {
      store: () => {
        asked++
        if (!available) throw new StoreUnavailable('locked by somebody')
        return store
      },
    })
    assert.throws(() => desk.catalog(), StoreUnavailable)
    await assert.rejects(
      desk.write(() => ({ edits: place, result: 0 })),
      StoreUnavailable,
    )
    assert.deepEqual(desk.ready(), { ready: false, reason: 'the store is unavailable: locked by somebody' })
    await until(() => asked >= 4)
    assert.equal(traffic.snapshots.length, 0)
    assert.deepEqual(log.lines, ['warn the store is unavailable; trying again'])
    available = true
    await desk.loaded
    assert.deepEqual(desk.ready(), { ready: true })
    assert.deepEqual(log.lines.slice(1), ['info configuration read from the store'])
    await desk.write(() => ({ edits: place, result: 0 }))
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
  })

  it('fails at once when waiting does not help', async t => {
    const store = () => {
      throw new NewerData('written by a newer one')
    }
    await assert.rejects(opened(t, { store }), NewerData)
  })

  it('is not ready with a stored configuration that does not compile, and the next write can mend it', async t => {
    const store = openMemory()
    const orphan = { id: 'p1', instanceId: 'i1', apiId: 'a1', groupId: 'g1', environmentId: 'e1', versionId: 'none' }
    const document = { ...orphan, remark: '', publishedAt: 1 }
    await store.commit([{ verb: 'put', kind: 'publication', document, expect: 0 }])
    const { desk, traffic } = await opened(t, { store: () => store })
    assert.equal(traffic.snapshots.length, 0)
    assert.match(desk.ready().reason ?? '', /does not compile.*none/)
    await desk.write(() => ({ edits: [{ remove: 'publication', id: 'p1' }], result: 0 }))
    assert.deepEqual(desk.ready(), { ready: true })
  })
})

describe('a store that is lost', () => {
  const trouble = 'PostgreSQL at db:5432/pailou: connect ECONNREFUSED'
  const kept = (t: TestContext) => {
    const directory = mkdtempSync(join(tmpdir(), 'pailou-desk-'))
    t.after(() => rmSync(directory, { recursive: true }))
    return () =>
      new LastSnapshot({ directory, keyring: keyringOf(Buffer.alloc(32, 1)), version: '1', warn: () => undefined })
  }
  /** Serves revision 1 and stops. */
  async function served(t: TestContext, lastSnapshot: LastSnapshot) {
    const { desk } = await opened(t, { lastSnapshot })
    await desk.write(() => ({ edits: place, result: 0 }))
    await desk.close()
  }

  it('leaves it ready, with the reason', async t => {
    let reason: string | undefined
    const store: ConfigStore = { ...openMemory(), trouble: () => reason }
    const { desk } = await opened(t, { store: () => store })
    assert.deepEqual(desk.ready(), { ready: true })
    reason = trouble
    assert.deepEqual(desk.ready(), {
      ready: true,
      reason: `serving revision 0, the last one that was read: the store is unavailable: ${trouble}`,
    })
  })

  it('is waited for with what was served last', async t => {
    const last = kept(t)
    await served(t, last())
    let available = false
    const store = openMemory()
    const { desk, traffic, log } = await opened(t, {
      lastSnapshot: last(),
      store: () => {
        if (!available) throw new StoreUnavailable(trouble)
        return store
      },
    })
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
    assert.equal(traffic.snapshots.at(-1)?.hosts[0]?.name, 'g1.apig.localhost')
    assert.throws(() => desk.catalog(), StoreUnavailable)
    await assert.rejects(
      desk.write(() => ({ edits: place, result: 0 })),
      StoreUnavailable,
    )
    assert.deepEqual(desk.ready(), {
      ready: true,
      reason: `serving revision 1, the last one that was known here: the store is unavailable: ${trouble}`,
    })
    assert.ok(log.lines.includes('warn the store cannot be read: serving the configuration that was served last'))
    await store.commit([{ verb: 'put', kind: 'api-group', document: group('g2'), expect: 0 }])
    await store.commit([{ verb: 'put', kind: 'api-group', document: group('g3'), expect: 0 }])
    available = true
    await desk.loaded
    assert.deepEqual(desk.ready(), { ready: true })
    assert.equal(traffic.snapshots.at(-1)?.revision, 2)
  })

  it('is not waited for when it says nothing', async t => {
    const last = kept(t)
    await served(t, last())
    const { promise, resolve } = Promise.withResolvers<ConfigStore>()
    const { desk, traffic } = await opened(t, { lastSnapshot: last(), store: () => promise })
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
    assert.match(desk.ready().reason ?? '', /the store has not answered yet$/)
    const store = openMemory()
    await store.commit([{ verb: 'put', kind: 'api-group', document: group('g2'), expect: 0 }])
    resolve(store)
    await desk.loaded
    assert.equal(traffic.snapshots.at(-1)?.hosts[0]?.name, 'g2.apig.localhost')
    assert.deepEqual(desk.ready(), { ready: true })
  })

  it('that is found in time never lets anything older be served', async t => {
    const last = kept(t)
    await served(t, last())
    const { traffic } = await opened(t, { lastSnapshot: last() })
    assert.deepEqual(
      traffic.snapshots.map(({ revision }) => revision),
      [0],
    )
  })

  it('ends the start all the same when waiting does not help', async t => {
    const last = kept(t)
    await served(t, last())
    const store = () => {
      throw new NewerData('written by a newer one')
    }
    await assert.rejects(opened(t, { lastSnapshot: last(), store }), NewerData)
  })
})

describe('a write', () => {
  it('is stored, announced, and then answered', async t => {
    const { desk, traffic, store } = await opened(t)
    const result = await desk.write(catalog => {
      const { edits, publication } = online(catalog, { api: api('a1', 'g1'), environmentId: 'e1', remark: '', at: 5 })
      return { edits: [...place, { put: 'api', document: api('a1', 'g1') }, ...edits], result: publication.id }
    })
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
    assert.equal(traffic.snapshots.at(-1)?.routes[0]?.publishId, result)
    assert.equal((await store.list('publication'))[0]?.id, result)
    assert.equal(desk.catalog().get('publication', result)?.apiId, 'a1')
    assert.equal(desk.catalog().revisionOf('publication', result), 1)
  })

  it('changes nothing when it is refused', async t => {
    const { desk, traffic, store } = await opened(t)
    const refusal = new Error('no such thing')
    const write = desk.write(() => {
      throw refusal
    })
    await assert.rejects(write, refusal)
    assert.equal(await store.commit([]), 0)
    assert.equal(traffic.snapshots.length, 1)
  })

  it('changes nothing when it does not compile', async t => {
    const { desk, traffic, store } = await opened(t)
    const bad = api('a1', 'g1', { req_uri: 'no slash' })
    const write = desk.write(catalog => ({
      edits: [...place, ...online(catalog, { api: bad, environmentId: 'e1', remark: '', at: 5 }).edits],
      result: 0,
    }))
    await assert.rejects(write, RehearsalError)
    assert.equal(await store.commit([]), 0)
    assert.equal(desk.catalog().revision, 0)
    assert.equal(traffic.snapshots.length, 1)
  })

  it('without edits is answered and stores nothing', async t => {
    const { desk, store } = await opened(t)
    assert.equal(await desk.write(() => ({ edits: [{ remove: 'api', id: 'none' }], result: 7 })), 7)
    assert.equal(await store.commit([]), 0)
  })

  it('counts the last of several edits of one document', async t => {
    const { desk } = await opened(t)
    const edits: Edit[] = [
      { put: 'api-group', document: group('g1', { remark: 'first' }) },
      { put: 'api-group', document: group('g1', { remark: 'last' }) },
      { put: 'api-group', document: group('g2') },
      { remove: 'api-group', id: 'g2' },
    ]
    await desk.write(() => ({ edits, result: 0 }))
    assert.deepEqual(
      desk
        .catalog()
        .all('api-group')
        .map(({ id, remark }) => [id, remark]),
      [['g1', 'last']],
    )
  })

  it('sees all writes before it: 200 at once lose none', async t => {
    const { desk, store, traffic } = await opened(t)
    await desk.write(() => ({ edits: [{ put: 'api-group', document: group('g1', { remark: '0' }) }], result: 0 }))
    const results = await Promise.all(
      Array.from({ length: 200 }, () =>
        desk.write(catalog => {
          const before = catalog.get('api-group', 'g1')!
          const count = Number(before.remark) + 1
          return { edits: [{ put: 'api-group', document: { ...before, remark: String(count) } }], result: count }
        }),
      ),
    )
    assert.deepEqual(
      results,
      Array.from({ length: 200 }, (_, at) => at + 1),
    )
    assert.equal((await store.get('api-group', 'g1'))?.document.remark, '200')
    assert.deepEqual(
      traffic.snapshots.map(({ revision }) => revision),
      Array.from({ length: 202 }, (_, at) => at),
    )
  })

  it('is decided again when somebody else wrote in between', async t => {
    const { desk, store, traffic } = await opened(t)
    let decided = 0
    const remark = await desk.write(catalog => {
      // The other writer comes right after the first look.
      if (decided++ === 0) void store.commit([{ verb: 'put', kind: 'api-group', document: group('g1'), expect: 0 }])
      const before = catalog.get('api-group', 'g1')
      const document = group('g1', { remark: before ? 'after the other' : 'first' })
      return { edits: [{ put: 'api-group', document }], result: document.remark }
    })
    assert.equal(remark, 'after the other')
    assert.equal(decided, 2)
    assert.equal(desk.catalog().revision, 2)
    assert.equal(traffic.snapshots.at(-1)?.revision, 2)
  })

  it('is decided again for as long as others come first', async t => {
    const { desk, store } = await opened(t)
    let decided = 0
    await desk.write((): { edits: readonly Edit[]; result: number } => {
      const number = decided++
      if (number < 20) {
        void store.commit([{ verb: 'put', kind: 'environment', document: environment(`e${number}`), expect: 0 }])
      }
      return { edits: [{ put: 'api-group', document: group('g1') }], result: 0 }
    })
    assert.equal(decided, 21)
    assert.equal(desk.catalog().revision, 21)
    assert.equal(desk.catalog().all('environment').length, 20)
  })

  it('gives up with the conflict the second time on the same catalog', async t => {
    const store = openMemory()
    const contested: ConfigStore = {
      ...store,
      commit: changes => (changes.length === 0 ? store.commit([]) : Promise.reject(new StoreConflict('always'))),
    }
    const { desk } = await opened(t, { store: () => contested })
    let decided = 0
    const write = desk.write(() => (decided++, { edits: place, result: 0 }))
    await assert.rejects(write, StoreConflict)
    assert.equal(decided, 2)
  })

  it('leaves the catalog alone when the store has become unavailable, and the next one goes through', async t => {
    const store = openMemory()
    let broken = true
    const flaky: ConfigStore = {
      ...store,
      commit: changes =>
        broken && changes.length > 0 ? Promise.reject(new StoreUnavailable('disk full')) : store.commit(changes),
    }
    const { desk } = await opened(t, { store: () => flaky })
    await assert.rejects(
      desk.write(() => ({ edits: place, result: 0 })),
      StoreUnavailable,
    )
    assert.equal(desk.catalog().revision, 0)
    broken = false
    await desk.write(() => ({ edits: place, result: 0 }))
    assert.equal(desk.catalog().revision, 1)
  })

  it('stands when traffic fails to take it, and is handed over again', async t => {
    const { desk, traffic, log, store } = await opened(t)
    traffic.faults.push(new Error('thread died'))
    assert.equal(await desk.write(() => ({ edits: place, result: 'done' })), 'done')
    assert.equal(await store.commit([]), 1)
    assert.equal(desk.catalog().revision, 1)
    assert.equal(desk.ready().ready, false)
    assert.ok(log.lines.includes('error traffic did not take the snapshot; trying again'))
    await until(() => desk.ready().ready)
    assert.equal(traffic.snapshots.at(-1)?.revision, 1)
  })
})

describe('what others write', () => {
  it('reaches the catalog and traffic', async t => {
    const { desk, traffic, store } = await opened(t)
    await store.commit([{ verb: 'put', kind: 'api-group', document: group('g1'), expect: 0 }])
    await until(() => desk.catalog().revision === 1)
    await until(() => traffic.snapshots.at(-1)?.hosts.length === 1)
  })

  it('is looked at before anything is decided, also when it is about other documents', async t => {
    const { desk, store } = await opened(t)
    const seen: number[] = []
    await desk.write((catalog): { edits: readonly Edit[]; result: number } => {
      const others = catalog.all('api-group').length
      seen.push(others)
      if (others === 0) void store.commit([{ verb: 'put', kind: 'api-group', document: group('g2'), expect: 0 }])
      return { edits: [{ put: 'api-group', document: group('g1') }], result: 0 }
    })
    assert.deepEqual(seen, [0, 1])
    assert.equal(desk.catalog().revision, 2)
    assert.deepEqual(
      desk
        .catalog()
        .all('api-group')
        .map(({ id }) => id)
        .sort(),
      ['g1', 'g2'],
    )
  })
})

it('is not ready while a thread serves an older snapshot', async t => {
  const { desk, traffic } = await opened(t)
  traffic.observe = () => ({
    threads: [0, -1].map((revision, thread) => ({ thread, revision, connections: 0, requests: 0, refusals: 0 })),
  })
  assert.deepEqual(desk.ready(), { ready: false, reason: '1 of 2 traffic threads do not serve revision 0 yet' })
})

it('finishes the writes under way before it closes, and takes none afterwards', async t => {
  const { desk, shelf } = await opened(t)
  const writes = Array.from({ length: 5 }, (_, at) =>
    desk.write(() => ({ edits: [{ put: 'api-group', document: group(`g${at}`) }], result: at })),
  )
  await desk.close()
  assert.deepEqual(await Promise.all(writes), [0, 1, 2, 3, 4])
  assert.equal(shelf.revision, 5)
  await assert.rejects(
    desk.write(() => ({ edits: place, result: 0 })),
    StoreUnavailable,
  )
})
