import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsMaterial } from '../listeners.ts'
import { readRequests, type Message } from './messages.ts'

/** A connection that the gateway opened, with every byte that came over it. */
export interface Recorded {
  readonly number: number
  readonly socket: Socket
  readonly pieces: Buffer[]
  readonly requests: Message[]
  closed: boolean
  /** The beginning of a request that has not come whole. */
  rest: Buffer
}

export interface Behaviour {
  /** What to do with a request that has come whole. Default: 200 with its body, or `ok`. */
  request?(connection: Recorded, request: Message): void
  /** Called with each piece, before it is looked at. True: leave the requests in it unanswered. */
  bytes?(connection: Recorded, piece: Buffer): boolean | void
  opened?(connection: Recorded): void
}

export const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A backend on a raw socket: it notes every byte, and answers what the test says. */
export class Recorder {
  readonly connections: Recorded[] = []
  behaviour: Behaviour
  private readonly server: Server

  private constructor(server: Server, behaviour: Behaviour) {
    this.server = server
    this.behaviour = behaviour
  }

  static async start(behaviour: Behaviour = {}, tls?: TlsMaterial): Promise<Recorder> {
    const take = (socket: Socket) => recorder.opened(socket)
    const options = { noDelay: true, allowHalfOpen: true }
    const server = tls === undefined ? createServer(options, take) : createTlsServer({ ...options, ...tls }, take)
    server.on('tlsClientError', () => {})
    const recorder = new Recorder(server, behaviour)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return recorder
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Every byte that came, over all connections. */
  get bytes(): Buffer {
    return Buffer.concat(this.connections.flatMap(({ pieces }) => pieces))
  }

  /** Every request that came whole. */
  get requests(): Message[] {
    return this.connections.flatMap(({ requests }) => requests)
  }

  /** Forgets what came so far. */
  clear(): void {
    for (let i = this.connections.length - 1; i >= 0; i--) {
      const connection = this.connections[i]!
      if (connection.closed) this.connections.splice(i, 1)
      connection.pieces.length = connection.requests.length = 0
      connection.rest = Buffer.alloc(0)
    }
  }

  private opened(socket: Socket): void {
    const number = this.connections.length
    const connection: Recorded = { number, socket, pieces: [], requests: [], closed: false, rest: Buffer.alloc(0) }
    this.connections.push(connection)
    socket.on('error', () => {})
    socket.on('close', () => (connection.closed = true))
    socket.on('end', () => socket.end())
    socket.on('data', (piece: Buffer) => {
      connection.pieces.push(piece)
      if (this.behaviour.bytes?.(connection, piece) === true) return
      const all = Buffer.concat([connection.rest, piece])
      const { messages, end } = readRequests(all)
      connection.rest = all.subarray(end)
      for (const request of messages) {
        connection.requests.push(request)
        this.answer(connection, request)
      }
    })
    this.behaviour.opened?.(connection)
  }

  private answer(connection: Recorded, request: Message): void {
    if (this.behaviour.request !== undefined) this.behaviour.request(connection, request)
    else {
      const body = request.body.length > 0 ? request.body : Buffer.from('ok')
      const none = request.start.startsWith('HEAD ')
      connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      if (!none) connection.socket.write(body)
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }
}
