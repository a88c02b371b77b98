import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { type Dialect, SqliteDialect, type SqliteStatement } from 'kysely'

/** Kysely's SQLite dialect over the SQLite that Node brings along. */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql): SqliteStatement {
        const statement = database.prepare(sql)
        return {
          reader: statement.columns().length > 0,
          all: parameters => statement.all(...parameters.map(value)),
          run: parameters => statement.run(...parameters.map(value)),
          iterate: parameters => statement.iterate(...parameters.map(value)),
        }
      },
    },
  })
}

function value(parameter: unknown): SQLInputValue {
  return typeof parameter === 'boolean' ? Number(parameter) : (parameter as SQLInputValue)
}
