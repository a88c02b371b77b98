import { COLON, CR, HEX, LF, TOKEN, VALUE, classOf } from './bytes.ts'
import type { Fault } from './head.ts'

const LENGTH = 0
const UNTIL_CLOSE = 1
const SIZE = 2
const EXTENSION = 3
const EXTENSION_NAME = 4
const EXTENSION_VALUE = 5
const EXTENSION_TOKEN = 6
const EXTENSION_QUOTED = 7
const EXTENSION_ESCAPED = 8
const EXTENSION_END = 9
const SIZE_END = 10
const DATA = 11
const DATA_CR = 12
const DATA_LF = 13
const TRAILER = 14
const TRAILER_NAME = 15
const TRAILER_VALUE = 16
const TRAILER_END = 17
const LAST = 18
const DONE = 19

const QUOTE = 34
const SEMICOLON = 59
const EQUALS = 61
const BACKSLASH = 92
const longestExtension = 256
const longestTrailers = 16_384

/**
 * Finds the payload in the bytes of a message body, whatever its framing: a length, chunks, or the end of the connection.
 * Nothing is copied: `read` says where the next piece of payload stands. Chunk extensions and trailers are checked and left out.
 */
export class BodyReader {
  /** The payload found by the last `read`: `from`..`to` in the bytes it was given. */
  from = 0
  to = 0
  /** Payload bytes found so far. */
  total = 0
  fault: Fault | undefined
  private state = DONE
  private remaining = 0
  private digits = 0
  private aside = 0
  private limit = Infinity

  get done(): boolean {
    return this.state === DONE
  }

  get untilClose(): boolean {
    return this.state === UNTIL_CLOSE
  }

  /** @param length the Content-Length, -1 without one @param limit the most payload bytes that are allowed */
  begin(chunked: boolean, length: number, limit: number): void {
    this.total = 0
    this.fault = undefined
    this.limit = limit
    this.digits = this.remaining = this.aside = 0
    // One reader serves many bodies, and one without a body is never read.
    this.from = this.to = 0
    if (chunked) this.state = SIZE
    else if (length > 0) {
      this.state = LENGTH
      this.remaining = length
    } else this.state = DONE
  }

  beginUntilClose(): void {
    this.begin(false, -1, Infinity)
    this.state = UNTIL_CLOSE
  }

  /**
   * Reads on from `at` until it has found a piece of payload, or the end of the body, or the end of the bytes.
   * Returns where it stopped. Look at `fault` afterwards, and at `from` and `to`; go on while it is not `done`.
   */
  read(bytes: Buffer, at: number, end: number): number {
    this.from = this.to = at
    switch (this.state) {
      case DONE:
        return at
      case LENGTH: {
        const size = Math.min(this.remaining, end - at)
        this.remaining -= size
        if (this.remaining === 0) this.state = DONE
        return this.payload(at, size)
      }
      case UNTIL_CLOSE:
        return this.payload(at, end - at)
      default:
        return this.readChunks(bytes, at, end)
    }
  }

  private payload(at: number, size: number): number {
    this.from = at
    this.to = at + size
    this.total += size
    if (this.total > this.limit) this.fault = { row: '0201/413', check: 'body', found: `more than ${this.limit} bytes` }
    return at + size
  }

  private readChunks(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end) {
      if (this.state === DATA) {
        const size = Math.min(this.remaining, end - at)
        this.remaining -= size
        if (this.remaining === 0) this.state = DATA_CR
        return this.payload(at, size)
      }
      const byte = bytes[at++]!
      switch (this.state) {
        case SIZE:
          if ((classOf[byte]! & HEX) !== 0) {
            if (++this.digits > 8) return this.broken('chunk size', byte, at)
            this.remaining = this.remaining * 16 + (byte < 58 ? byte - 48 : (byte | 32) - 87)
          } else if (this.digits === 0) return this.broken('chunk size', byte, at)
          else if (byte === CR) this.state = SIZE_END
          else if (byte === SEMICOLON) {
            this.state = EXTENSION
            this.aside = 0
          } else return this.broken('chunk size', byte, at)
          break
        // `;name`, `;name=token` or `;name="quoted"`, without the blanks that nobody sends and everybody reads differently.
        case EXTENSION:
          if ((classOf[byte]! & TOKEN) === 0) return this.broken('chunk extension', byte, at)
          this.state = EXTENSION_NAME
          break
        case EXTENSION_VALUE:
          if (byte === QUOTE) this.state = EXTENSION_QUOTED
          else if ((classOf[byte]! & TOKEN) !== 0) this.state = EXTENSION_TOKEN
          else return this.broken('chunk extension', byte, at)
          break
        case EXTENSION_QUOTED:
          if (byte === QUOTE) this.state = EXTENSION_END
          else if (byte === BACKSLASH) this.state = EXTENSION_ESCAPED
          else if ((classOf[byte]! & VALUE) === 0) return this.broken('chunk extension', byte, at)
          break
        case EXTENSION_ESCAPED:
          if ((classOf[byte]! & VALUE) === 0) return this.broken('chunk extension', byte, at)
          this.state = EXTENSION_QUOTED
          break
        case EXTENSION_NAME:
        case EXTENSION_TOKEN:
        case EXTENSION_END:
          if (byte === CR) this.state = SIZE_END
          else if (byte === SEMICOLON) this.state = EXTENSION
          else if (byte === EQUALS && this.state === EXTENSION_NAME) this.state = EXTENSION_VALUE
          else if ((classOf[byte]! & TOKEN) === 0 || this.state === EXTENSION_END) {
            return this.broken('chunk extension', byte, at)
          }
          break
        case SIZE_END:
          if (byte !== LF) return this.broken('end of chunk size', byte, at)
          this.state = this.remaining === 0 ? TRAILER : DATA
          this.digits = this.aside = 0
          break
        case DATA_CR:
          if (byte !== CR) return this.broken('end of chunk', byte, at)
          this.state = DATA_LF
          break
        case DATA_LF:
          if (byte !== LF) return this.broken('end of chunk', byte, at)
          this.state = SIZE
          break
        case TRAILER:
          if (byte === CR) this.state = LAST
          else if ((classOf[byte]! & TOKEN) !== 0) this.state = TRAILER_NAME
          else return this.broken('trailer', byte, at)
          break
        case TRAILER_NAME:
          if (byte === COLON) this.state = TRAILER_VALUE
          else if ((classOf[byte]! & TOKEN) === 0) return this.broken('trailer', byte, at)
          break
        case TRAILER_VALUE:
          if (byte === CR) this.state = TRAILER_END
          else if ((classOf[byte]! & VALUE) === 0) return this.broken('trailer', byte, at)
          break
        case TRAILER_END:
          if (byte !== LF) return this.broken('trailer', byte, at)
          this.state = TRAILER
          break
        case LAST:
          if (byte !== LF) return this.broken('end of body', byte, at)
          this.state = DONE
          return at
      }
      if (this.state >= EXTENSION && this.state <= EXTENSION_END && ++this.aside > longestExtension) {
        return this.broken('chunk extension', byte, at)
      }
      if (this.state >= TRAILER && ++this.aside > longestTrailers) return this.broken('size of trailers', byte, at)
    }
    return at
  }

  private broken(check: string, byte: number, at: number): number {
    this.fault = { row: '0201/400', check, found: `0x${byte.toString(16).padStart(2, '0')}` }
    return at
  }
}
