/** The character classes of HTTP/1.1 (RFC 9110, 9112), one table, one look-up a byte. */

export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
export const COLON = 58

export const TOKEN = 1
/** What a field value may contain: visible characters, blank, tab and the bytes above ASCII. */
export const VALUE = 2
/** What a request target may contain here: visible ASCII but the fragment's `#`. */
export const TARGET = 4
export const DIGIT = 8
export const HEX = 16

export const classOf: Uint8Array = new Uint8Array(256)

for (let byte = 0; byte < 256; byte++) {
  const letter = String.fromCharCode(byte)
  let mask = 0
  if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(letter)) mask |= TOKEN
  if (byte === TAB || (byte >= 32 && byte !== 127)) mask |= VALUE
  if (byte > 32 && byte < 127 && letter !== '#') mask |= TARGET
  if (/[0-9]/.test(letter)) mask |= DIGIT
  if (/[0-9A-Fa-f]/.test(letter)) mask |= HEX
  classOf[byte] = mask
}

/** Node's fast slice, which its type declarations leave out: one character for each byte, no checks, no replacement. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return (bytes as unknown as { latin1Slice(start: number, end: number): string }).latin1Slice(start, end)
}

/** Whether the bytes at `start`, as far as there are any before `end`, are those of `text`. */
export function agrees(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = Math.min(text.length, end - start)
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text[i]) return false
  return true
}
