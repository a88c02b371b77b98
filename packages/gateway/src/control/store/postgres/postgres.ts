import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { DocumentKind } from '../../documents/documents.ts'
import type { Keyring } from '../../keyring.ts'
import { changedId, refuseRepeats, refuseUnseen } from '../changes.ts'
import { decode, encode } from '../codec.ts'
import {
  type Change,
  type ConfigStore,
  StoreConflict,
  type Stored,
  StoreUnavailable,
  StoreUncertain,
} from '../config-store.ts'
import { RevisionFeed } from '../revision-feed.ts'
import { uniqueKeys } from '../unique-keys.ts'
import { connectionsTo, farewell } from './connections.ts'
import { translated } from './faults.ts'
import { newer, prepare, schemaVersion, type Tables } from './schema.ts'
import { channel, Watch } from './watch.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; the tables stand in the first schema of its search path. */
  readonly url: string
  /** The same on all nodes. */
  readonly keyring: Keyring
  /** Told when the server is lost, with the reason, and when it is back, with undefined. */
  readonly changed?: (trouble: string | undefined) => void
  /** Milliseconds between two looks at the revision, behind the notifications. 2000 unless given. */
  readonly pollMs?: number
  /** Milliseconds before a lost server is tried again. 500 unless given. */
  readonly retryMs?: number
  /** Milliseconds after which a silent server is taken for lost. 12000 unless given; more than `pollMs`. */
  readonly silenceMs?: number
}

/**
 * The store that several nodes share. What any of them commits, all of them follow. Throws StoreUnavailable while the
 * server cannot be reached, NewerData, StoreDamaged, and KeyringError when another master key has sealed the data.
 */
export async function openPostgres(options: PostgresOptions): Promise<ConfigStore> {
  const { url, keyring, changed = () => undefined, pollMs = 2_000, retryMs = 500, silenceMs = 12_000 } = options
  const { place, pool, single } = await connectionsTo(url, silenceMs)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let schema: string
  let feed: RevisionFeed
  try {
    schema = await prepare(db, place, keyring)
    feed = new RevisionFeed(await revisionIn(db))
  } catch (error) {
    await db.destroy()
    throw translated(error, place)
  }
  const watch = new Watch({ connect: single, place, schema, feed, changed, pollMs, retryMs })
  let open = true

  async function asking<R>(ask: () => Promise<R>): Promise<R> {
    if (!open) throw new StoreUnavailable(`${place} is closed`)
    try {
      return await ask()
    } catch (error) {
      throw translated(error, place)
    }
  }

  const storedFrom = <K extends DocumentKind>(kind: K, { id, revision, body }: Row): Stored<K> => {
    return { kind, id, revision: Number(revision), document: decode(kind, id, body, keyring) }
  }

  return {
    get: (kind, id) =>
      asking(async () => {
        const row = await rowsOf(db, kind).where('id', '=', id).executeTakeFirst()
        return row && storedFrom(kind, row)
      }),

    list: (kind, { after = '', limit } = {}) =>
      asking(async () => {
        const query = rowsOf(db, kind).where('id', '>', after).orderBy('id')
        const rows = await (limit === undefined ? query : query.limit(limit)).execute()
        return rows.map(row => storedFrom(kind, row))
      }),

    async commit(changes, seen) {
      refuseRepeats(changes)
      if (changes.length === 0) return asking(() => revisionIn(db))
      // Where a connection would only be waited for, many writers would wait for each other too.
      if (watch.lost) throw new StoreUnavailable(watch.trouble)
      const rows = changes.filter(change => change.verb === 'put').map(change => rowOf(change, keyring))
      const revision = await asking(() => commit(db, place, schema, { changes, rows, seen }))
      feed.announce(revision)
      return revision
    },

    follow: (since, signal) => feed.follow(since, signal),

    readAll: since =>
      asking(async () => {
        const { revision, rows } = await readAll(db, place, since)
        const stored = rows.map(({ kind, id, revision, body }) =>
          body === null ? { kind, id, revision: Number(revision) } : storedFrom(kind, { id, revision, body }),
        )
        return { revision, stored }
      }),

    async turn(work) {
      if (watch.lost) throw new StoreUnavailable(watch.trouble)
      const { newest, end } = await asking(() => beginTurn(pool, schema))
      try {
        return await work(newest)
      } finally {
        await end()
      }
    },

    trouble: () => watch.trouble,

    async close() {
      if (!open) return
      open = false
      feed.close()
      await watch.close()
      await farewell(db.destroy())
    },
  }
}

type Row = Pick<Tables['documents'], 'id' | 'revision' | 'body'>

function rowsOf(db: Kysely<Tables>, kind: DocumentKind) {
  return db.selectFrom('documents').select(['id', 'revision', 'body']).where('kind', '=', kind)
}

async function revisionIn(db: Kysely<Tables>): Promise<number> {
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', 'revision').executeTakeFirstOrThrow()
  return Number(value)
}

/** All documents at one revision, the contents of those only that are newer than `since`. */
function readAll(db: Kysely<Tables>, place: string, since: number) {
  const transaction = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return transaction.execute(async transaction => {
    const meta = await transaction.selectFrom('meta').selectAll().execute()
    const valueOf = (key: string) => Number(meta.find(row => row.key === key)?.value)
    refuseNewer(place, valueOf('schema_version'))
    const { rows } = await sql<{ kind: DocumentKind; id: string; revision: string; body: string | null }>`
      SELECT kind, id, revision, CASE WHEN revision > ${since}::bigint THEN body END AS body
      FROM documents`.execute(transaction)
    return { revision: valueOf('revision'), rows }
  })
}

/** A newer node has taken the tables further while this one was running. Waiting for an older one does not help, but nothing is lost. */
function refuseNewer(place: string, version: number): void {
  if (version > schemaVersion) throw new StoreUnavailable(newer(place, version).message)
}

type NewRow = Omit<Tables['documents'], 'revision'>

function rowOf({ kind, document }: Extract<Change, { verb: 'put' }>, keyring: Keyring): NewRow {
  const [first = null, second = null] = uniqueKeys(kind, document as never)
  const body = encode(kind, document as never, keyring)
  return { kind, id: document.id, unique_key: first, second_key: second, body }
}

/**
 * A lock that writers take before they decide, in the order of asking. It lives in a transaction of its own, which the
 * server ends when its node is gone. Nothing false can be stored without it: a commit says what its writer has seen.
 */
async function beginTurn(pool: Pool, schema: string): Promise<{ newest: number; end: () => Promise<void> }> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [turns, schema])
    const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'revision'`)
    const end = () =>
      client.query('COMMIT').then(
        () => client.release(),
        () => client.release(true),
      )
    return { newest: Number(rows[0]?.value), end }
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Any number, by which the lock is known. */
const turns = 702_506_111

interface Writing {
  readonly changes: readonly Change[]
  readonly rows: readonly NewRow[]
  readonly seen: number | undefined
}

interface Written {
  readonly revision: number
  /** The transaction's id, by which the server knows what became of it. */
  readonly transactionId: string
}

async function commit(db: Kysely<Tables>, place: string, schema: string, writing: Writing): Promise<number> {
  let written: Written | undefined
  try {
    await db.transaction().execute(async transaction => {
      written = await write(transaction, place, schema, writing)
    })
    return written!.revision
  } catch (error) {
    const fault = translated(error, place)
    // Lost before COMMIT was sent: the server takes it back by itself.
    if (!(fault instanceof StoreUnavailable) || written === undefined) throw fault
    const outcome = await outcomeOf(db, written.transactionId)
    if (outcome === 'committed') return written.revision
    if (outcome === 'aborted') throw fault
    throw new StoreUncertain(fault.message, { cause: error })
  }
}

/** The connection broke while COMMIT was on its way. Another one may still learn what became of it. */
async function outcomeOf(db: Kysely<Tables>, transactionId: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (attempt > 0) await delay(500)
    try {
      const { rows } = await sql<{ status: string | null }>`
        SELECT pg_xact_status(${transactionId}::xid8) AS status`.execute(db)
      const status = rows[0]?.status
      if (status !== 'in progress') return status ?? undefined
    } catch {
      // Still not reachable: the next attempt may be luckier.
    }
  }
  return undefined
}

async function write(
  transaction: Transaction<Tables>,
  place: string,
  schema: string,
  { changes, rows, seen }: Writing,
): Promise<Written> {
  // This row's lock is what puts the commits of all nodes into one order.
  const { rows: meta } = await sql<{ revision: string; version: string; transaction_id: string }>`
    SELECT value AS revision, pg_current_xact_id()::text AS transaction_id,
      (SELECT value FROM meta WHERE key = 'schema_version') AS version
    FROM meta WHERE key = 'revision' FOR UPDATE`.execute(transaction)
  const { revision: before, version, transaction_id: transactionId } = meta[0]!
  refuseNewer(place, Number(version))
  refuseUnseen(Number(before), seen)
  const revision = Number(before) + 1

  // Everything that is changed goes away first, so that keys are judged by how things stand in the end.
  const { rows: removed } = await sql<{ kind: string; id: string; revision: string }>`
    DELETE FROM documents
    USING unnest(${changes.map(({ kind }) => kind)}::text[], ${changes.map(changedId)}::text[]) AS named (kind, id)
    WHERE documents.kind = named.kind AND documents.id = named.id
    RETURNING documents.kind, documents.id, documents.revision`.execute(transaction)
  const revisions = new Map(removed.map(row => [`${row.kind} ${row.id}`, Number(row.revision)]))
  for (const change of changes) {
    const name = `${change.kind} ${changedId(change)}`
    const found = revisions.get(name) ?? 0
    if (found !== change.expect) throw new StoreConflict(`${name} is at revision ${found}, not ${change.expect}`)
  }
  const column = <C extends keyof NewRow>(name: C) => rows.map(row => row[name])
  await sql`
    INSERT INTO documents (kind, id, unique_key, second_key, revision, body)
    SELECT kind, id, unique_key, second_key, ${revision}::bigint, body
    FROM unnest(
      ${column('kind')}::text[], ${column('id')}::text[], ${column('unique_key')}::text[],
      ${column('second_key')}::text[], ${column('body')}::text[]
    ) AS new (kind, id, unique_key, second_key, body)`.execute(transaction)
  await sql`
    WITH next AS (UPDATE meta SET value = ${String(revision)} WHERE key = 'revision' RETURNING value)
    SELECT pg_notify(${channel}, value || ' ' || ${schema}) FROM next`.execute(transaction)
  return { revision, transactionId }
}
