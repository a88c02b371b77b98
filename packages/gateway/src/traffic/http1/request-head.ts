import { CR, LF, SPACE, TARGET, TOKEN, agrees, classOf } from './bytes.ts'
import { CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING, neverNominated } from './fields.ts'
import { shown } from './request-target.ts'
import { BROKEN, Head, MORE, type Fault } from './head.ts'

/** The methods that an API can have. Anything else is refused by name, see `illegality`. */
const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'])

const longestMethod = 32

const version11 = Buffer.from('HTTP/1.1\r\n', 'latin1')
const version10 = Buffer.from('HTTP/1.0\r\n', 'latin1')

/** `example.com`, `10.0.0.1:8080`, `[::1]:80`. */
const hostPattern = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/** A domain name of 253 characters with a port and a full stop at its end, with room to spare. */
const longestHost = 261

/** Whether a text can be the value of a Host header. */
export function isHost(text: string): boolean {
  return text.length <= longestHost && hostPattern.test(text)
}

/** The head of a request. After `parse` has returned its length, all of this is settled. */
export class RequestHead extends Head {
  method = ''
  /** The request target as it came. */
  target = ''
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  minor = 1
  /** -1 when the request has no Content-Length. */
  bodyLength = -1
  chunked = false
  /** What the caller wants to happen to the connection afterwards. */
  keepAlive = true
  expectsContinue = false
  /** Lower-case names that the Connection field takes out of the message. */
  nominatedNames: ReadonlySet<string> | undefined
  private methodEnd = 0
  private targetEnd = 0
  /** The host of the last request that had a legal one: on one connection it is nearly always the same. */
  private legalHost = ''

  override reset(): void {
    super.reset()
    this.method = ''
    this.bodyLength = -1
    this.chunked = false
    this.expectsContinue = false
    this.nominatedNames = undefined
  }

  get hasBody(): boolean {
    return this.chunked || this.bodyLength > 0
  }

  protected override startLine(bytes: Buffer, base: number, end: number): number {
    let at = base
    while (at < end && (classOf[bytes[at]!]! & TOKEN) !== 0) at++
    if (at - base > longestMethod) return this.broken('method', at - base)
    if (at === end) return MORE
    if (bytes[at] !== SPACE || at === base) return this.broken('method', at - base, bytes[at])
    const methodEnd = at
    const targetStart = ++at
    while (at < end && (classOf[bytes[at]!]! & TARGET) !== 0) at++
    if (at - targetStart > this.limits.target) return this.targetTooLong()
    if (at === end) return MORE
    if (bytes[at] !== SPACE || at === targetStart) return this.broken('request target', at - base, bytes[at])
    const targetEnd = at
    const versionStart = ++at
    // `HTTP/1.x` CR LF is ten bytes; what is there of it must be right.
    if (!agrees(bytes, versionStart, end, version11)) {
      if (!agrees(bytes, versionStart, end, version10)) return this.broken('version', versionStart - base)
      this.minor = 0
    } else this.minor = 1
    if (end - versionStart < 10) return MORE
    this.methodEnd = methodEnd - base
    this.targetEnd = targetEnd - base
    return versionStart + 10
  }

  private targetTooLong(): typeof BROKEN {
    this.fault = { row: '0201/414', check: 'request target', found: `more than ${this.limits.target}` }
    return BROKEN
  }

  protected override settle(): boolean {
    this.method = this.text.slice(0, this.methodEnd)
    this.target = this.text.slice(this.methodEnd + 1, this.targetEnd)
    this.bodyLength = this.contentLength(CONTENT_LENGTH)
    if (this.bodyLength === -2) return this.broken('content-length') !== BROKEN
    if (this.has(TRANSFER_ENCODING)) {
      if (this.bodyLength !== -1) return this.broken('content-length with transfer-encoding') !== BROKEN
      // Twice `chunked` joins to `chunked, chunked`, which is not it either. Blanks behind it are legal, and are how the
      // field is hidden from parsers that do not know it.
      const encoding = this.joined(TRANSFER_ENCODING)!.toLowerCase()
      if (encoding !== 'chunked' || !this.endsBare(TRANSFER_ENCODING))
        return this.broken('transfer-encoding') !== BROKEN
      this.chunked = true
    }
    this.keepAlive = this.minor === 1
    const connection = this.joined(CONNECTION)
    if (connection !== undefined) {
      const lower = connection.toLowerCase()
      if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/.test(lower)) this.keepAlive = false
      else if (this.minor === 0) this.keepAlive = /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/.test(lower)
      this.nominatedNames = this.nominated(CONNECTION)
    }
    this.expectsContinue = this.minor === 1 && this.joined(EXPECT)?.toLowerCase() === '100-continue'
    return true
  }

  /**
   * What the gateway refuses although it is a well-formed message. The path has its own rules, see `request-target.ts`.
   * Source: documented list of forbidden constructs; the exact code is inferred.
   */
  illegality(): Fault | undefined {
    if (this.method !== 'GET' && this.method !== 'POST' && !methods.has(this.method))
      return { row: '0602', check: 'method', found: this.method }
    if (this.chunked && this.minor === 0) return { row: '0602', check: 'transfer-encoding in HTTP/1.0' }
    if (!this.has(HOST)) return { row: '0602', check: 'host', found: 'none' }
    if (this.twice(HOST)) return { row: '0602', check: 'host', found: 'more than one' }
    const host = this.value(HOST)!
    if (host !== this.legalHost || host === '') {
      if (!isHost(host)) return { row: '0602', check: 'host', found: shown(host) }
      this.legalHost = host
    }
    if (this.has(EXPECT) && !this.expectsContinue && this.minor === 1) {
      return { row: '0602', check: 'expect', found: this.joined(EXPECT)!.slice(0, 64) }
    }
    if (this.nominatedNames !== undefined) {
      for (const name of this.nominatedNames) {
        if (neverNominated.has(name)) return { row: '0602', check: 'connection names a protected header', found: name }
      }
    }
    return undefined
  }
}

/** For the start of a connection's life: the CRLF that some clients send behind a body may precede the next request once. */
export function leadingBreak(bytes: Buffer, base: number, end: number): number {
  return end - base >= 2 && bytes[base] === CR && bytes[base + 1] === LF ? 2 : 0
}
