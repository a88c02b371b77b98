import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
import { incomplete, serverNameIn } from './client-hello.ts'
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

export interface DoorMaterial {
  /** PEM. Several: one for each algorithm, in the same order. */
  readonly key: string | string[]
  readonly cert: string | string[]
  /** PEM. Clients are asked for a certificate that one of these has issued. Absent: they are not asked for any. */
  readonly clientAuthority?: string
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

/** Who does the handshakes for the name that a client asks for in its greeting; `undefined`: who does those of all others. */
export type DoorFor = (serverName: string) => TlsServer | undefined

/** Does handshakes with one certificate (or one of each algorithm), and listens to nothing: connections are given to it. */
export function openDoor({ key, cert, clientAuthority }: DoorMaterial, accept: Accept): TlsServer {
  const asking =
    // Who has none, or a wrong one, is told so in HTTP, when it is known what he called.
    clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: false }
  const door = createTlsServer(
    {
      ...common,
      ...asking,
      key,
      cert,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: greetingMs,
    },
    socket => {
      socket.ref()
      // There are handshakes that count as authorized without any certificate, by a key agreed before.
      const verified =
        clientAuthority !== undefined && socket.authorized && socket.getPeerX509Certificate() !== undefined
      accept(socket, clientOf(socket, 'https', verified ? clientAuthority : undefined))
    },
  )
  // A peer that fails at the handshake has said nothing yet that could be answered.
  door.on('tlsClientError', (_error, socket) => socket.destroy())
  return door
}

/**
 * The TLS port. The first byte tells whether a peer speaks TLS at all: who speaks plain HTTP to it gets an answer that he
 * can read, by way of `plaintext`, instead of a connection that just ends. Who speaks TLS is led by the name in its
 * greeting to the door that has the certificate for it.
 */
export async function listenTls(
  options: ListenOptions,
  material: TlsMaterial,
  accept: Accept,
  plaintext: Accept,
  doorFor: DoorFor = () => undefined,
): Promise<Server> {
  const standard = openDoor(material, accept)
  const server = createServer(common, socket => {
    // Who has not got through the handshake has no call under way, and keeps no thread that is going down.
    socket.unref()
    const drop = () => socket.destroy()
    let greeting: Buffer | undefined
    let deadline: NodeJS.Timeout | undefined
    const listening = (chunk: Buffer) => {
      greeting = greeting === undefined ? chunk : Buffer.concat([greeting, chunk])
      const speaksTls = greeting[0] === handshakeRecord
      const name = speaksTls ? serverNameIn(greeting) : undefined
      if (name === incomplete) {
        // However slowly it goes on.
        deadline ??= setTimeout(drop, greetingMs).unref()
        return
      }
      socket.pause()
      clearTimeout(deadline)
      socket.setTimeout(0)
      socket.removeListener('data', listening)
      for (const event of ['timeout', 'error', 'end']) socket.removeListener(event, drop)
      if (speaksTls) {
        socket.unshift(greeting)
        const door = (name === undefined ? undefined : doorFor(name)) ?? standard
        door.emit('connection', socket)
      } else {
        socket.ref()
        plaintext(socket, clientOf(socket, 'http'))
      }
    }
    socket.setTimeout(greetingMs, drop)
    socket.on('error', drop)
    socket.once('end', drop)
    socket.on('data', listening)
  })
  return listen(server, options)
}

function clientOf(socket: Socket, scheme: 'http' | 'https', verifiedBy?: string): Client {
  const remote = socket.remoteAddress ?? 'unknown'
  const address = remote.startsWith('::ffff:') ? remote.slice(7) : remote
  const port = socket.localPort ?? 0
  const forwardedLines = `X-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Port: ${port}\r\nX-Real-IP: ${address}\r\n`
  return { address, scheme, port, forwardedLines, verifiedBy }
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
