import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Deadline, type Wheel } from '../wheel.ts'

/** Who uses a connection to a backend at the moment. */
export interface UpstreamUser {
  /** Bytes `0`..`end` of `bytes` have come. False asks for a pause; `resume` ends it. */
  received(bytes: Buffer, end: number): boolean
  /** What was written has gone out; more may follow. */
  drained(): void
  /** The backend has said its last byte. */
  ended(): void
  /** The connection is no more. With an error when that was not the plan. */
  gone(error: Error | undefined): void
  expired(): void
}

const bufferSize = 65_536

/** How long an unused connection is kept. Shorter when the backend says so itself. */
const idleMs = 15_000

const mostIdle = 512

/** All pools of a thread, keyed by what they lead to: they stand while snapshots come and go. */
export class Upstreams {
  private readonly wheel: Wheel
  private readonly pools = new Map<string, Upstream>()

  constructor(wheel: Wheel) {
    this.wheel = wheel
  }

  to(scheme: 'HTTP' | 'HTTPS', host: string, port: number): Upstream {
    const key = `${scheme}://${host}:${port}`
    let upstream = this.pools.get(key)
    if (upstream === undefined) this.pools.set(key, (upstream = new Upstream(this.wheel, scheme, host, port)))
    return upstream
  }

  /** Closes what nobody uses. */
  closeIdle(): void {
    for (const upstream of this.pools.values()) upstream.closeIdle()
  }
}

/** One backend address and the connections to it. The one used last is used next: few stay open and those stay warm. */
export class Upstream {
  readonly scheme: 'HTTP' | 'HTTPS'
  readonly host: string
  readonly port: number
  /** The Host header for it, without a port that goes without saying. */
  readonly authority: string
  readonly wheel: Wheel
  private readonly free: UpstreamConnection[] = []

  constructor(wheel: Wheel, scheme: 'HTTP' | 'HTTPS', host: string, port: number) {
    this.wheel = wheel
    this.scheme = scheme
    this.host = host
    this.port = port
    const name = host.includes(':') ? `[${host}]` : host
    this.authority = port === (scheme === 'HTTP' ? 80 : 443) ? name : `${name}:${port}`
  }

  /** A connection for one exchange: one that is idle, or a new one. `fresh` asks for a new one. */
  take(user: UpstreamUser, fresh: boolean): UpstreamConnection {
    while (!fresh) {
      const connection = this.free.pop()
      if (connection === undefined) break
      if (!connection.usable) continue
      connection.user = user
      connection.reused = true
      return connection
    }
    const connection = new UpstreamConnection(this)
    connection.user = user
    return connection
  }

  give(connection: UpstreamConnection, keepMs: number): void {
    if (!connection.usable || this.free.length >= mostIdle || keepMs <= 0) {
      connection.close()
      return
    }
    connection.user = undefined
    this.wheel.arm(connection.deadline, Math.min(keepMs, idleMs))
    this.free.push(connection)
  }

  forget(connection: UpstreamConnection): void {
    const index = this.free.indexOf(connection)
    if (index !== -1) this.free.splice(index, 1)
  }

  closeIdle(): void {
    for (const connection of this.free.splice(0)) connection.close()
  }
}

/** A connection to a backend. It reads into its own buffer, so that a read allocates nothing. */
export class UpstreamConnection {
  user: UpstreamUser | undefined
  reused = false
  connected = false
  readonly deadline: Deadline
  readonly socket: Socket
  private readonly upstream: Upstream
  private buffer: Buffer = Buffer.allocUnsafeSlow(bufferSize)
  private readonly wheel: Wheel
  private error: Error | undefined
  private over = false

  constructor(upstream: Upstream) {
    this.upstream = upstream
    this.wheel = upstream.wheel
    this.deadline = new Deadline(() => this.expired())
    const options = {
      host: upstream.host,
      port: upstream.port,
      noDelay: true,
      onread: {
        buffer: () => this.buffer,
        callback: (size: number) => this.received(size),
      },
    }
    this.socket =
      upstream.scheme === 'HTTP'
        ? connectPlain(options)
        : // Backends inside a machine room sign their own certificates; the contract verifies only against a CA that it was given.
          connectTls({
            ...options,
            servername: /^[\d.]+$|:/.test(upstream.host) ? '' : upstream.host,
            rejectUnauthorized: false,
            ALPNProtocols: ['http/1.1'],
          })
    this.socket.on(upstream.scheme === 'HTTP' ? 'connect' : 'secureConnect', () => (this.connected = true))
    this.socket.on('drain', () => this.user?.drained())
    this.socket.on('error', error => (this.error = error))
    this.socket.on('end', () => {
      this.over = true
      if (this.user === undefined) this.close()
      else this.user.ended()
    })
    this.socket.on('close', () => {
      this.over = true
      this.wheel.remove(this.deadline)
      const user = this.user
      this.user = undefined
      if (user === undefined) this.upstream.forget(this)
      else user.gone(this.error)
    })
  }

  get usable(): boolean {
    return !this.over && !this.socket.destroyed && this.socket.writable
  }

  /** What of the last write still waits here. */
  get waiting(): boolean {
    return this.socket.writableNeedDrain
  }

  write(text: string): void {
    this.socket.write(text, 'latin1')
  }

  /** The bytes must not change until they are gone; `received` hands its buffer on and takes a new one when they wait. */
  writeBytes(bytes: Buffer): boolean {
    return this.socket.write(bytes)
  }

  resume(): void {
    this.socket.resume()
  }

  /** The buffer's bytes were handed to a write that is still under way: read into another one. */
  renewBuffer(): void {
    this.buffer = Buffer.allocUnsafeSlow(bufferSize)
  }

  /** Ends it without a word to its user. */
  close(): void {
    this.user = undefined
    this.wheel.remove(this.deadline)
    this.upstream.forget(this)
    this.socket.destroy()
  }

  private received(size: number): boolean {
    // Nobody asked: whatever this is, it cannot be the answer to the next request.
    if (this.user === undefined) {
      this.close()
      return false
    }
    return this.user.received(this.buffer, size)
  }

  private expired(): void {
    if (this.user === undefined) this.close()
    else this.user.expired()
  }
}
