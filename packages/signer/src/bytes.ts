/**
 * Text in which each character stands for one byte (codes 0 to 255): what Node's latin1 decoding of the wire gives.
 * Everything that is hashed here is a byte string, because a header that arrived as UTF-8 must be hashed as the bytes it was.
 */
export type ByteString = string

const ascii = /^[\0-\x7f]*$/
const utf8 = new TextEncoder()

/** The UTF-8 bytes of ordinary text, as a byte string. ASCII stays itself. */
export function toByteString(text: string): ByteString {
  if (ascii.test(text)) return text
  let bytes = ''
  for (const byte of utf8.encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}

export function isByteString(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false
  return true
}

/**
 * Without outer spaces and tabs. `String.prototype.trim` would also take the byte A0, which is the second half of "à".
 */
export function trimmed(text: ByteString): ByteString {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return from === 0 && to === text.length ? text : text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
