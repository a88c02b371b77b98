import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Duplex } from 'node:stream'
import type { Meaning } from './ours.ts'

/** A connection without a network: what is pushed into it is what the caller says. */
class Line extends Duplex {
  readonly messages: Meaning[] = []
  problem: string | undefined
  over = false

  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done()
  }

  override _final(done: () => void): void {
    this.over = true
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.over = true
    done(error)
  }
}

/** Node's own HTTP server, as strict as it can be told to be. */
export class Oracle {
  private readonly server: Server

  constructor() {
    this.server = createServer({ insecureHTTPParser: false, maxHeaderSize: 262_144, requireHostHeader: true })
    this.server.maxHeadersCount = 0
    this.server.on('request', (request, response) => {
      const line = request.socket as unknown as Line
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('error', () => {})
      request.on('end', () => {
        line.messages.push(meaningOf(request, Buffer.concat(pieces)))
        response.end()
      })
    })
    this.server.on('clientError', (error: Error & { code?: string }, socket) => {
      const line = socket as unknown as Line
      // Not destroyed: what came whole before the error is on its way to the listener above.
      line.problem ??= error.code ?? error.message
    })
  }

  /** What it reads of these bytes, as soon as that are `expected` messages or it has refused. */
  async read(bytes: Buffer, expected: number): Promise<{ messages: Meaning[]; problem: string | undefined }> {
    const line = new Line()
    line.on('error', () => {})
    this.server.emit('connection', line)
    line.push(bytes)
    for (let turn = 0, last = 40; turn < last; turn++) {
      if (line.messages.length >= expected) break
      if (line.problem !== undefined || line.over) last = Math.min(last, turn + 4)
      await new Promise(resolve => setImmediate(resolve))
    }
    const { messages, problem } = line
    line.destroy()
    return { messages, problem }
  }
}

function meaningOf(request: IncomingMessage, body: Buffer): Meaning {
  const { method = '', url = '', httpVersion, rawHeaders } = request
  const fields = Array.from(
    { length: rawHeaders.length / 2 },
    (_, i) => [rawHeaders[2 * i]!, rawHeaders[2 * i + 1]!.replace(/^[ \t]+|[ \t]+$/g, '')] as const,
  )
  return { method, target: url, version: httpVersion, fields, body: body.toString('latin1') }
}
