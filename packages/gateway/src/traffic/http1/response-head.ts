import { CR, DIGIT, LF, SPACE, VALUE, agrees, classOf, latin1 } from './bytes.ts'
import { CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING } from './fields.ts'
import { BROKEN, Head, MORE } from './head.ts'

const longestReason = 1024

const version11 = Buffer.from('HTTP/1.1 ', 'latin1')
const version10 = Buffer.from('HTTP/1.0 ', 'latin1')

/** The head of a backend's response. */
export class ResponseHead extends Head {
  status = 0
  reason = ''
  minor = 1
  /** -1 when the response has no Content-Length. */
  bodyLength = -1
  chunked = false
  /** Whether the backend keeps its connection open. */
  keepAlive = true
  nominatedNames: ReadonlySet<string> | undefined

  override reset(): void {
    super.reset()
    this.bodyLength = -1
    this.chunked = false
    this.nominatedNames = undefined
  }

  protected override startLine(bytes: Buffer, base: number, end: number): number {
    // `HTTP/1.x nnn` is twelve bytes; what is there of it must be right.
    if (agrees(bytes, base, end, version11)) this.minor = 1
    else if (agrees(bytes, base, end, version10)) this.minor = 0
    else return this.broken('status line', 0)
    for (let i = base + 9; i < end && i < base + 12; i++) {
      if ((classOf[bytes[i]!]! & DIGIT) === 0 || (i === base + 9 && bytes[i] === 48))
        return this.broken('status', i - base, bytes[i])
    }
    if (end - base < 12) return MORE
    let at = base + 12
    if (at === end) return MORE
    let reasonStart = at
    if (bytes[at] === SPACE) {
      reasonStart = ++at
      while (at < end && (classOf[bytes[at]!]! & VALUE) !== 0) at++
      if (at - reasonStart > longestReason) return this.broken('reason phrase', at - base)
      if (at === end) return MORE
    }
    const reasonEnd = at
    if (bytes[at] !== CR) return this.broken('status line', at - base, bytes[at])
    if (at + 1 === end) return MORE
    if (bytes[at + 1] !== LF) return this.broken('status line', at + 1 - base, bytes[at + 1])
    this.status = (bytes[base + 9]! - 48) * 100 + (bytes[base + 10]! - 48) * 10 + bytes[base + 11]! - 48
    // Nearly every answer says OK; a constant is cheaper than a slice.
    this.reason = this.status === 200 && reasonEnd - reasonStart === 2 ? 'OK' : latin1(bytes, reasonStart, reasonEnd)
    return at + 2
  }

  protected override settle(): boolean {
    this.bodyLength = this.contentLength(CONTENT_LENGTH)
    if (this.bodyLength === -2) return this.broken('content-length') !== BROKEN
    if (this.has(TRANSFER_ENCODING)) {
      if (this.bodyLength !== -1) return this.broken('content-length with transfer-encoding') !== BROKEN
      if (this.minor === 0 || this.joined(TRANSFER_ENCODING)!.toLowerCase() !== 'chunked') {
        return this.broken('transfer-encoding') !== BROKEN
      }
      this.chunked = true
    }
    this.keepAlive = this.minor === 1
    const connection = this.joined(CONNECTION)
    if (connection !== undefined && connection !== 'keep-alive') {
      if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(connection)) this.keepAlive = false
      this.nominatedNames = this.nominated(CONNECTION)
    }
    return true
  }

  /** Whether a response to this method has a body at all (RFC 9112, 6.3). */
  bodyFollows(requestMethod: string): boolean {
    return requestMethod !== 'HEAD' && this.status !== 204 && this.status !== 304 && this.status >= 200
  }
}
