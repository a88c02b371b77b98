import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { readResponses, type Read, type Response } from './messages.ts'

/** A pause in which both ends of a loopback connection get to read what was written before. */
export async function aMoment(turns = 2): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise(resolve => setImmediate(resolve))
}

export async function until(condition: () => boolean, what: string, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

/** A caller on a raw socket, which says exactly the bytes it is told to say. */
export class RawClient {
  readonly socket: Socket
  /** How many bytes have come. */
  length = 0
  ended = false
  closed = false
  error: Error | undefined
  private pieces: Buffer[] = []
  private changed: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (piece: Buffer) => {
      this.pieces.push(piece)
      this.length += piece.length
      this.changed()
    })
    socket.on('end', () => {
      this.ended = true
      this.changed()
    })
    socket.on('error', error => (this.error = error))
    socket.on('close', () => {
      this.closed = true
      this.changed()
    })
  }

  static async open(port: number, tls = false): Promise<RawClient> {
    const common = { host: '127.0.0.1', port, allowHalfOpen: true }
    const socket = tls ? connectTls({ ...common, rejectUnauthorized: false }) : connect(common)
    await once(socket, tls ? 'secureConnect' : 'connect')
    return new RawClient(socket)
  }

  get received(): Buffer {
    if (this.pieces.length > 1) this.pieces = [Buffer.concat(this.pieces)]
    return this.pieces[0] ?? Buffer.alloc(0)
  }

  get over(): boolean {
    return this.ended || this.closed
  }

  write(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** Each piece arrives by itself. */
  async writePieces(pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      this.write(piece)
      await aMoment()
    }
  }

  /** Resolves when the condition holds or the gateway has said its last byte, whichever comes first. */
  async until(condition: () => boolean, what: string, withinMs = 5_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.changed = () => {}
        const got = this.received.toString('latin1', 0, 300)
        reject(new Error(`waited in vain for: ${what}; got ${JSON.stringify(got)}`))
      }, withinMs)
      this.changed = () => {
        if (!condition() && !this.over) return
        this.changed = () => {}
        clearTimeout(timer)
        resolve()
      }
      this.changed()
    })
  }

  read(methods?: readonly string[]): Read<Response> {
    return readResponses(this.received, methods, this.over)
  }

  /** The final responses, as soon as there are so many, or the connection has ended. */
  async responses(count: number, methods?: readonly string[], withinMs = 5_000): Promise<Response[]> {
    const final = () => this.read(methods).messages.filter(({ status }) => status >= 200)
    await this.until(() => final().length >= count, `${count} responses`, withinMs)
    return final()
  }

  /** One response to one request. */
  async call(bytes: string | Buffer, method = 'GET'): Promise<Response> {
    this.pieces = []
    this.length = 0
    this.write(bytes)
    const [response] = await this.responses(1, [method])
    if (response === undefined)
      throw new Error(`closed without a response${this.error ? `: ${this.error.message}` : ''}`)
    return response
  }

  async untilOver(withinMs = 5_000): Promise<void> {
    await this.until(() => this.over, 'the end of the connection', withinMs)
  }

  destroy(): void {
    this.socket.destroy()
  }
}

/** Sends bytes over a connection of its own, in one write or in pieces, and reads until `count` responses or the end. */
export async function exchange(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  { count = 1, methods, tls = false }: { count?: number; methods?: readonly string[]; tls?: boolean } = {},
): Promise<Response[]> {
  const client = await RawClient.open(port, tls)
  try {
    await client.writePieces(typeof bytes === 'string' || Buffer.isBuffer(bytes) ? [bytes] : bytes)
    return await client.responses(count, methods)
  } finally {
    client.destroy()
  }
}
