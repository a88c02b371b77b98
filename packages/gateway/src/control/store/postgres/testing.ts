import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { hexId } from '../../../base/ids.ts'

/** For tests that need a real server. Set it to the URL of a database in which schemas may be made. */
const variable = 'PAILOU_TEST_POSTGRES_URL'
const base = process.env[variable]

/** The reason to skip, false when there is a server. */
export const withoutPostgres: string | false = base
  ? false
  : `${variable} is not set: it names a PostgreSQL database for tests, as postgres://user:password@127.0.0.1:5432/postgres`

export interface TestSchema {
  /** Leads into a schema of its own, empty at first. */
  readonly url: string
  readonly schema: string
  /** Runs SQL in it. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  drop(): Promise<void>
}

export async function testSchema(): Promise<TestSchema> {
  const schema = `test_${hexId()}`
  const url = new URL(base!)
  url.searchParams.set('options', `-c search_path=${schema}`)
  async function query(text: string, values: readonly unknown[] = []) {
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }
  await query(`CREATE SCHEMA ${schema}`)
  return { url: url.href, schema, query, drop: async () => void (await query(`DROP SCHEMA ${schema} CASCADE`)) }
}

/** A way to the server that can be cut: a proxy in front of it. */
export interface Way {
  /** As the given URL, but over this way. */
  readonly url: string
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>
  /** Lets connections through again, at the same port. */
  mend(): Promise<void>
  /** While it is true, everything that is sent on this way is lost, in silence. */
  stalled: boolean
  /** Called with what the client sends; `true` cuts the way before it is passed on. */
  spy: ((sent: Buffer) => boolean) | undefined
  /** Called with what the server sends; `true` cuts the way before it is passed on. */
  spyBack: ((sent: Buffer) => boolean) | undefined
}

/** `open: false` begins cut. The way is gone with `close`. */
export async function wayTo(url: string, { open = true } = {}): Promise<Way & { close(): Promise<void> }> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0
  const way: Way & { close(): Promise<void> } = {
    get url() {
      const over = new URL(url)
      over.hostname = '127.0.0.1'
      over.port = String(port)
      return over.href
    },
    stalled: false,
    spy: undefined,
    spyBack: undefined,
    async cut() {
      if (server === undefined) return
      const closed = once(server, 'close')
      server.close()
      server = undefined
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
    async mend() {
      server = createServer(socket => {
        const onward = connect(Number(target.port || 5432), target.hostname)
        for (const each of [socket, onward]) {
          sockets.add(each)
          each.on('error', () => undefined)
          each.on('close', () => {
            sockets.delete(each)
            socket.destroy()
            onward.destroy()
          })
        }
        socket.on('data', (sent: Buffer) => {
          if (way.spy?.(sent)) void way.cut()
          else if (!way.stalled) onward.write(sent)
        })
        onward.on('data', (sent: Buffer) => {
          if (way.spyBack?.(sent)) void way.cut()
          else if (!way.stalled) socket.write(sent)
        })
      })
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
    },
    close: () => way.cut(),
  }
  await way.mend()
  if (!open) await way.cut()
  return way
}
