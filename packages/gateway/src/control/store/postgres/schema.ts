import { type Kysely, sql, type Transaction } from 'kysely'
import { type Keyring, KeyringError } from '../../keyring.ts'
import { NewerData, StoreDamaged } from '../config-store.ts'

/** The tables as Kysely sees them. Revisions come as text, because they may be larger than a 32-bit number. */
export interface Tables {
  documents: {
    kind: string
    id: string
    unique_key: string | null
    second_key: string | null
    /** The revision of the commit that wrote the row. */
    revision: string
    /** JSON, secrets sealed. */
    body: string
  }
  meta: { key: string; value: string }
}

/** Each list takes the schema one version further. Lists are added at the end and never changed. */
const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL)`,
    // Ids are ordered by their bytes, whatever the database's language is.
    `CREATE TABLE documents (
       kind text COLLATE "C" NOT NULL,
       id text COLLATE "C" NOT NULL,
       unique_key text COLLATE "C",
       second_key text COLLATE "C",
       revision bigint NOT NULL,
       body text NOT NULL,
       PRIMARY KEY (kind, id)
     )`,
    `CREATE UNIQUE INDEX documents_unique_key ON documents (kind, unique_key)`,
    `CREATE UNIQUE INDEX documents_second_key ON documents (kind, second_key)`,
    `INSERT INTO meta VALUES ('revision', '0')`,
  ],
]

export const schemaVersion = migrations.length

/** Any number: nodes that start at the same time wait here for each other. */
const turnstile = 7_025_061_118

/**
 * Brings the tables to the newest version, in one transaction, and says in which schema of the database they stand.
 * Throws NewerData, StoreDamaged when they are not Pailou's, and KeyringError when another master key has sealed what
 * they hold; then nothing has been changed.
 */
export function prepare(db: Kysely<Tables>, place: string, keyring: Keyring): Promise<string> {
  return db.transaction().execute(async transaction => {
    await sql`SELECT pg_advisory_xact_lock(${turnstile}::bigint)`.execute(transaction)
    const { schema, tables } = await tablesIn(transaction)
    const found = tables.length === 0 ? new Map<string, string>() : await metaIn(transaction, place, tables)
    const version = Number(found.get('schema_version') ?? 0)
    if (version > schemaVersion) throw newer(place, version)
    const keyId = found.get('key_id')
    if (keyId !== undefined && keyId !== keyring.keyId) throw otherNodesKey(place, keyId, keyring.keyId)
    for (const statement of migrations.slice(version).flat()) await sql.raw(statement).execute(transaction)
    if (version !== schemaVersion) await keep(transaction, 'schema_version', String(schemaVersion))
    if (keyId === undefined) await keep(transaction, 'key_id', keyring.keyId)
    return schema
  })
}

export function newer(place: string, version: number): NewerData {
  return new NewerData(
    `${place} has schema version ${version}, this Pailou knows ${schemaVersion}: use the newer Pailou that wrote it, or another database`,
  )
}

function otherNodesKey(place: string, sealedWith: string, here: string): KeyringError {
  return new KeyringError(
    `${place} is sealed with master key ${sealedWith}, but the master key here is ${here}: all nodes of one database need the same PAILOU_MASTER_KEY`,
  )
}

async function tablesIn(transaction: Transaction<Tables>): Promise<{ schema: string; tables: readonly string[] }> {
  const { rows } = await sql<{ schema: string | null; tables: readonly string[] }>`
    SELECT current_schema() AS schema, array(
      SELECT tablename::text FROM pg_tables
      WHERE schemaname = current_schema() AND tablename IN ('meta', 'documents')
    ) AS tables`.execute(transaction)
  const { schema, tables } = rows[0]!
  // Without one, the first CREATE TABLE says what is wrong.
  return { schema: schema ?? '', tables }
}

async function metaIn(
  transaction: Transaction<Tables>,
  place: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ column_name: string }>`
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = 'meta' ORDER BY 1`.execute(transaction)
  const columns = rows.map(row => row.column_name).join(' ')
  if (tables.length !== 2 || columns !== 'key value') {
    throw new StoreDamaged(`${place} holds tables that are called as Pailou's and are not: use another database`)
  }
  const meta = new Map((await transaction.selectFrom('meta').selectAll().execute()).map(row => [row.key, row.value]))
  const version = Number(meta.get('schema_version'))
  if (!Number.isInteger(version) || version < 1) {
    throw new StoreDamaged(`${place} does not say which schema version it has`)
  }
  return meta
}

async function keep(transaction: Transaction<Tables>, key: string, value: string): Promise<void> {
  await transaction
    .insertInto('meta')
    .values({ key, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
