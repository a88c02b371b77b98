import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type SecureContext } from 'node:tls'
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

/** Who does not greet within this time, in TLS, is not waited for. */
const greetingMs = 10_000
const handshakeRecord = 22

/** The certificate for the name that a client asks for in its greeting; `undefined`: the default one. */
export type ContextFor = (serverName: string) => SecureContext | undefined

/**
 * The TLS port. The first byte tells whether a peer speaks TLS at all: who speaks plain HTTP to it gets an answer that he
 * can read, by way of `plaintext`, instead of a connection that just ends.
 */
export async function listenTls(
  options: ListenOptions,
  material: TlsMaterial,
  accept: Accept,
  plaintext: Accept,
  contextFor: ContextFor = () => undefined,
): Promise<Server> {
  const tls = createTlsServer(
    {
      ...common,
      ...material,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: greetingMs,
      SNICallback: (name, done) => done(null, contextFor(name)),
    },
    socket => accept(socket, clientOf(socket, 'https')),
  )
  // A peer that fails at the handshake has said nothing yet that could be answered.
  tls.on('tlsClientError', (_error, socket) => socket.destroy())
  const server = createServer(common, socket => {
    const drop = () => socket.destroy()
    socket.setTimeout(greetingMs, drop)
    socket.on('error', drop)
    socket.once('end', drop)
    socket.once('data', (chunk: Buffer) => {
      socket.pause()
      socket.setTimeout(0)
      for (const event of ['timeout', 'error', 'end']) socket.removeListener(event, drop)
      if (chunk[0] === handshakeRecord) {
        socket.unshift(chunk)
        tls.emit('connection', socket)
      } else plaintext(socket, clientOf(socket, 'http'))
    })
  })
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
