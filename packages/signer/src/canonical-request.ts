import { trimmed, type ByteString } from './bytes.ts'

/** SHA-256 of nothing. */
export const emptyPayloadHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** As the value of `X-Sdk-Content-Sha256`: the signature does not cover the body. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** The values of a header by its lower-case name, as they came; undefined when it is absent. */
export type HeaderLookup = (name: string) => readonly ByteString[] | ByteString | undefined

export interface RequestParts {
  /** As sent: upper case. */
  readonly method: string
  /** As on the wire, without the query. */
  readonly path: ByteString
  /** As on the wire, what stands behind the `?`; empty when there is none. */
  readonly query: ByteString
  readonly headers: HeaderLookup
  /** Lower case, in the order in which the signer listed them. */
  readonly signedHeaders: readonly string[]
  /** 64 hex digits, or whatever `X-Sdk-Content-Sha256` says. */
  readonly payloadHash: string
}

/** How to read what signers do not agree on. The defaults are the strict reading. */
export interface Reading {
  /** A bare `+` in the query. Default `literal`. */
  readonly plus?: 'literal' | 'space'
  /** `equals`: `name=`. `bare`: `name`, and the encoded pairs are sorted, as signers of 2018 did. Default `equals`. */
  readonly emptyValues?: 'equals' | 'bare'
  /** The path as sent counts as decoded, so that `%20` becomes `%2520`, as the Node SDK does. Default false. */
  readonly encodedPath?: boolean
}

/** The text of which a signature is made, six parts joined by line feeds. Never throws, whatever the path and the query are. */
export function canonicalRequest(parts: RequestParts, reading: Reading = {}): ByteString {
  return joinCanonical(
    parts.method,
    canonicalPath(parts.path, reading.encodedPath),
    canonicalQuery(parts.query, reading.plus, reading.emptyValues),
    canonicalHeaders(parts.signedHeaders, parts.headers).lines,
    parts.signedHeaders,
    parts.payloadHash,
  )
}

export function joinCanonical(
  method: string,
  path: string,
  query: string,
  headerLines: string,
  signedHeaders: readonly string[],
  payloadHash: string,
): ByteString {
  // The lines end in a line feed of their own: that is the empty line before the names.
  return `${method}\n${path}\n${query}\n${headerLines}\n${signedHeaders.join(';')}\n${payloadHash}`
}

const plain = /^[A-Za-z0-9\-._~]*$/
const plainPath = /^[A-Za-z0-9\-._~/]*$/

/** Each byte as it stands in a canonical path or query: itself when unreserved, else `%` and upper-case hex. */
const encoded = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  return plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})

/** Decoded, encoded anew segment by segment, and with a slash at its end. An escaped slash is a separator like any other. */
export function canonicalPath(path: ByteString, alreadyDecoded = false): string {
  let out = path
  if (!plainPath.test(path)) {
    out = ''
    for (const char of alreadyDecoded ? path : decode(path, false)) out += char === '/' ? '/' : encode(char)
  }
  return out.endsWith('/') ? out : `${out}/`
}

interface Pair {
  readonly name: ByteString
  readonly value: ByteString
}

/** Sorted by decoded name, then by decoded value. */
export function canonicalQuery(
  query: ByteString,
  plus: 'literal' | 'space' = 'literal',
  emptyValues: 'equals' | 'bare' = 'equals',
): string {
  if (query === '') return ''
  const pairs: Pair[] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    const value = equals < 0 ? '' : part.slice(equals + 1)
    pairs.push({ name: decode(name, plus === 'space'), value: decode(value, plus === 'space') })
  }
  if (emptyValues === 'bare') {
    const lines = pairs.map(({ name, value }) => (value === '' ? encode(name) : `${encode(name)}=${encode(value)}`))
    return lines.sort().join('&')
  }
  if (pairs.length > 1) pairs.sort((a, b) => order(a.name, b.name) || order(a.value, b.value))
  let out = ''
  for (const { name, value } of pairs) out += `${out === '' ? '' : '&'}${encode(name)}=${encode(value)}`
  return out
}

/**
 * One line for each value, values of one name sorted. A header that is absent has no line, and the first such is named.
 * With `hidden`, the values of the headers that it names are replaced: for showing, not for hashing.
 */
export function canonicalHeaders(
  names: readonly string[],
  headers: HeaderLookup,
  hidden?: (name: string) => boolean,
): { readonly lines: ByteString; readonly absent: string | undefined } {
  let lines = ''
  let absent: string | undefined
  for (const name of names) {
    const found = headers(name)
    if (found === undefined || found.length === 0) {
      if (found === '') lines += `${name}:\n`
      else absent ??= name
    } else if (hidden?.(name)) lines += `${name}:[hidden]\n`
    else if (typeof found === 'string') lines += `${name}:${trimmed(found)}\n`
    else if (found.length === 1) lines += `${name}:${trimmed(found[0]!)}\n`
    else for (const value of found.map(trimmed).sort()) lines += `${name}:${value}\n`
  }
  return { lines, absent }
}

function encode(bytes: ByteString): string {
  if (plain.test(bytes)) return bytes
  let out = ''
  // A character beyond one byte has no encoding here; it stays, and the hash refuses it.
  for (let i = 0; i < bytes.length; i++) out += encoded[bytes.charCodeAt(i)] ?? bytes[i]!
  return out
}

/** A `%` without two hex digits behind it stands for itself: a signer that met it could only have encoded it as `%25`. */
function decode(text: ByteString, plusAsSpace: boolean): ByteString {
  const spaced = plusAsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  return spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** By code, which for byte strings is the order of the bytes. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
