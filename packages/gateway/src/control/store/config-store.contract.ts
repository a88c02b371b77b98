import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { secret } from '../../base/secret.ts'
import type { Api, App, AppCode, Environment } from '../documents/documents.ts'
import { type Change, type ConfigStore, StoreConflict, StoreUnavailable } from './config-store.ts'

/** A place where an engine keeps its data. Opening it again, after closing, must show what was stored. */
export interface StorePlace {
  open(): ConfigStore | Promise<ConfigStore>
  /** Removes the place. */
  clear(): void | Promise<void>
}

/** What every engine promises. `place` makes an empty place of its own for each test. */
export function describeStore(
  name: string,
  place: () => StorePlace | Promise<StorePlace>,
  options: { readonly skip?: string | false } = {},
): void {
  async function fresh(t: TestContext): Promise<{ store: ConfigStore; reopen: () => Promise<ConfigStore> }> {
    const here = await place()
    let store = await here.open()
    t.after(async () => {
      await store.close()
      await here.clear()
    })
    const reopen = async () => {
      await store.close()
      return (store = await here.open())
    }
    return { store, reopen }
  }

  describe(`${name}: reading and writing`, options, () => {
    it('begins empty, at revision 0', async t => {
      const { store } = await fresh(t)
      assert.equal(await store.commit([]), 0)
      assert.equal(await store.get('environment', 'none'), undefined)
      assert.deepEqual(await store.list('environment'), [])
    })

    it('gives a document back as it was, with the revision that wrote it', async t => {
      const { store } = await fresh(t)
      assert.equal(await store.commit([put(environment('e1'))]), 1)
      assert.equal(await store.commit([put(environment('e2'))]), 2)
      const first = { kind: 'environment', id: 'e1', revision: 1, document: environment('e1') }
      assert.deepEqual(await store.get('environment', 'e1'), first)
      assert.deepEqual(await store.list('environment'), [
        first,
        { kind: 'environment', id: 'e2', revision: 2, document: environment('e2') },
      ])
    })

    it('gives secrets back wherever they stand', async t => {
      const { store, reopen } = await fresh(t)
      await store.commit([{ verb: 'put', kind: 'app', document: app('a1'), expect: 0 }])
      assert.deepEqual((await store.get('app', 'a1'))?.document, app('a1'))
      assert.deepEqual((await (await reopen()).list('app'))[0]?.document, app('a1'))
    })

    it('updates and removes', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('e1')), put(environment('e2'))])
      const changed = { ...environment('e1'), remark: 'changed' }
      assert.equal(await store.commit([put(changed, 1), remove('e2', 1)]), 2)
      const stored = await store.list('environment')
      assert.deepEqual(stored, [{ kind: 'environment', id: 'e1', revision: 2, document: changed }])
    })

    it('keeps what was read apart from what is stored', async t => {
      const { store } = await fresh(t)
      const written = { ...environment('e1') }
      await store.commit([put(written)])
      written.remark = 'changed by its writer'
      const read = await store.get('environment', 'e1')
      ;(read!.document as { remark: string }).remark = 'changed by a reader'
      assert.deepEqual((await store.get('environment', 'e1'))?.document, environment('e1'))
    })

    it('lists in order of id, page by page', async t => {
      const { store } = await fresh(t)
      const ids = ['b', 'a10', 'a9', 'B', 'c', 'a1', 'é', 'z']
      await store.commit(ids.map(id => put(environment(id))))
      const order = [...ids].sort()
      const seen: string[] = []
      for (;;) {
        const after = seen.at(-1)
        const page = await store.list('environment', { limit: 3, ...(after === undefined ? {} : { after }) })
        assert.ok(page.length <= 3)
        seen.push(...page.map(({ id }) => id))
        if (page.length < 3) break
      }
      assert.deepEqual(seen, order)
      assert.deepEqual(
        (await store.list('environment', { after: 'c' })).map(({ id }) => id),
        ['z', 'é'],
      )
      assert.deepEqual(await store.list('environment', { after: 'é', limit: 3 }), [])
    })

    it('keeps kinds apart', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('same')), { verb: 'put', kind: 'app', document: app('same'), expect: 0 }])
      assert.deepEqual((await store.get('environment', 'same'))?.document, environment('same'))
      assert.deepEqual((await store.get('app', 'same'))?.document, app('same'))
    })

    it('keeps every character', async t => {
      const { store, reopen } = await fresh(t)
      const remark = '牌楼 🏮 e\u0301 \u0000 \u2028 " \\ \ud83d\ude00 \u202e'
      await store.commit([put({ ...environment('e1', '环境'), remark })])
      assert.deepEqual((await (await reopen()).get('environment', 'e1'))?.document, {
        ...environment('e1', '环境'),
        remark,
      })
    })

    it('keeps a document of a megabyte', async t => {
      const { store, reopen } = await fresh(t)
      const large = { ...environment('e1'), remark: '牌'.repeat(1 << 20) }
      await store.commit([put(large)])
      assert.deepEqual((await (await reopen()).get('environment', 'e1'))?.document, large)
    })

    it('keeps everything, and the revision, when it is opened again', async t => {
      const { store, reopen } = await fresh(t)
      await store.commit([put(environment('e1')), put(environment('e2'))])
      await store.commit([remove('e2', 1)])
      const again = await reopen()
      assert.equal(await again.commit([]), 2)
      assert.deepEqual(await again.list('environment'), [
        { kind: 'environment', id: 'e1', revision: 1, document: environment('e1') },
      ])
      assert.equal(await again.commit([put(environment('e3'))]), 3)
    })

    it('is unavailable once it is closed', async t => {
      const { store } = await fresh(t)
      await store.close()
      await store.close()
      await assert.rejects(store.get('environment', 'e1'), StoreUnavailable)
      await assert.rejects(store.list('environment'), StoreUnavailable)
      await assert.rejects(store.commit([put(environment('e1'))]), StoreUnavailable)
      await assert.rejects(store.commit([]), StoreUnavailable)
    })
  })

  describe(`${name}: all or nothing`, options, () => {
    const stale: [title: string, change: Change][] = [
      ['a document that has changed since', put({ ...environment('kept'), remark: 'late' }, 7)],
      ['a document that there is, when none was expected', put(environment('kept'))],
      ['a document that is gone', put(environment('gone'), 1)],
      ['removing what has changed since', remove('kept', 7)],
      ['removing what is gone', remove('gone', 1)],
      ['a name that is taken', put(environment('other', 'env_kept'))],
    ]
    for (const [title, change] of stale) {
      it(`refuses ${title}, and what came before it in the same commit`, async t => {
        const { store, reopen } = await fresh(t)
        await store.commit([put(environment('kept'))])
        const before = await store.list('environment')
        const commit = store.commit([put(environment('first')), put(environment('second')), change])
        await assert.rejects(commit, StoreConflict)
        assert.deepEqual(await store.list('environment'), before)
        const again = await reopen()
        assert.deepEqual(await again.list('environment'), before)
        assert.equal(await again.commit([]), 1)
      })
    }

    it('stores 1,000 changes in one commit, under one revision', async t => {
      const { store } = await fresh(t)
      const all = Array.from({ length: 1000 }, (_, at) => put(environment(`e${String(at).padStart(4, '0')}`)))
      assert.equal(await store.commit(all), 1)
      const stored = await store.list('environment')
      assert.equal(stored.length, 1000)
      assert.ok(stored.every(({ revision }) => revision === 1))
    })

    it('stores none of 1,000 changes when the last one is refused', async t => {
      const { store } = await fresh(t)
      const all = Array.from({ length: 999 }, (_, at) => put(environment(`e${at}`)))
      await assert.rejects(store.commit([...all, remove('gone', 1)]), StoreConflict)
      assert.deepEqual(await store.list('environment'), [])
    })

    it('takes concurrent commits one after the other', async t => {
      const { store } = await fresh(t)
      const commits = Array.from({ length: 50 }, (_, at) => store.commit([put(environment(`e${at}`))]))
      const revisions = await Promise.all(commits)
      assert.deepEqual(
        [...revisions].sort((a, b) => a - b),
        Array.from({ length: 50 }, (_, at) => at + 1),
      )
    })

    it('lets one of several writers win who saw the same revision', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('e1'))])
      const writers = ['a', 'b', 'c'].map(remark => store.commit([put({ ...environment('e1'), remark }, 1)]))
      const results = await Promise.allSettled(writers)
      const lost = results.filter(result => result.status === 'rejected')
      assert.equal(lost.length, 2)
      assert.ok(lost.every(({ reason }) => reason instanceof StoreConflict))
    })

    it('refuses a writer who has not seen the newest revision, whatever that changed', async t => {
      const { store } = await fresh(t)
      assert.equal(await store.commit([put(environment('e1'))], 0), 1)
      await assert.rejects(store.commit([put(environment('e2'))], 0), StoreConflict)
      await assert.rejects(store.commit([put(environment('e2'))], 2), StoreConflict)
      assert.equal(await store.commit([put(environment('e2'))], 1), 2)
      assert.equal(await store.commit([], 0), 2)
    })

    it('does not show half a commit to a reader', async t => {
      const { store } = await fresh(t)
      const commit = store.commit(Array.from({ length: 100 }, (_, at) => put(environment(`e${at}`))))
      const seen = await Promise.all(Array.from({ length: 10 }, () => store.list('environment')))
      await commit
      for (const { length } of seen) assert.ok(length === 0 || length === 100, `saw ${length}`)
    })

    it('refuses a commit that names a document twice, as a mistake of the writer', async t => {
      const { store } = await fresh(t)
      await assert.rejects(store.commit([put(environment('e1')), put(environment('e1'))]), RangeError)
      assert.equal(await store.commit([]), 0)
    })
  })

  describe(`${name}: unique keys`, options, () => {
    it('lets two documents swap their names in one commit', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('e1', 'one')), put(environment('e2', 'two'))])
      await store.commit([put(environment('e1', 'two'), 1), put(environment('e2', 'one'), 1)])
      assert.equal((await store.get('environment', 'e1'))?.document.name, 'two')
    })

    it('gives a name free with its document, also in the same commit', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('e1', 'name'))])
      await store.commit([put(environment('e2', 'name')), remove('e1', 1)])
      assert.deepEqual(
        (await store.list('environment')).map(({ id }) => id),
        ['e2'],
      )
    })

    it('lets two instances use the same names', async t => {
      const { store } = await fresh(t)
      await store.commit([put(environment('e1', 'name')), put({ ...environment('e2', 'name'), instanceId: 'i2' })])
      assert.equal((await store.list('environment')).length, 2)
    })

    const pairs: [title: string, first: Change, second: Change][] = [
      ['an app key, over all instances', putApp(app('a1')), putApp({ ...app('a2'), key: 'key-a1', instanceId: 'i2' })],
      ['an app name in an instance', putApp(app('a1')), putApp({ ...app('a2'), name: 'app_a1' })],
      ['an AppCode', putCode(code('c1', 'the code')), putCode(code('c2', 'the code'))],
      ['an API name in a group', putApi(api('p1', 'g1', 'orders')), putApi(api('p2', 'g1', 'orders'))],
    ]
    for (const [title, first, second] of pairs) {
      it(`keeps ${title} unique`, async t => {
        const { store } = await fresh(t)
        await store.commit([first])
        await assert.rejects(store.commit([second]), StoreConflict)
        assert.equal((await store.list(first.kind)).length, 1)
      })
    }

    it('never shows a secret in the error about it', async t => {
      const { store } = await fresh(t)
      await store.commit([putCode(code('c1', 'a-planted-code'))])
      await assert.rejects(store.commit([putCode(code('c2', 'a-planted-code'))]), (error: Error) => {
        return !String(error.stack).includes('a-planted-code') && !String(error.cause).includes('a-planted-code')
      })
    })
  })

  describe(`${name}: following`, options, () => {
    it('tells each revision after the given one, those that were and those that come', async t => {
      const { store } = await fresh(t)
      for (const id of ['e1', 'e2', 'e3']) await store.commit([put(environment(id))])
      const stop = new AbortController()
      const seen: number[] = []
      const following = (async () => {
        for await (const revision of store.follow(1, stop.signal)) {
          seen.push(revision)
          if (revision === 5) stop.abort()
        }
      })()
      await store.commit([put(environment('e4'))])
      await store.commit([put(environment('e5'))])
      await following
      assert.deepEqual(seen, [2, 3, 4, 5])
    })

    it('tells nothing of a commit that was refused or empty', async t => {
      const { store } = await fresh(t)
      const stop = new AbortController()
      const next = store.follow(0, stop.signal)[Symbol.asyncIterator]()
      const first = next.next()
      await assert.rejects(store.commit([remove('gone', 1)]), StoreConflict)
      await store.commit([])
      await store.commit([put(environment('e1'))])
      assert.deepEqual(await first, { value: 1, done: false })
      stop.abort()
      assert.deepEqual(await next.next(), { value: undefined, done: true })
    })

    it('ends while it waits, on abort and on close', async t => {
      const { store } = await fresh(t)
      const stop = new AbortController()
      const aborted = ended(store.follow(0, stop.signal))
      const closed = ended(store.follow(0, new AbortController().signal))
      stop.abort()
      assert.deepEqual(await aborted, [])
      await store.close()
      assert.deepEqual(await closed, [])
    })
  })
}

async function ended(revisions: AsyncIterable<number>): Promise<number[]> {
  const seen: number[] = []
  for await (const revision of revisions) seen.push(revision)
  return seen
}

function environment(id: string, name = `env_${id}`): Environment {
  return { id, instanceId: 'i1', name, remark: '', builtIn: false, createdAt: 1 }
}

function app(id: string): App {
  const common = { id, instanceId: 'i1', name: `app_${id}`, remark: '', createdAt: 1, updatedAt: 1 }
  return { ...common, key: `key-${id}`, secret: secret('the secret of an app: 秘密') }
}

function code(id: string, value: string): AppCode {
  return { id, instanceId: 'i1', appId: 'a1', code: secret(value), createdAt: 1 }
}

function api(id: string, groupId: string, name: string): Api {
  return { id, instanceId: 'i1', groupId, definition: { name } as Api['definition'], createdAt: 1, updatedAt: 1 }
}

function put(document: Environment, expect = 0): Change {
  return { verb: 'put', kind: 'environment', document, expect }
}

function remove(id: string, expect: number): Change {
  return { verb: 'remove', kind: 'environment', id, expect }
}

function putApp(document: App): Change {
  return { verb: 'put', kind: 'app', document, expect: 0 }
}

function putCode(document: AppCode): Change {
  return { verb: 'put', kind: 'app-code', document, expect: 0 }
}

function putApi(document: Api): Change {
  return { verb: 'put', kind: 'api', document, expect: 0 }
}
