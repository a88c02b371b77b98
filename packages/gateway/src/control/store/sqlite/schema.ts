import type { DatabaseSync } from 'node:sqlite'

/** The tables as Kysely sees them. */
export interface Tables {
  documents: {
    kind: string
    id: string
    unique_key: string | null
    second_key: string | null
    /** The revision of the commit that wrote the row. */
    revision: number
    /** JSON, secrets sealed. */
    body: string
  }
  meta: { key: string; value: string }
}

/** Each line takes the schema one version further. Lines are added at the end and never changed. */
const migrations: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE documents (
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     unique_key TEXT,
     second_key TEXT,
     revision INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (kind, id)
   ) STRICT;
   CREATE UNIQUE INDEX documents_unique_key ON documents (kind, unique_key);
   CREATE UNIQUE INDEX documents_second_key ON documents (kind, second_key);
   INSERT INTO meta VALUES ('revision', '0');`,
]

export const schemaVersion = migrations.length

/** Brings an open database from `version` (0: empty) to the newest, in one transaction. */
export function migrate(database: DatabaseSync, version: number): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of migrations.slice(version)) database.exec(step)
    database.prepare(`INSERT OR REPLACE INTO meta VALUES ('schema_version', ?)`).run(String(schemaVersion))
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
