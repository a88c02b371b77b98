import { httpDate } from '../http-date.ts'
import { refuse, type Client, type Outbound, type Refusal } from '../exchange.ts'
import { BodyReader } from './body-reader.ts'
import { latin1 } from './bytes.ts'
import { DATE, KEEP_ALIVE, X_FORWARDED_FOR, heldBackFromBackend, heldBackFromCaller } from './fields.ts'
import { BROKEN, MORE } from './head.ts'
import type { RequestHead } from './request-head.ts'
import { ResponseHead } from './response-head.ts'
import type { UpstreamConnection, UpstreamUser } from './upstream.ts'

/** The caller's side of a forwarding. */
export interface Downstream {
  readonly client: Client
  /** Whether every byte of the request has been read. */
  readonly requestComplete: boolean
  /** Decides, once, whether the connection lives on after this response. @param unframed only its end can end the response */
  closesAfterResponse(unframed: boolean): boolean
  write(text: string): void
  writeBytes(bytes: Buffer): void
  cork(): void
  uncork(): void
  /** What was written is still in memory: a buffer that was handed over must not change. */
  readonly pending: boolean
  /** More is waiting than should: read no more from the backend until `resumeResponse` is called. */
  readonly congested: boolean
  /** The backend takes body bytes again. */
  resumeBody(): void
  /** The last byte of the response has been written. */
  responseEnd(status: number): void
  /** No response has begun: say this instead. */
  fail(refusal: Refusal): void
  /** A response has begun and cannot be finished: the caller must notice. */
  breakOff(reason: string): void
}

/** What fits beside a head into one write without another copy. */
const joinUpTo = 16_384

/** How long a backend may be silent within a body. */
const bodySilenceMs = 60_000

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])

interface Attempt {
  readonly address: string
  readonly phase: 'connect' | 'response head' | 'response body'
  readonly problem: string
  readonly ms: number
  readonly reusedConnection: boolean
}

/**
 * One request on its way to a backend and the response on its way back. Bytes go through as they come; each side is
 * paused while the other cannot take more.
 */
export class Forwarding implements UpstreamUser {
  private readonly downstream: Downstream
  private readonly request: RequestHead
  private readonly requestId: string
  private readonly outbound: Outbound
  private readonly collected: Buffer | undefined
  private readonly reader: Reader
  private readonly head: ResponseHead
  private readonly body: BodyReader
  private connection: UpstreamConnection | undefined
  /** The request's head, as long as it has not been written. */
  private unsent = ''
  private sentBody = false
  private responding = false
  private rechunk = false
  private over = false
  private paused = false
  /** The beginning of a response head that has not come whole. */
  private partial: Buffer | undefined
  private attempts: Attempt[] | undefined
  private attemptAt = 0
  private retriesLeft: number
  private staleRetryLeft: boolean

  /** @param collected the whole body, when somebody had to read it first */
  constructor(
    downstream: Downstream,
    request: RequestHead,
    requestId: string,
    outbound: Outbound,
    collected: Buffer | undefined,
  ) {
    this.downstream = downstream
    this.request = request
    this.requestId = requestId
    this.outbound = outbound
    this.collected = collected
    const reader = readers.pop() ?? { head: new ResponseHead(), body: new BodyReader() }
    this.reader = reader
    this.head = reader.head
    this.body = reader.body
    const safe = idempotent.has(outbound.method)
    this.staleRetryLeft = safe
    this.retriesLeft = outbound.retries < 0 ? (safe ? 1 : 0) : outbound.retries
  }

  start(): void {
    this.attempt(false)
  }

  private attempt(fresh: boolean): void {
    const { upstream, timeoutMs } = this.outbound
    const connection = (this.connection = upstream.take(this, fresh))
    this.attemptAt = upstream.wheel.now
    upstream.wheel.arm(connection.deadline, timeoutMs)
    this.head.reset()
    this.partial = undefined
    this.unsent = this.requestHead()
    if (this.collected !== undefined) {
      this.unsent += `Content-Length: ${this.collected.length}\r\n\r\n`
      if (this.collected.length <= joinUpTo) this.flushHead(latin1(this.collected, 0, this.collected.length))
      else {
        this.flushHead()
        connection.writeBytes(this.collected)
      }
    } else if (this.request.chunked) this.unsent += 'Transfer-Encoding: chunked\r\n\r\n'
    else if (this.request.bodyLength >= 0) this.unsent += `Content-Length: ${this.request.bodyLength}\r\n\r\n`
    else this.unsent += '\r\n'
    if (this.collected === undefined && !this.request.hasBody) this.flushHead()
  }

  private requestHead(): string {
    const { request, outbound, downstream } = this
    const { address, forwardedLines } = downstream.client
    let without = request.nominatedNames
    if (outbound.without !== undefined) {
      without = without === undefined ? outbound.without : new Set([...without, ...outbound.without])
    }
    const forwardedFor = request.has(X_FORWARDED_FOR) ? `${request.joined(X_FORWARDED_FOR)}, ${address}` : address
    return (
      `${outbound.method} ${outbound.target} HTTP/1.1\r\nHost: ${outbound.host}\r\n` +
      request.linesWithout(heldBackFromBackend, without) +
      `X-Forwarded-For: ${forwardedFor}\r\n${forwardedLines}X-Request-Id: ${this.requestId}\r\n${outbound.extra}`
    )
  }

  /** Writes the request's head, if that has not been done, together with what follows it. */
  flushHead(following = ''): void {
    const text = this.unsent + following
    this.unsent = ''
    if (text !== '') this.connection?.write(text)
  }

  /** A piece of the request's body. */
  sendBody(bytes: Buffer, from: number, to: number): void {
    if (this.over || this.connection === undefined) return
    const size = to - from
    this.sentBody = true
    // Each piece starts the clock anew: a slow upload is the caller's time, not the backend's.
    if (!this.responding) this.outbound.upstream.wheel.arm(this.connection.deadline, this.outbound.timeoutMs)
    if (size <= joinUpTo) {
      const text = latin1(bytes, from, to)
      this.flushHead(this.request.chunked ? `${size.toString(16)}\r\n${text}\r\n` : text)
      return
    }
    this.connection.socket.cork()
    this.flushHead(this.request.chunked ? `${size.toString(16)}\r\n` : '')
    this.connection.writeBytes(bytes.subarray(from, to))
    if (this.request.chunked) this.connection.write('\r\n')
    this.connection.socket.uncork()
  }

  bodyEnd(): void {
    this.flushHead(this.request.chunked && this.collected === undefined ? '0\r\n\r\n' : '')
  }

  /** Whether the backend should get no more body bytes for now. */
  get bodyCongested(): boolean {
    return this.connection?.waiting ?? false
  }

  drained(): void {
    this.downstream.resumeBody()
  }

  received(bytes: Buffer, end: number): boolean {
    if (this.over) return false
    if (this.responding) {
      this.relay(bytes, 0, end)
      return !this.paused
    }
    if (this.partial !== undefined) {
      bytes = Buffer.concat([this.partial, bytes.subarray(0, end)])
      end = bytes.length
    }
    let at = 0
    for (;;) {
      const length = this.head.parse(bytes, at, end)
      if (length === MORE) {
        this.partial = Buffer.from(bytes.subarray(at, end))
        return true
      }
      if (length === BROKEN) {
        this.failed(`response cannot be parsed: ${this.head.fault!.check}`)
        return false
      }
      at += length
      if (this.head.status >= 200) break
      if (this.head.status === 101) {
        this.failed('response switches protocols although nobody asked')
        return false
      }
      this.head.reset()
    }
    this.partial = undefined
    this.respond(bytes, at, end)
    return !this.paused
  }

  /** The response's head is here, and perhaps some of its body, or all. */
  private respond(bytes: Buffer, at: number, end: number): void {
    const { head, downstream, request, outbound } = this
    this.responding = true
    // The backend was asked with a method of its own, and frames its response accordingly.
    const follows = head.bodyFollows(outbound.method)
    const headOnly = request.method === 'HEAD' || !head.bodyFollows(request.method)
    // A length costs nothing to keep; without one HTTP/1.1 has chunks, and HTTP/1.0 only the end of the connection.
    const unknownLength = follows && !headOnly && head.bodyLength === -1
    this.rechunk = unknownLength && request.minor === 1
    if (follows && !headOnly) {
      if (unknownLength && !head.chunked) this.body.beginUntilClose()
      else this.body.begin(head.chunked, head.bodyLength, Infinity)
    } else this.body.begin(false, -1, Infinity)
    const closes = downstream.closesAfterResponse(unknownLength && request.minor === 0)
    let text =
      `HTTP/1.1 ${head.status} ${head.reason}\r\n` +
      head.linesWithout(heldBackFromCaller, head.nominatedNames) +
      `Server: api-gateway\r\nX-Request-Id: ${this.requestId}\r\n`
    if (!head.has(DATE)) text += `Date: ${httpDate(this.outbound.upstream.wheel.now)}\r\n`
    if (this.rechunk) text += 'Transfer-Encoding: chunked\r\n'
    else if (!follows && !headOnly) text += 'Content-Length: 0\r\n'
    else if (head.bodyLength >= 0 && head.status !== 204) text += `Content-Length: ${head.bodyLength}\r\n`
    if (closes) text += 'Connection: close\r\n'
    else if (request.minor === 0) text += 'Connection: keep-alive\r\n'
    text += '\r\n'
    // The common case by far: a body of known length that came with its head. One write, and done.
    if (!unknownLength && end - at <= joinUpTo) {
      const stop = this.body.done ? at : this.body.read(bytes, at, end)
      if (this.body.to > this.body.from) text += latin1(bytes, this.body.from, this.body.to)
      downstream.write(text)
      // A body that the caller does not want is still to come, or half there: nobody can use this connection again.
      if (this.body.done) this.finish(stop === end && (!follows || !headOnly))
      else this.awaitMore()
      return
    }
    downstream.write(text)
    this.relay(bytes, at, end)
  }

  private relay(bytes: Buffer, at: number, end: number): void {
    const { body, downstream } = this
    while (at < end && !body.done) {
      at = body.read(bytes, at, end)
      if (body.fault !== undefined) {
        this.failed(`response cannot be parsed: ${body.fault.check}`)
        return
      }
      if (body.to > body.from) this.writePiece(bytes, body.from, body.to)
    }
    // A write that waits in memory still reads from the buffer it was given; who uses the connection next must not write there.
    if (downstream.pending) this.connection?.renewBuffer()
    if (body.done) {
      if (this.rechunk) downstream.write('0\r\n\r\n')
      this.finish(at === end)
    } else this.awaitMore()
  }

  private writePiece(bytes: Buffer, from: number, to: number): void {
    const { downstream, rechunk } = this
    const size = to - from
    if (size <= joinUpTo) {
      const text = latin1(bytes, from, to)
      downstream.write(rechunk ? `${size.toString(16)}\r\n${text}\r\n` : text)
    } else if (rechunk) {
      downstream.cork()
      downstream.write(`${size.toString(16)}\r\n`)
      downstream.writeBytes(bytes.subarray(from, to))
      downstream.write('\r\n')
      downstream.uncork()
    } else downstream.writeBytes(bytes.subarray(from, to))
  }

  private awaitMore(): void {
    if (this.connection === undefined) return
    this.paused = this.downstream.congested
    const { wheel } = this.outbound.upstream
    // While the caller does not read, the silence is not the backend's.
    if (this.paused) wheel.disarm(this.connection.deadline)
    else wheel.arm(this.connection.deadline, Math.max(bodySilenceMs, this.outbound.timeoutMs))
  }

  /** The caller has caught up. */
  resumeResponse(): void {
    if (!this.paused || this.connection === undefined) return
    this.paused = false
    this.awaitMore()
    if (!this.paused) this.connection.resume()
  }

  ended(): void {
    if (this.over) return
    if (this.responding && this.body.untilClose) {
      if (this.rechunk) this.downstream.write('0\r\n\r\n')
      this.finish(false)
    } else this.failed('connection closed by the backend')
  }

  gone(error: Error | undefined): void {
    if (this.over) return
    this.failed(problemOf(error))
  }

  expired(): void {
    if (this.over) return
    const { connection, downstream, outbound } = this
    // The backend waits for the caller, and how long that may last is decided where the body is read.
    if (!this.responding && connection?.connected === true && !downstream.requestComplete && !connection.waiting) {
      outbound.upstream.wheel.arm(connection.deadline, outbound.timeoutMs)
      return
    }
    this.failed(this.responding ? 'silence within the body' : 'timeout', true)
  }

  /** The caller has gone away. */
  abort(): void {
    this.release()
  }

  private finish(clean: boolean): void {
    const { connection, downstream, head } = this
    this.over = true
    this.connection = undefined
    if (connection !== undefined) {
      // An answer before the whole request was sent leaves the two out of step; so do bytes that nobody asked for.
      if (clean && head.keepAlive && downstream.requestComplete && this.unsent === '') {
        this.outbound.upstream.give(connection, keepMs(head))
      } else connection.close()
    }
    if (readers.length < mostReaders) readers.push(this.reader)
    downstream.responseEnd(head.status)
  }

  private release(): void {
    this.over = true
    this.connection?.close()
    this.connection = undefined
  }

  private failed(problem: string, timedOut = false): void {
    const { connection, outbound } = this
    const { upstream } = outbound
    if (connection === undefined) return
    ;(this.attempts ??= []).push({
      address: upstream.authority,
      phase: this.responding ? 'response body' : connection.connected ? 'response head' : 'connect',
      problem,
      ms: upstream.wheel.touch() - this.attemptAt,
      reusedConnection: connection.reused,
    })
    const stale = connection.reused && !timedOut && this.partial === undefined && this.staleRetryLeft
    connection.close()
    this.connection = undefined
    if (this.responding) {
      this.over = true
      this.downstream.breakOff(problem)
      return
    }
    if (!this.sentBody) {
      // The backend closed an idle connection while this request was on its way there: that is nobody's failure.
      if (stale) {
        this.staleRetryLeft = false
        this.attempt(true)
        return
      }
      if (this.retriesLeft > 0) {
        this.retriesLeft--
        this.attempt(true)
        return
      }
    }
    this.over = true
    const row = timedOut ? '0201/504' : /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)\b/.test(problem) ? '0605' : '0201/503'
    this.downstream.fail(
      refuse(row, {
        backend: `${upstream.scheme.toLowerCase()}://${upstream.authority}`,
        method: outbound.method,
        target: outbound.target.split('?', 1)[0],
        timeoutMs: outbound.timeoutMs,
        attempts: this.attempts,
      }),
    )
  }
}

interface Reader {
  readonly head: ResponseHead
  readonly body: BodyReader
}

/** What reads responses is used again: its tables are most of what an exchange would allocate. */
const readers: Reader[] = []
const mostReaders = 256

/** How long the backend says that it keeps an unused connection, less a second for the way. */
function keepMs(head: ResponseHead): number {
  if (!head.has(KEEP_ALIVE)) return Infinity
  const seconds = /(?:^|[,;\s])timeout=(\d{1,6})/i.exec(head.value(KEEP_ALIVE)!)?.[1]
  return seconds === undefined ? Infinity : (Number(seconds) - 1) * 1000
}

function problemOf(error: Error | undefined): string {
  if (error === undefined) return 'connection closed by the backend'
  const { code, message } = error as NodeJS.ErrnoException
  return code === undefined ? message : `${code} ${message}`.slice(0, 256)
}
