import type { Socket } from 'node:net'
import { errors } from '@pailou/contract/errors'
import { hexId } from '../../base/ids.ts'
import { httpDate } from '../http-date.ts'
import type { Evidence } from '../../seam/observations.ts'
import { Refusal, refuse, type Answer, type Awaitable, type Client, type Reply, type RequestBody } from '../exchange.ts'
import { refusalText, replyText } from '../reply/texts.ts'
import { Deadline } from '../wheel.ts'
import { BodyReader } from './body-reader.ts'
import { CR, LF } from './bytes.ts'
import type { Host, HostedConnection } from './connection-host.ts'
import { Forwarding, type Downstream } from './forwarding.ts'
import { BROKEN, MORE, type Fault } from './head.ts'
import { RequestHead, leadingBreak } from './request-head.ts'
import { readTarget, shown } from './request-target.ts'
import { Visit } from './visit.ts'
import { HOST } from './fields.ts'

/** Waiting for a request, or in the middle of its head. */
const IDLE = 0
/** The head is read, what to do is being decided. Body bytes wait. */
const DECIDING = 1
/** The body is being read into memory. */
const COLLECTING = 2
/** A backend is asked; body bytes go there. */
const FORWARDING = 3
/** The response is on its way or written; body bytes are thrown away. */
const ANSWERED = 4
/** No more responses; what still comes is thrown away until the caller closes. */
const LINGERING = 5
const CLOSED = 6

/** So many body bytes may wait for a decision before the socket is paused. */
const holdUpTo = 65_536
/** Many callers say all they have before they read: what comes after a refusal is thrown away, not thrown back. */
const lingerUpTo = 67_108_864

/** A caller's connection: one request after the other, each answered before the next is looked at. */
export class ClientConnection implements Downstream, HostedConnection, RequestBody {
  readonly client: Client
  private readonly socket: Socket
  private readonly host: Host
  private readonly head = new RequestHead()
  private readonly body = new BodyReader()
  private readonly deadline: Deadline
  private state = IDLE
  /** Bytes that have come and have not been looked at: `at`..`end` of `input`. */
  private input: Buffer | undefined
  private at = 0
  private end = 0
  /** `input` is ours, with room behind `end`, not the socket's own chunk. */
  private owned = false
  private requestId = ''
  private visit: Visit | undefined
  private forwarding: Forwarding | undefined
  private collected: Buffer | undefined
  private chunks: Buffer[] | undefined
  private collectedTo: ((result: Buffer | Refusal) => void) | undefined
  private continueSent = false
  private pumping = false
  private paused = false
  /** The first bytes of a head are here. */
  private headBegun = false
  private breakSkipped = false
  private halfClosed = false
  private closing = false
  private responseBegun = false
  private stalledAt = -1
  private lingered = 0

  constructor(socket: Socket, client: Client, host: Host) {
    this.socket = socket
    this.client = client
    this.host = host
    this.deadline = new Deadline(() => this.expired())
    socket.on('data', (chunk: Buffer) => this.received(chunk))
    socket.on('end', () => this.halfClose())
    socket.on('drain', () => this.drained())
    // A reset by the caller is an everyday event; 'close' follows and does what there is to do.
    socket.on('error', () => {})
    socket.on('close', () => this.gone())
    host.opened(this)
    this.host.wheel.arm(this.deadline, host.limits.idleMs)
  }

  // --- bytes in

  private received(chunk: Buffer): void {
    if (this.state === CLOSED) return
    this.host.wheel.touch()
    if (this.state === LINGERING) {
      this.lingered += chunk.length
      if (this.lingered > lingerUpTo) this.destroy()
      return
    }
    if (this.input === undefined || this.at === this.end) {
      this.input = chunk
      this.at = 0
      this.end = chunk.length
      this.owned = false
    } else {
      const size = this.end - this.at
      this.append(chunk)
      // A head that comes byte by byte is not worth a look before a line ends, or before it is too long.
      if (this.state === IDLE && size + chunk.length < 32_768 && !chunk.includes(LF)) return
    }
    this.pump()
  }

  private append(chunk: Buffer): void {
    const size = this.end - this.at + chunk.length
    if (!this.owned || this.input!.length - this.end < chunk.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * size, 4096))
      this.input!.copy(larger, 0, this.at, this.end)
      this.input = larger
      this.end -= this.at
      this.at = 0
      this.owned = true
    }
    chunk.copy(this.input!, this.end)
    this.end += chunk.length
  }

  /** Looks at the bytes that wait, as far as the state of things allows. */
  private pump(): void {
    if (this.pumping) return
    this.pumping = true
    try {
      while (this.step());
    } finally {
      this.pumping = false
    }
  }

  /** Goes one step on. False when there is nothing to do before something happens. */
  private step(): boolean {
    switch (this.state) {
      case IDLE:
        return this.readHead()
      case DECIDING:
        if (this.end - this.at > holdUpTo) this.pause()
        return false
      case COLLECTING:
      case FORWARDING:
      case ANSWERED:
        return this.readBody()
      default:
        return false
    }
  }

  private readHead(): boolean {
    if (this.at === this.end) {
      if (this.halfClosed) this.close()
      return false
    }
    // Nobody who does not read gets more to read.
    if (this.socket.writableNeedDrain) {
      this.pause()
      return false
    }
    const bytes = this.input!
    if (!this.headBegun) {
      if (!this.breakSkipped) {
        if (this.end - this.at === 1 && bytes[this.at] === CR && !this.halfClosed) return false
        const skip = leadingBreak(bytes, this.at, this.end)
        this.at += skip
        this.breakSkipped = skip > 0
        // Once more, for there may be nothing else to come.
        if (this.at === this.end) return true
      }
      this.head.reset()
    }
    const length = this.head.parse(bytes, this.at, this.end)
    if (length === MORE) {
      if (this.halfClosed) this.brokenMessage({ row: '0201/400', check: 'head is not complete' })
      else if (!this.headBegun) {
        this.headBegun = true
        this.host.wheel.arm(this.deadline, this.host.limits.headMs)
      }
      return false
    }
    this.headBegun = false
    if (length === BROKEN) {
      this.brokenMessage(this.head.fault!)
      return false
    }
    this.requestId = hexId()
    this.at += length
    this.begin()
    return true
  }

  private begin(): void {
    const { head, host } = this
    this.breakSkipped = false
    this.continueSent = false
    this.collected = undefined
    this.body.begin(head.chunked, head.bodyLength, host.limits.bodySize)
    if (this.body.done) host.wheel.disarm(this.deadline)
    else host.wheel.arm(this.deadline, host.limits.bodySilenceMs)
    this.state = DECIDING
    const unavailable = host.unavailable()
    if (unavailable !== undefined) {
      if (head.illegality() !== undefined) this.closing = true
      this.reply(unavailable)
      return
    }
    const illegal = head.illegality()
    const target = illegal ?? readTarget(head.target, head.method)
    if ('row' in target) {
      // Well-formed, and yet not to be trusted with what comes behind it.
      this.closing = true
      const host = head.has(HOST) ? shown(head.value(HOST)!) : null
      this.reply(refuseFor(target, { method: head.method, path: shown(head.target), host }))
      return
    }
    const named = head.value(HOST)!
    if (target.authority !== '' && target.authority.toLowerCase() !== named.toLowerCase()) {
      this.closing = true
      this.reply(
        refuse('0201/400', {
          check: 'authority of the request target differs from host',
          found: target.authority,
          host: named,
        }),
      )
      return
    }
    if (head.bodyLength > host.limits.bodySize) {
      this.reply(refuse('0201/413', { check: 'body', contentLength: head.bodyLength, limit: host.limits.bodySize }))
      return
    }
    const visit = (this.visit = new Visit(this.requestId, host.wheel.now, this.client, head, target, named, this))
    let answer: Awaitable<Answer>
    try {
      answer = host.answer(visit)
    } catch (error) {
      answer = unexpected(error)
    }
    if (answer instanceof Promise) {
      const id = this.requestId
      answer.catch(unexpected).then(
        late => {
          // The caller may have left, and the connection may even serve another request.
          if (this.requestId === id && (this.state === DECIDING || this.state === COLLECTING)) {
            this.state = DECIDING
            this.carryOut(late)
            this.pump()
          }
        },
        () => {},
      )
    } else this.carryOut(answer)
  }

  private carryOut(answer: Answer): void {
    if (answer instanceof Refusal || !('upstream' in answer)) {
      this.reply(answer)
      return
    }
    this.state = FORWARDING
    if (!this.body.done) this.sendContinue()
    const forwarding = (this.forwarding = new Forwarding(this, this.head, this.requestId, answer, this.collected))
    forwarding.start()
  }

  private readBody(): boolean {
    const { body, host } = this
    if (body.done) {
      // What comes now belongs to the next request, and that has to wait for its turn.
      if (this.end - this.at > holdUpTo) this.pause()
      return false
    }
    if (this.at === this.end) {
      if (this.halfClosed) this.incomplete('caller closed its side within the body')
      else {
        // The backend need not wait for its head until a byte of the body comes.
        this.forwarding?.flushHead()
        this.unpause()
      }
      return false
    }
    if (this.state === FORWARDING && this.forwarding!.bodyCongested) {
      this.pause()
      return false
    }
    this.at = body.read(this.input!, this.at, this.end)
    if (body.fault !== undefined) {
      this.brokenBody(body.fault)
      return false
    }
    if (body.done) host.wheel.disarm(this.deadline)
    else host.wheel.arm(this.deadline, host.limits.bodySilenceMs)
    if (this.state === FORWARDING) {
      if (body.to > body.from) this.forwarding?.sendBody(this.input!, body.from, body.to)
      if (body.done) this.forwarding?.bodyEnd()
      // Handed on, so it may not be written into again.
      this.owned = false
    } else if (this.state === COLLECTING) {
      if (body.to > body.from) this.chunks!.push(this.input!.subarray(body.from, body.to))
      this.owned = false
      if (body.done) this.collectedAll()
    }
    return true
  }

  // --- the body for somebody who must read it

  collect(): Promise<Buffer | Refusal> {
    return new Promise(resolve => {
      if (this.state !== DECIDING || this.collected !== undefined) {
        resolve(this.collected ?? refuse('0601', { check: 'body was asked for too late' }))
        return
      }
      this.collectedTo = resolve
      this.chunks = []
      this.state = COLLECTING
      if (this.body.done) this.collectedAll()
      else {
        this.sendContinue()
        this.unpause()
        this.pump()
      }
    })
  }

  private collectedAll(): void {
    const chunks = this.chunks!
    this.chunks = undefined
    this.collected = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    this.state = DECIDING
    const resolve = this.collectedTo!
    this.collectedTo = undefined
    resolve(this.collected)
  }

  private sendContinue(): void {
    if (!this.head.expectsContinue || this.continueSent || this.body.total > 0) return
    this.continueSent = true
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
  }

  // --- responses of our own

  private reply(answer: Exclude<Answer, { upstream: unknown }>): void {
    this.state = ANSWERED
    // What of the body is already here costs nothing to skip, and then the connection can live on.
    this.skipBody()
    const worded = answer instanceof Refusal ? this.inWords(answer) : answer
    if (answer instanceof Refusal) this.host.refused(answer, this.requestId, this.client, this.visit, worded?.status)
    const shape = {
      requestId: this.requestId,
      date: httpDate(this.host.wheel.now),
      head: this.head.method === 'HEAD',
      connection: this.closesAfterResponse() ? 'close' : this.head.minor === 0 ? 'keep-alive' : '',
    } as const
    this.write(worded === undefined ? refusalText(answer as Refusal, shape) : replyText(worded, shape))
    this.responseEnd(worded?.status ?? errors[(answer as Refusal).row].status)
  }

  /** The refusal as the API's group says it, if it has words of its own for it. */
  private inWords(refusal: Refusal): Reply | undefined {
    const { visit } = this
    return visit?.words?.(refusal, visit)
  }

  private skipBody(): void {
    const { body } = this
    while (!body.done && this.at < this.end && body.fault === undefined)
      this.at = body.read(this.input!, this.at, this.end)
    if (body.fault !== undefined) this.closing = true
  }

  /** The head could not be read: whatever follows it means nothing. */
  private brokenMessage(fault: Fault): void {
    this.requestId = hexId()
    this.visit = undefined
    this.closing = true
    this.at = this.end
    this.body.begin(false, -1, 0)
    this.reply(refuseFor(fault))
  }

  private brokenBody(fault: Fault): void {
    this.closing = true
    this.at = this.end
    this.refuseLate(refuseFor(fault, { received: this.body.total }))
  }

  private incomplete(check: string): void {
    this.closing = true
    this.refuseLate(refuse('0201/400', { check, received: this.body.total }))
  }

  /** The body went wrong while somebody was busy with the request. */
  private refuseLate(refusal: Refusal): void {
    if (this.state === COLLECTING) {
      const resolve = this.collectedTo!
      this.collectedTo = this.chunks = undefined
      this.state = DECIDING
      resolve(refusal)
    } else if (this.state === FORWARDING) {
      const { forwarding } = this
      this.forwarding = undefined
      forwarding?.abort()
      if (this.responseBegun) this.destroy()
      else this.reply(refusal)
    } else this.beginLinger()
  }

  // --- what a forwarding needs

  get requestComplete(): boolean {
    return this.body.done
  }

  closesAfterResponse(unframed = false): boolean {
    this.responseBegun = true
    // Who has said his last word may have said several requests before: they are served.
    const last = this.halfClosed && this.at === this.end
    if (unframed || !this.head.keepAlive || last || this.host.draining || !this.body.done) this.closing = true
    return this.closing
  }

  write(text: string): void {
    this.socket.write(text, 'latin1')
  }

  writeBytes(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  cork(): void {
    this.socket.cork()
  }

  uncork(): void {
    this.socket.uncork()
  }

  get pending(): boolean {
    return this.socket.writableLength > 0
  }

  get congested(): boolean {
    if (!this.socket.writableNeedDrain) return false
    this.watchStall()
    return true
  }

  resumeBody(): void {
    if (this.state !== FORWARDING) return
    this.unpause()
    this.pump()
  }

  fail(refusal: Refusal): void {
    this.forwarding = undefined
    if (this.state === FORWARDING) {
      this.reply(refusal)
      this.pump()
    }
  }

  breakOff(reason: string): void {
    this.forwarding = undefined
    this.host.refused(
      refuse('0201/503', { check: 'response broke off', reason, afterHead: true }),
      this.requestId,
      this.client,
      this.visit,
    )
    this.host.answered(this.visit, 503)
    this.destroy()
  }

  /** The response is written. The next request, or the end. */
  responseEnd(status: number): void {
    this.host.answered(this.visit, status)
    this.forwarding = undefined
    this.visit = undefined
    this.responseBegun = false
    this.collected = undefined
    if (this.closing || !this.body.done) {
      this.beginLinger()
      return
    }
    this.state = IDLE
    this.host.wheel.arm(this.deadline, this.host.limits.idleMs)
    if (this.socket.writableNeedDrain) this.watchStall()
    if (this.paused) this.unpause()
    if (this.at < this.end || this.halfClosed) this.pump()
  }

  // --- the end

  private halfClose(): void {
    this.halfClosed = true
    if (this.state !== LINGERING) this.pump()
    else if (this.socket.writableFinished) this.destroy()
  }

  /** Says the last byte, and reads on for a while: a reset would take the response from the caller's hands. */
  private beginLinger(): void {
    if (this.state === LINGERING || this.state === CLOSED) return
    this.state = LINGERING
    this.input = undefined
    this.at = this.end = 0
    this.socket.end(() => this.written())
    this.watchStall()
    this.unpause()
  }

  /** Everything has gone out. */
  private written(): void {
    if (this.halfClosed) this.destroy()
    else if (this.state === LINGERING) this.host.wheel.arm(this.deadline, this.host.limits.lingerMs)
  }

  /** Closes a connection on which nothing is under way. */
  private close(): void {
    this.closing = true
    this.beginLinger()
  }

  /** The gateway goes down: an idle connection is closed now, a busy one after its response. */
  drain(): void {
    if (this.state !== IDLE || this.headBegun) return
    // Nothing is on its way to this caller, so there is nothing to wait for.
    this.closing = true
    this.socket.end(() => this.destroy())
  }

  destroy(): void {
    this.socket.destroy()
  }

  private gone(): void {
    if (this.state === CLOSED) return
    this.state = CLOSED
    this.host.wheel.remove(this.deadline)
    this.forwarding?.abort()
    this.forwarding = undefined
    this.collectedTo?.(refuse('0201/400', { check: 'caller closed the connection within the body' }))
    this.collectedTo = undefined
    this.input = undefined
    this.host.closed(this)
  }

  // --- pace

  private pause(): void {
    if (this.paused) return
    this.paused = true
    this.socket.pause()
  }

  private unpause(): void {
    if (!this.paused) return
    this.paused = false
    this.socket.resume()
  }

  private drained(): void {
    this.host.wheel.touch()
    if (this.state === FORWARDING) {
      if (this.body.done) this.host.wheel.disarm(this.deadline)
      else this.host.wheel.arm(this.deadline, this.host.limits.bodySilenceMs)
      this.forwarding?.resumeResponse()
    } else if (this.state === IDLE) {
      this.host.wheel.arm(this.deadline, this.host.limits.idleMs)
      this.unpause()
      this.pump()
    }
  }

  /** Something waits for the caller to read. */
  private watchStall(): void {
    this.stalledAt = this.socket.bytesWritten - this.socket.writableLength
    this.host.wheel.arm(this.deadline, this.host.limits.stallMs)
  }

  private expired(): void {
    if (this.state === CLOSED) return
    if (this.socket.writableNeedDrain || (this.state === LINGERING && !this.socket.writableFinished)) {
      // Slow is not stalled: as long as bytes leave, the caller is reading.
      if (this.socket.bytesWritten - this.socket.writableLength > this.stalledAt) this.watchStall()
      else this.destroy()
      return
    }
    if (this.state === LINGERING) {
      this.destroy()
      return
    }
    if (this.state === IDLE) {
      if (this.headBegun) this.brokenMessage({ row: '0201/400', check: 'head did not come in time' })
      else this.close()
      return
    }
    // Our own pause is no silence of the caller, nor is it when we have not yet looked at what is here.
    if (this.paused || this.body.done || this.state === DECIDING)
      this.host.wheel.arm(this.deadline, this.host.limits.bodySilenceMs)
    else this.incomplete('body did not come in time')
  }
}

/** @param more what is known besides of the request, which has come no farther than this */
function refuseFor({ row, ...broken }: Fault, more: Evidence = {}): Refusal {
  return refuse(row, { ...broken, ...more })
}

function unexpected(error: unknown): Refusal {
  const { name, message, stack } =
    error instanceof Error ? error : { name: 'unknown', message: String(error), stack: undefined }
  return refuse('0601', { check: 'unexpected error', error: `${name}: ${message}`, stack })
}
