import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Client } from './exchange.ts'

export interface ListenOptions {
  readonly host: string
  /** -1 turns the listener off; 0 lets the system choose. */
  readonly port: number
  /** Several threads share the port, and the kernel spreads the connections over them. */
  readonly reusePort: boolean
}

export interface TlsMaterial {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

/** A connection that is ready for its first request. */
export type Accept = (socket: Socket, client: Client) => void

/**
 * Half-open on purpose: a caller who has said his last word still gets his answer.
 * The backlog is what bursts of new connections wait in; the system's own limit caps it.
 */
const common = { allowHalfOpen: true, noDelay: true } as const
const backlog = 4096

export async function listenPlain(options: ListenOptions, accept: Accept): Promise<Server> {
  const server = createServer(common, socket => accept(socket, clientOf(socket, 'http')))
  return listen(server, options)
}

export async function listenTls(options: ListenOptions, material: TlsMaterial, accept: Accept): Promise<Server> {
  const server = createTlsServer(
    { ...common, ...material, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], handshakeTimeout: 10_000 },
    socket => accept(socket, clientOf(socket, 'https')),
  )
  // A peer that fails at the handshake has said nothing yet that could be answered.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return listen(server, options)
}

function clientOf(socket: Socket, scheme: 'http' | 'https'): Client {
  const remote = socket.remoteAddress ?? 'unknown'
  const address = remote.startsWith('::ffff:') ? remote.slice(7) : remote
  const port = socket.localPort ?? 0
  const forwardedLines = `X-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Port: ${port}\r\nX-Real-IP: ${address}\r\n`
  return { address, scheme, port, forwardedLines }
}

function listen(server: Server, { host, port, reusePort }: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort, backlog }, () => {
      server.removeListener('error', reject)
      // Running out of file descriptors, say: the connection is lost, the listener is not.
      server.on('error', () => {})
      resolve(server)
    })
  })
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
