import type { Server, Socket } from 'node:net'
import { errorMessage, errors } from '@pailou/contract/errors'
import { systemClock, type Clock } from '../base/clock.ts'
import { hexId } from '../base/ids.ts'
import type { RefusalRecord } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import { Certificates } from './certificates.ts'
import type { Counters } from './counters/counters.ts'
import { LocalCounters } from './counters/local.ts'
import { createTable } from './counters/shared-table.ts'
import { refuse, type Answer, type Awaitable, type Client, type Refusal } from './exchange.ts'
import { assemble, type Gateway } from './gateway.ts'
import { ClientConnection } from './http1/client-connection.ts'
import { connectionLimits, type ConnectionLimits, type Host, type HostedConnection } from './http1/connection-host.ts'
import type { Visit } from './http1/visit.ts'
import { Upstreams } from './http1/upstream.ts'
import { httpDate } from './http-date.ts'
import { refusalText } from './reply/texts.ts'
import { answerTo } from './request-path.ts'
import { Tally } from './tally.ts'
import { Wheel } from './wheel.ts'

export interface TrafficOptions {
  readonly clock?: Clock
  readonly limits?: Partial<ConnectionLimits>
  /** Default: counters of its own, which nobody shares. */
  readonly counters?: Counters
  /** Told once for each refused request. */
  readonly refused: (record: RefusalRecord) => void
}

/** One thread's data plane: what stands while snapshots and connections come and go. */
export class Traffic implements Host {
  readonly wheel: Wheel
  readonly limits: ConnectionLimits
  readonly tally = new Tally()
  draining = false
  requests = 0
  refusals = 0
  readonly certificates = new Certificates((socket, client) => this.accept(socket, client))
  private gateway: Gateway | undefined
  private readonly upstreams: Upstreams
  private readonly counters: Counters
  private readonly connections = new Set<HostedConnection>()
  private readonly tell: (record: RefusalRecord) => void
  private whenEmpty: (() => void) | undefined

  constructor(options: TrafficOptions) {
    this.wheel = new Wheel(options.clock ?? systemClock)
    this.wheel.start()
    this.limits = { ...connectionLimits, ...options.limits }
    this.upstreams = new Upstreams(this.wheel)
    this.counters = options.counters ?? new LocalCounters(createTable())
    this.tell = options.refused
  }

  /** Who is under way keeps the gateway he began with. */
  adopt(snapshot: Snapshot): void {
    const gateway = assemble(snapshot, this.upstreams, this.counters, this.tally)
    this.certificates.adopt(snapshot.certificates ?? [])
    this.gateway = gateway
  }

  get revision(): number {
    return this.gateway?.revision ?? -1
  }

  get connectionCount(): number {
    return this.connections.size
  }

  accept(socket: Socket, client: Client): void {
    if (socket.destroyed) return
    const connection = new ClientConnection(socket, client, this)
    if (this.draining) connection.drain()
  }

  /** Somebody speaks HTTP where TLS is spoken. */
  refusePlaintext(socket: Socket, client: Client): void {
    this.requests++
    const requestId = hexId()
    const refusal = refuse('0201/400', { check: 'plaintext on the TLS port' })
    this.refused(refusal, requestId, client, undefined)
    this.answered(undefined, errors[refusal.row].status)
    socket.on('error', () => socket.destroy())
    socket.on('data', () => {})
    socket.on('end', () => socket.destroy())
    socket.setTimeout(this.limits.lingerMs, () => socket.destroy())
    const date = httpDate(this.wheel.touch())
    socket.end(refusalText(refusal, { requestId, date, head: false, connection: 'close' }), 'latin1')
    socket.resume()
  }

  unavailable(): Refusal | undefined {
    this.requests++
    return this.gateway === undefined ? refuse('0606', { check: 'snapshot', found: 'none has been loaded' }) : undefined
  }

  answer(visit: Visit): Awaitable<Answer> {
    return answerTo(visit, this.gateway!)
  }

  refused(refusal: Refusal, requestId: string, client: Client, visit: Visit | undefined, status?: number): void {
    this.refusals++
    const tally = visit?.tally ?? this.tally.elsewhere
    tally.refused(refusal.row)
    this.tell(recordOf(refusal, requestId, client, visit, this.wheel.now, status))
  }

  answered(visit: Visit | undefined, status: number): void {
    if (visit === undefined) this.tally.elsewhere.answered(status, 0)
    else (visit.tally ?? this.tally.elsewhere).answered(status, Math.max(0, this.wheel.now - visit.at))
  }

  opened(connection: HostedConnection): void {
    this.connections.add(connection)
  }

  closed(connection: HostedConnection): void {
    this.connections.delete(connection)
    if (this.connections.size === 0) this.whenEmpty?.()
  }

  /** Takes no more connections, lets what is under way finish, and ends what has not by then. */
  async drain(servers: readonly Server[], withinMs: number): Promise<void> {
    this.draining = true
    for (const server of servers) server.close()
    for (const connection of this.connections) connection.drain()
    if (this.connections.size > 0) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, withinMs)
        this.whenEmpty = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    for (const connection of this.connections) connection.destroy()
    this.upstreams.closeIdle()
    this.wheel.stop()
  }
}

function recordOf(
  refusal: Refusal,
  requestId: string,
  client: Client,
  visit: Visit | undefined,
  now: number,
  sent?: number,
): RefusalRecord {
  const { row, evidence, supported } = refusal
  const { status, fault } = errors[row]
  const known =
    visit === undefined
      ? {}
      : { method: visit.head.method, host: visit.host.slice(0, 256), path: visit.target.path.slice(0, 2048) }
  // The route is there only once the road has come so far.
  const route = visit?.route as Visit['route'] | undefined
  const api =
    route === undefined ? {} : { apiId: route.apiId, apiName: route.apiName, environment: route.environment.name }
  const app = visit?.caller.kind === 'app' ? { appId: visit.caller.id } : {}
  return {
    requestId,
    at: visit?.at ?? now,
    row,
    status: sent ?? status,
    message: errorMessage(row, supported === undefined ? {} : { xxx: supported }),
    fault,
    evidence,
    scheme: client.scheme,
    client: client.address,
    ...known,
    ...api,
    ...app,
  }
}
