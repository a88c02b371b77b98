import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { secret } from '../../../base/secret.ts'
import { KeyringError, keyringOf } from '../../keyring.ts'
import { environment } from '../../testing.ts'
import {
  type Change,
  type ConfigStore,
  NewerData,
  StoreConflict,
  StoreDamaged,
  StoreUnavailable,
  StoreUncertain,
} from '../config-store.ts'
import { openPostgres, type PostgresOptions } from './postgres.ts'
import { testSchema, wayTo, withoutPostgres } from './testing.ts'

const key = randomBytes(32)
const keyring = keyringOf(key)
/** So slow that a test which needs it fails. */
const never = 600_000

function put(id: string, remark = '', expect = 0): Change {
  return { verb: 'put', kind: 'environment', document: environment(id, { remark }), expect }
}

async function fresh(t: TestContext) {
  const { url, query, drop } = await testSchema()
  const stores: ConfigStore[] = []
  const node = async (options: Partial<PostgresOptions> = {}) => {
    const store = await openPostgres({ url, keyring, pollMs: never, retryMs: 20, ...options })
    stores.push(store)
    return store
  }
  const way = async (open = true) => {
    const way = await wayTo(url, { open })
    t.after(() => way.close())
    return way
  }
  t.after(async () => {
    for (const store of stores) await store.close()
    await drop()
  })
  return { url, query, node, way }
}

/** The next revision after `since`, and how long it took. */
async function heard(store: ConfigStore, since: number): Promise<{ revision: number; ms: number }> {
  const began = performance.now()
  const stop = AbortSignal.timeout(5_000)
  for await (const revision of store.follow(since, stop)) return { revision, ms: performance.now() - began }
  throw new Error('nothing was heard in 5 s')
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let at = 0; at < 500 && !holds(); at++) await delay(10)
  assert.ok(holds(), `waited 5 s: ${what}`)
}

describe('nodes that share a database', { skip: withoutPostgres }, () => {
  it('hear at once of what another one has committed', async t => {
    const { node } = await fresh(t)
    const [one, two] = [await node(), await node()]
    await delay(100)
    const next = heard(two, 0)
    assert.equal(await one.commit([put('e1')]), 1)
    const { revision, ms } = await next
    assert.equal(revision, 1)
    assert.ok(ms < 1000, `${ms} ms`)
    assert.equal((await two.get('environment', 'e1'))?.document.name, 'env_e1')
  })

  it('find by looking what nobody has told them', async t => {
    const { node, query } = await fresh(t)
    const store = await node({ pollMs: 50 })
    await query(`UPDATE meta SET value = '3' WHERE key = 'revision'`)
    assert.equal((await heard(store, 2)).revision, 3)
  })

  it('do not hear of another Pailou in the same database', async t => {
    const [ours, theirs] = [await fresh(t), await fresh(t)]
    const [one, other] = [await ours.node(), await theirs.node()]
    await delay(100)
    await other.commit([put('e1')])
    await other.commit([put('e2')])
    await delay(100)
    await one.commit([put('e1')])
    const stop = AbortSignal.timeout(200)
    const seen: number[] = []
    for await (const revision of one.follow(0, stop)) seen.push(revision)
    assert.deepEqual(seen, [1])
  })

  it('lose no update and count every revision once, through 200 commits at the same time', async t => {
    const { node } = await fresh(t)
    const nodes = [await node(), await node()]
    await nodes[0]!.commit([put('shared', '0')])
    const increment = async (store: ConfigStore): Promise<number> => {
      for (;;) {
        const { document, revision } = (await store.get('environment', 'shared'))!
        try {
          return await store.commit([put('shared', String(Number(document.remark) + 1), revision)])
        } catch (error) {
          if (!(error instanceof StoreConflict)) throw error
        }
      }
    }
    const singles = Array.from({ length: 150 }, (_, at) => nodes[at % 2]!.commit([put(`e${at}`)]))
    const shared = nodes.map(async store => {
      const revisions: number[] = []
      for (let at = 0; at < 25; at++) revisions.push(await increment(store))
      return revisions
    })
    const revisions = [...(await Promise.all(singles)), ...(await Promise.all(shared)).flat()]
    assert.deepEqual(
      revisions.sort((a, b) => a - b),
      Array.from({ length: 200 }, (_, at) => at + 2),
    )
    assert.equal((await nodes[0]!.get('environment', 'shared'))?.document.remark, '50')
  })

  it('take turns in the order of asking, and see in each what came before it', async t => {
    const { node } = await fresh(t)
    const [one, two] = [await node(), await node()]
    const order: string[] = []
    const turn = (store: ConfigStore, name: string) =>
      store.turn!(async newest => {
        order.push(name)
        assert.equal(newest, order.length - 1)
        await delay(50)
        await store.commit([put(name)], newest)
      })
    const first = turn(one, 'a')
    await delay(30)
    const second = turn(two, 'b')
    await delay(10)
    const third = turn(one, 'c')
    await Promise.all([first, second, third])
    assert.deepEqual(order, ['a', 'b', 'c'])
    await assert.rejects(
      one.turn!(() => Promise.reject(new RangeError('refused'))),
      RangeError,
    )
    assert.equal(await two.turn!(newest => Promise.resolve(newest)), 3)
  })

  it('read everything at one revision while others write', async t => {
    const { node } = await fresh(t)
    const [reader, writer] = [await node(), await node()]
    let writing = true
    const written = (async () => {
      for (let at = 0; writing; at++) await writer.commit([put(`left${at}`), put(`right${at}`)])
    })()
    try {
      for (let at = 0; at < 20; at++) {
        const { revision, stored } = await reader.readAll!(0)
        assert.equal(stored.length, revision * 2)
      }
    } finally {
      writing = false
      await written
    }
    const { revision, stored } = await reader.readAll!(0)
    await writer.commit([put('last')])
    const newer = await reader.readAll!(revision)
    assert.equal(newer.stored.length, stored.length + 1)
    assert.deepEqual(
      newer.stored.filter(document => 'document' in document).map(({ id }) => id),
      ['last'],
    )
  })

  it('start at the same time on an empty database', async t => {
    const { node, query } = await fresh(t)
    const stores = await Promise.all(Array.from({ length: 4 }, () => node()))
    assert.deepEqual(await Promise.all(stores.map(store => store.commit([]))), [0, 0, 0, 0])
    const meta = await query('SELECT key FROM meta ORDER BY key')
    assert.deepEqual(
      meta.map(row => row['key']),
      ['key_id', 'revision', 'schema_version'],
    )
  })

  it('need the same master key, also when they start at the same time', async t => {
    const { node, query } = await fresh(t)
    const starts = await Promise.allSettled([node(), node({ keyring: keyringOf(randomBytes(32)) })])
    const refused = starts.filter(start => start.status === 'rejected')
    assert.equal(refused.length, 1)
    const [{ value: first } = {}] = await query(`SELECT value FROM meta WHERE key = 'key_id'`)
    const error: unknown = refused[0]!.reason
    assert.ok(error instanceof KeyringError)
    assert.match(error.message, new RegExp(`sealed with master key ${String(first)}.*the same PAILOU_MASTER_KEY$`))
  })

  it('refuse a change when a newer node has taken the tables further', async t => {
    const { node, query } = await fresh(t)
    const store = await node({ pollMs: 20 })
    await query(`UPDATE meta SET value = '99' WHERE key = 'schema_version'`)
    await assert.rejects(
      store.commit([put('e1')]),
      (error: Error) => error instanceof StoreUnavailable && /schema version 99/.test(error.message),
    )
    await assert.rejects(store.readAll!(0), StoreUnavailable)
    await until('trouble', () => /schema version 99/.test(store.trouble!() ?? ''))
    assert.deepEqual(await query('SELECT id FROM documents'), [])
  })
})

describe('a database server that is lost', { skip: withoutPostgres }, () => {
  it('refuses changes while it is away, and is found again with what others did meanwhile', async t => {
    const { node, way } = await fresh(t)
    const between = await way()
    const troubles: (string | undefined)[] = []
    const far = await node({ url: between.url, changed: trouble => void troubles.push(trouble) })
    const near = await node()
    await far.commit([put('e1')])
    assert.equal(far.trouble!(), undefined)

    await between.cut()
    await until('trouble', () => far.trouble!() !== undefined)
    assert.match(far.trouble!()!, /^PostgreSQL at 127\.0\.0\.1:\d+\/\w+: /)
    await assert.rejects(far.commit([put('e2')]), StoreUnavailable)
    await assert.rejects(far.get('environment', 'e1'), StoreUnavailable)
    assert.equal(await near.commit([put('e3')]), 2)

    await between.mend()
    assert.equal((await heard(far, 1)).revision, 2)
    await until('no trouble', () => far.trouble!() === undefined)
    assert.equal(await far.commit([put('e2')]), 3)
    assert.equal(troubles.at(-1), undefined)
    await between.cut()
    await far.close()
  })

  it('is not there at the start: the reason is one line without user or password', async t => {
    const { way, url } = await fresh(t)
    const closed = new URL((await way(false)).url)
    closed.username = 'somebody'
    closed.password = 'planted'
    const open = (url: string) => openPostgres({ url, keyring })
    await assert.rejects(open(closed.href), (error: Error) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.match(error.message, /^PostgreSQL at 127\.0\.0\.1:\d+\/\w+: connect ECONNREFUSED/)
      return !/planted|somebody|\n/.test(error.message)
    })
    const wrong = new URL(url)
    wrong.password = 'planted'
    await assert.rejects(open(wrong.href), (error: Error) => {
      assert.match(error.message, /password authentication failed/)
      return error instanceof StoreUnavailable && !/planted/.test(`${error.stack} ${JSON.stringify(error.cause)}`)
    })
    wrong.password = new URL(url).password
    wrong.pathname = '/no_such_database'
    await assert.rejects(open(wrong.href), /database "no_such_database" does not exist/)
  })

  it('says nothing any more: that is noticed too', async t => {
    const { node, way } = await fresh(t)
    const between = await way()
    const store = await node({ url: between.url, pollMs: 50, silenceMs: 500 })
    await store.commit([put('e1')])
    between.stalled = true
    await assert.rejects(store.commit([put('e2')]), StoreUnavailable)
    await until('trouble', () => /no answer within 0\.5 s/.test(store.trouble!() ?? ''))
    between.stalled = false
    await until('no trouble', () => store.trouble!() === undefined)
    assert.equal(await store.commit([put('e2')]), 2)
    between.stalled = true
    const began = performance.now()
    await store.close()
    assert.ok(performance.now() - began < 3_000)
  })

  it('ends all connections, as a restart does: the next commits go through', async t => {
    const { node, query, url } = await fresh(t)
    const named = new URL(url)
    // Others may be using the same server.
    named.searchParams.set('application_name', 'to be ended')
    const store = await node({ url: named.href })
    for (const id of ['e1', 'e2', 'e3']) {
      const ended = await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'to be ended'`)
      assert.ok(ended.length > 0)
      await delay(100)
      assert.ok((await store.commit([put(id)])) > 0)
    }
    await until('no trouble', () => store.trouble!() === undefined)
  })

  const commit = Buffer.from('commit\0')
  it('before COMMIT has reached it: nothing was stored, and the writer is told so', async t => {
    const { node, way } = await fresh(t)
    const between = await way()
    const store = await node({ url: between.url })
    between.spy = sent => sent.includes(commit)
    const lost = store.commit([put('e1')])
    await until('the cut', () => store.trouble!() !== undefined)
    between.spy = undefined
    await between.mend()
    await assert.rejects(
      lost,
      (error: Error) => error instanceof StoreUnavailable && !(error instanceof StoreUncertain),
    )
    assert.deepEqual(await store.list('environment'), [])
  })

  it('after COMMIT has reached it: the writer learns that everything was stored', async t => {
    const { node, way } = await fresh(t)
    const between = await way()
    const store = await node({ url: between.url })
    between.spyBack = sent => sent.includes('COMMIT\0')
    const acknowledged = store.commit([put('e1')])
    await until('the cut', () => store.trouble!() !== undefined)
    between.spyBack = undefined
    await between.mend()
    assert.equal(await acknowledged, 1)
    assert.equal((await store.list('environment')).length, 1)
  })

  it('for longer: the writer is told that nobody knows', async t => {
    const { node, way } = await fresh(t)
    const between = await way()
    const store = await node({ url: between.url })
    between.spyBack = sent => sent.includes('COMMIT\0')
    await assert.rejects(store.commit([put('e1')]), StoreUncertain)
    between.spyBack = undefined
    await between.mend()
    assert.equal((await heard(store, 0)).revision, 1)
  })
})

describe('a database', { skip: withoutPostgres }, () => {
  it('of a newer version is refused in one line and left as it is', async t => {
    const { node, query } = await fresh(t)
    await (await node()).close()
    await query(`UPDATE meta SET value = '99' WHERE key = 'schema_version'`)
    await assert.rejects(node(), (error: Error) => {
      return error instanceof NewerData && /schema version 99/.test(error.message) && !/\n/.test(error.message)
    })
    assert.deepEqual(await query(`SELECT value FROM meta WHERE key = 'schema_version'`), [{ value: '99' }])
  })

  const foreign: [title: string, statement: string][] = [
    ['with documents of somebody else', 'CREATE TABLE documents (id int)'],
    ['with a meta table of somebody else', 'CREATE TABLE meta (id int)'],
    ['without a version', 'CREATE TABLE meta (key text, value text); CREATE TABLE documents (x int)'],
  ]
  for (const [title, statement] of foreign) {
    it(`${title} is refused and left as it is`, async t => {
      const { node, query } = await fresh(t)
      await query(statement)
      const tables = `SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() ORDER BY 1, 2`
      const before = await query(tables)
      await assert.rejects(node(), StoreDamaged)
      assert.deepEqual(await query(tables), before)
    })
  }

  it('may hold other tables beside Pailou’s', async t => {
    const { node, query } = await fresh(t)
    await query('CREATE TABLE shopping (item text)')
    assert.equal(await (await node()).commit([put('e1')]), 1)
  })

  it('never holds a secret in clear', async t => {
    const { node, query } = await fresh(t)
    const store = await node()
    const common = { id: 'a1', instanceId: 'i1', name: 'app', remark: '', key: 'k', createdAt: 1, updatedAt: 1 }
    const code = { id: 'c1', instanceId: 'i1', appId: 'a1', code: secret('planted-code'), createdAt: 1 }
    await store.commit([
      { verb: 'put', kind: 'app', document: { ...common, secret: secret('planted-secret') }, expect: 0 },
      { verb: 'put', kind: 'app-code', document: code, expect: 0 },
    ])
    const text = JSON.stringify(await query('SELECT * FROM documents'))
    assert.ok(text.includes('"a1'))
    for (const planted of ['planted-secret', 'planted-code']) {
      for (const form of [planted, Buffer.from(planted).toString('base64'), Buffer.from(planted).toString('hex')]) {
        assert.ok(!text.includes(form))
      }
    }
    assert.equal((await store.get('app', 'a1'))?.document.secret.secret, 'planted-secret')
  })
})
