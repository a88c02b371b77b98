import { CR, LF, SPACE, TAB, TOKEN, VALUE, classOf, latin1, COLON } from './bytes.ts'
import { fieldCount, numberOf } from './fields.ts'

/** What is wrong with a message, and which row of the catalogue answers it. */
export interface Fault {
  readonly row: '0201/400' | '0201/413' | '0201/414' | '0201/494' | '0602'
  /** Which rule was broken. */
  readonly check: string
  /** Where, counted from the first byte of the head. */
  readonly at?: number
  readonly found?: string
}

/** Sizes in bytes. */
export interface HeadLimits {
  readonly target: number
  readonly fieldLine: number
  readonly allFields: number
  readonly fieldCount: number
}

/** The contract's: 32 KB for the request target, 32 KB for a header line, 128 KB for all. */
const headLimits: HeadLimits = { target: 32_768, fieldLine: 32_768, allFields: 131_072, fieldCount: 1_000 }

/** The head is not complete; read on when there are more bytes. */
export const MORE = 0
/** See `fault`. */
export const BROKEN = -1

const SPANS = 5

/**
 * A message head, read in place. Every byte is looked at once; what is kept are offsets into one latin-1 text, so that a
 * field costs nothing until somebody asks for it. One object serves one connection for all its messages.
 */
export abstract class Head {
  /** The whole head, a character a byte, with the empty line that ends it. Valid once `parse` has returned its length. */
  text = ''
  fault: Fault | undefined
  count = 0
  /** For each known field number the index of its first line plus one, 0 when there is none. */
  private readonly first = new Int16Array(fieldCount)
  /** For each known field number a bit that says that it has more than one line. */
  private repeated = 0
  private spans = new Int32Array(32 * SPANS)
  private lineStart = 0
  private fieldsStart = 0
  protected readonly limits: HeadLimits

  constructor(limits: HeadLimits = headLimits) {
    this.limits = limits
  }

  /** Makes ready for the next message. */
  reset(): void {
    this.text = ''
    this.fault = undefined
    this.lineStart = 0
    this.fieldsStart = 0
    for (let i = 0; i < this.count; i++) this.first[this.spans[i * SPANS]!] = 0
    this.count = 0
    this.repeated = 0
  }

  /** Reads the first line. Returns where the second begins, MORE or BROKEN. */
  protected abstract startLine(bytes: Buffer, base: number, end: number): number

  /** Looks at what the fields mean together. False when they contradict each other. */
  protected abstract settle(): boolean

  /**
   * Reads the head that begins at `base`, as far as there are bytes. It goes on where it stopped, at the beginning of a
   * line: call it again with the same bytes and more behind them. Returns the length of the head, MORE or BROKEN.
   */
  parse(bytes: Buffer, base: number, end: number): number {
    if (this.lineStart === 0) {
      const next = this.startLine(bytes, base, end)
      if (next <= 0) return next
      this.lineStart = this.fieldsStart = next - base
    }
    let at = base + this.lineStart
    const limits = this.limits
    while (at < end) {
      if (bytes[at] === CR) {
        if (at + 1 === end) break
        if (bytes[at + 1] !== LF) return this.broken('empty line', at - base)
        const length = at + 2 - base
        this.text = latin1(bytes, base, base + length)
        this.lineStart = at - base
        return this.settle() ? length : BROKEN
      }
      const lineStart = at
      while (at < end && (classOf[bytes[at]!]! & TOKEN) !== 0) at++
      if (at === end) break
      if (bytes[at] !== COLON || at === lineStart) return this.broken('field name', at - base, bytes[at])
      const nameEnd = at
      at++
      while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
      const valueStart = at
      while (at < end && (classOf[bytes[at]!]! & VALUE) !== 0) at++
      if (at - lineStart > limits.fieldLine) return this.tooLarge('header line', limits.fieldLine)
      if (at === end) break
      if (bytes[at] !== CR) return this.broken('field value', at - base, bytes[at])
      if (at + 1 === end) break
      if (bytes[at + 1] !== LF) return this.broken('end of line', at - base, bytes[at + 1])
      let valueEnd = at
      while (valueEnd > valueStart && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd--
      at += 2
      if (at - base - this.fieldsStart > limits.allFields) return this.tooLarge('all headers', limits.allFields)
      if (this.count === limits.fieldCount) return this.tooLarge('number of headers', limits.fieldCount)
      this.note(
        numberOf(bytes, lineStart, nameEnd),
        lineStart - base,
        nameEnd - base,
        valueStart - base,
        valueEnd - base,
      )
      this.lineStart = at - base
    }
    const waiting = end - base - this.lineStart
    if (waiting > limits.fieldLine + 2) return this.tooLarge('header line', limits.fieldLine)
    // The first byte of the empty line does not count.
    if (end - base - this.fieldsStart > limits.allFields + 1) return this.tooLarge('all headers', limits.allFields)
    return MORE
  }

  private note(number: number, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const index = this.count++
    if (index * SPANS === this.spans.length) {
      const larger = new Int32Array(this.spans.length * 2)
      larger.set(this.spans)
      this.spans = larger
    }
    const spans = this.spans
    const i = index * SPANS
    spans[i] = number
    spans[i + 1] = nameStart
    spans[i + 2] = nameEnd
    spans[i + 3] = valueStart
    spans[i + 4] = valueEnd
    if (number > 0) {
      if (this.first[number] === 0) this.first[number] = index + 1
      else this.repeated |= 1 << number
    }
  }

  protected broken(check: string, at?: number, byte?: number): typeof BROKEN {
    this.fault = {
      row: '0201/400',
      check,
      ...(at === undefined ? {} : { at }),
      ...(byte === undefined ? {} : { found: `0x${byte.toString(16).padStart(2, '0')}` }),
    }
    return BROKEN
  }

  protected tooLarge(check: string, limit: number): typeof BROKEN {
    this.fault = { row: '0201/494', check, found: `more than ${limit}` }
    return BROKEN
  }

  number(index: number): number {
    return this.spans[index * SPANS]!
  }

  name(index: number): string {
    return this.text.slice(this.spans[index * SPANS + 1], this.spans[index * SPANS + 2])
  }

  valueAt(index: number): string {
    return this.text.slice(this.spans[index * SPANS + 3], this.spans[index * SPANS + 4])
  }

  /** Where the line of this field begins in `text`; for `count`, where the empty line begins. */
  lineAt(index: number): number {
    return index === this.count ? this.text.length - 2 : this.spans[index * SPANS + 1]!
  }

  has(number: number): boolean {
    return this.first[number] !== 0
  }

  /** Whether a known field has more than one line. */
  protected twice(number: number): boolean {
    return (this.repeated & (1 << number)) !== 0
  }

  /** Whether nothing stands between the value of a known field's first line and the line's end. */
  protected endsBare(number: number): boolean {
    return this.text.charCodeAt(this.spans[(this.first[number]! - 1) * SPANS + 4]!) === CR
  }

  /** The first line of a known field. */
  value(number: number): string | undefined {
    const index = this.first[number]!
    return index === 0 ? undefined : this.valueAt(index - 1)
  }

  /** All lines of a known field, joined as RFC 9110, 5.3 allows. */
  joined(number: number): string | undefined {
    if (!this.twice(number)) return this.value(number)
    const values: string[] = []
    for (let i = 0; i < this.count; i++) if (this.number(i) === number) values.push(this.valueAt(i))
    return values.join(', ')
  }

  /** The values of all lines with this name, which is in lower case: one text, several, or undefined. */
  field(lower: string): string | string[] | undefined {
    let found: string | string[] | undefined
    const { text, spans } = this
    next: for (let index = 0, i = 1; index < this.count; index++, i += SPANS) {
      const start = spans[i]!
      if (spans[i + 1]! - start !== lower.length) continue
      for (let k = 0; k < lower.length; k++) {
        const code = text.charCodeAt(start + k)
        if ((code >= 65 && code <= 90 ? code | 32 : code) !== lower.charCodeAt(k)) continue next
      }
      const value = this.valueAt(index)
      if (found === undefined) found = value
      else if (typeof found === 'string') found = [found, value]
      else found.push(value)
    }
    return found
  }

  /**
   * The field lines as they came, without those whose number is in `heldBack` and, where given, whose lower-case name is
   * in `more`. Lines that stand together are copied together.
   */
  linesWithout(heldBack: Uint8Array, more: ReadonlySet<string> | undefined): string {
    const { text, spans, count } = this
    let kept = ''
    let runStart = -1
    for (let index = 0, i = 0; index < count; index++, i += SPANS) {
      const out = heldBack[spans[i]!] === 1 || (more !== undefined && more.has(this.name(index).toLowerCase()))
      if (out) {
        if (runStart !== -1) kept += text.slice(runStart, spans[i + 1])
        runStart = -1
      } else if (runStart === -1) runStart = spans[i + 1]!
    }
    return runStart === -1 ? kept : kept + text.slice(runStart, text.length - 2)
  }

  /** The decimal length of the body, -1 without the field, -2 when it is broken: only digits, only once, below 10^15. */
  protected contentLength(number: number): number {
    if (this.first[number] === 0) return -1
    if (this.twice(number)) return -2
    const index = (this.first[number]! - 1) * SPANS
    const end = this.spans[index + 4]!
    let at = this.spans[index + 3]!
    if (end === at || end - at > 15) return -2
    let length = 0
    for (; at < end; at++) {
      const digit = this.text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) return -2
      length = length * 10 + digit
    }
    return length
  }

  /** The names that the Connection field lists, in lower case, but `close` and `keep-alive`. */
  protected nominated(number: number): ReadonlySet<string> | undefined {
    const value = this.joined(number)
    if (value === undefined || value === 'keep-alive' || value === 'close') return undefined
    let set: Set<string> | undefined
    for (const part of value.toLowerCase().split(',')) {
      const name = part.trim()
      if (name !== '' && name !== 'close' && name !== 'keep-alive') (set ??= new Set()).add(name)
    }
    return set
  }
}
