import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, ClientConfig, Pool } from 'pg'

export interface Connections {
  /** The server and database in words, without user and password. */
  readonly place: string
  readonly pool: Pool
  /** A connection that belongs to nobody else, not connected yet. */
  readonly single: () => Client
}

/**
 * Loads the driver: whoever stays with SQLite never does.
 * @param silenceMs Of a server that says nothing for so long we believe that it is not there.
 */
export async function connectionsTo(url: string, silenceMs: number): Promise<Connections> {
  const { Client, Pool } = await import('pg')
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'pailou',
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    // Whatever takes longer is answered by its end, not by silence.
    statement_timeout: Math.max(silenceMs - 2_000, 1_000),
    lock_timeout: 8_000,
    // The lock of a node that has vanished in the middle of a commit must not stop the others.
    idle_in_transaction_session_timeout: 5_000,
    stream: () => impatientSocket(silenceMs),
  }
  // Writes come one at a time; a few more for whoever reads meanwhile.
  const pool = new Pool({ ...config, max: 4, idleTimeoutMillis: 10_000 })
  // A lost connection is noticed where it is used. Without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))
  return { place: placeOf(url), pool, single: () => new Client(config) }
}

/** A farewell takes no time, unless nobody is there to hear it. Whoever stops does not wait for that. */
export async function farewell(ending: Promise<unknown>): Promise<void> {
  const enough = new AbortController()
  await Promise.race([ending.catch(() => undefined), delay(1_000, undefined, { signal: enough.signal })])
  enough.abort()
}

function impatientSocket(silenceMs: number): Socket {
  const socket = new Socket()
  return socket.setTimeout(silenceMs, () => socket.destroy(new Error(`no answer within ${silenceMs / 1000} s`)))
}

/** `PostgreSQL at db.example:5432/pailou` */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `PostgreSQL at ${searchParams.get('host') ?? hostname}:${port || '5432'}${pathname}`
}
