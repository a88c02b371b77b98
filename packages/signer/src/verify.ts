import { stringToSign, type Authorization } from './authorization.ts'
import { trimmed, type ByteString } from './bytes.ts'
import {
  canonicalHeaders,
  canonicalPath,
  canonicalQuery,
  joinCanonical,
  type HeaderLookup,
} from './canonical-request.ts'
import { formatDate, parseDate } from './date.ts'
import { sha256Hex } from './sha256.ts'
import type { SigningKey } from './signing-key.ts'

/** A request as it came off the wire. Method, path, query and header values are byte strings. */
export interface ReceivedRequest {
  readonly method: string
  /** Without the query, still encoded. */
  readonly path: ByteString
  /** What stands behind the `?`, still encoded; empty when there is none. */
  readonly query: ByteString
  /** By lower-case name. `host` is the Host as received, or `:authority`. */
  readonly headers: HeaderLookup
  /**
   * Lower-case hex SHA-256 of the body ({@link emptyPayloadHash} when there is none). Leave it out while it is not known:
   * then only a request passes that names its payload hash itself, and whoever reads the body has to compare.
   */
  readonly bodyHash?: string
}

/** A way of reading that is tried after the strict one, for the sake of signers that are in use. */
export type SecondReading =
  /** A bare `+` in the query was signed as a space. */
  | 'plus-as-space'
  /** A parameter without a value was signed as a bare name, and the encoded pairs were sorted. */
  | 'bare-empty-values'
  /** An escaped path was encoded once more before it was signed. */
  | 'path-encoded-twice'

export interface VerifyOptions {
  /** The server's time, milliseconds since the epoch. */
  readonly now: number
  /** Second readings that may be tried. Default: all. */
  readonly readings?: readonly SecondReading[]
  /** Only the strict reading, whatever `readings` says. Default false. */
  readonly strict?: boolean
  /** Lower-case hex SHA-256 of a byte string. Default: this package's own; a server has a faster one. */
  readonly sha256?: (text: ByteString) => string
}

export type Verification = Verified | Rejection

export interface Verified {
  readonly ok: true
  /** Empty for the strict reading. */
  readonly readings: readonly SecondReading[]
  /**
   * `compared`: the body is the one that was signed. `claimed`: the header names a hash, but the body was not known.
   * `unsigned`: the header says something else than a hash, such as UNSIGNED-PAYLOAD.
   */
  readonly payload: 'compared' | 'claimed' | 'unsigned'
}

/** What was compared with what. Plain data, without the secret and without the signature that would have been right. */
export type Rejection = { readonly ok: false } & (
  | { readonly check: 'date-missing' }
  | { readonly check: 'date-malformed'; readonly date: string }
  | { readonly check: 'date-not-signed'; readonly date: string; readonly signedHeaders: readonly string[] }
  /** `skewSeconds`: the server's time minus the request's; negative when the request comes from the future. */
  | { readonly check: 'window'; readonly date: string; readonly serverTime: string; readonly skewSeconds: number }
  | { readonly check: 'header-absent'; readonly header: string }
  | SignatureRejection
  /** `claimed`: the hash in `X-Sdk-Content-Sha256`, if any. `actual`: the body's, if known. */
  | { readonly check: 'payload'; readonly claimed: string | undefined; readonly actual: string | undefined }
)

interface SignatureRejection {
  readonly check: 'signature'
  readonly date: string
  readonly serverTime: string
  /** In the strict reading. Values of headers that carry credentials are replaced by `[hidden]`. */
  readonly canonicalRequest: string
  /** With the hash of the true canonical request, nothing hidden. */
  readonly stringToSign: string
  /** The readings that were tried in vain besides the strict one. */
  readonly tried: readonly (readonly SecondReading[])[]
}

/** 15 minutes, both ends included. */
const windowSeconds = 15 * 60

const everyReading: readonly SecondReading[] = ['plus-as-space', 'bare-empty-values', 'path-encoded-twice']

/** Checks the date, its window, the signed headers, the signature and the payload, in this order; the first that fails is told. */
export function verify(
  request: ReceivedRequest,
  authorization: Authorization,
  key: SigningKey,
  options: VerifyOptions,
): Verification {
  const { signedHeaders } = authorization
  const { sha256 = sha256Hex } = options
  const date = single(request.headers('x-sdk-date'))
  if (date === undefined) return { ok: false, check: 'date-missing' }
  const at = parseDate(date)
  if (at === undefined) return { ok: false, check: 'date-malformed', date }
  if (!signedHeaders.includes('x-sdk-date')) return { ok: false, check: 'date-not-signed', date, signedHeaders }

  const skewSeconds = Math.floor(options.now / 1000) - at / 1000
  if (Math.abs(skewSeconds) > windowSeconds) {
    return { ok: false, check: 'window', date, serverTime: formatDate(options.now), skewSeconds }
  }

  const { lines, absent } = canonicalHeaders(signedHeaders, request.headers)
  if (absent !== undefined) return { ok: false, check: 'header-absent', header: absent }

  const claimed = single(request.headers('x-sdk-content-sha256'))
  const payloadHash = claimed ?? request.bodyHash
  if (payloadHash === undefined) return { ok: false, check: 'payload', claimed, actual: undefined }

  const path = canonicalPath(request.path)
  const query = canonicalQuery(request.query)
  const canonical = joinCanonical(request.method, path, query, lines, signedHeaders, payloadHash)
  const toSign = stringToSign(date, sha256(canonical))
  if (key.matches(toSign, authorization.signature)) return withPayload(claimed, request.bodyHash, [])

  const tried: SecondReading[][] = []
  for (const attempt of otherReadings(request, path, query, options)) {
    tried.push(attempt.readings)
    const other = joinCanonical(request.method, attempt.path, attempt.query, lines, signedHeaders, payloadHash)
    if (key.matches(stringToSign(date, sha256(other)), authorization.signature)) {
      return withPayload(claimed, request.bodyHash, attempt.readings)
    }
  }
  const shown = canonicalHeaders(signedHeaders, request.headers, isCredential).lines
  return {
    ok: false,
    check: 'signature',
    date,
    serverTime: formatDate(options.now),
    canonicalRequest: joinCanonical(request.method, path, query, shown, signedHeaders, payloadHash),
    stringToSign: toSign,
    tried,
  }
}

interface Attempt {
  readonly readings: SecondReading[]
  readonly path: string
  readonly query: string
}

/** Every allowed combination that reads this request in a way not tried yet; for most requests there is none. */
function otherReadings(request: ReceivedRequest, path: string, query: string, options: VerifyOptions): Attempt[] {
  const allowed = options.strict ? [] : (options.readings ?? everyReading)
  const paths: Attempt[] = [{ readings: [], path, query }]
  if (allowed.includes('path-encoded-twice')) {
    paths.push({ readings: ['path-encoded-twice'], path: canonicalPath(request.path, true), query })
  }
  const queries: Attempt[] = [{ readings: [], path, query }]
  const space = allowed.includes('plus-as-space')
  const bare = allowed.includes('bare-empty-values')
  const read = (readings: SecondReading[], plus: 'literal' | 'space', emptyValues: 'equals' | 'bare') =>
    queries.push({ readings, path, query: canonicalQuery(request.query, plus, emptyValues) })
  if (space) read(['plus-as-space'], 'space', 'equals')
  if (bare) read(['bare-empty-values'], 'literal', 'bare')
  if (space && bare) read(['plus-as-space', 'bare-empty-values'], 'space', 'bare')

  const seen = new Set([`${path}\n${query}`])
  const attempts: Attempt[] = []
  for (const { path, readings: ofPath } of paths) {
    for (const { query, readings: ofQuery } of queries) {
      const text = `${path}\n${query}`
      if (seen.has(text)) continue
      seen.add(text)
      attempts.push({ readings: [...ofQuery, ...ofPath], path, query })
    }
  }
  return attempts
}

const hash = /^[0-9A-Fa-f]{64}$/

function withPayload(
  claimed: string | undefined,
  actual: string | undefined,
  readings: readonly SecondReading[],
): Verification {
  if (claimed === undefined) return { ok: true, readings, payload: 'compared' }
  if (!hash.test(claimed)) return { ok: true, readings, payload: 'unsigned' }
  if (actual === undefined) return { ok: true, readings, payload: 'claimed' }
  if (claimed.toLowerCase() !== actual) return { ok: false, check: 'payload', claimed, actual }
  return { ok: true, readings, payload: 'compared' }
}

/** A header of which there should be one. Several are joined, as the standard joins them, and then match no rule. */
function single(found: readonly ByteString[] | ByteString | undefined): ByteString | undefined {
  if (found === undefined || typeof found === 'string') return found === undefined ? undefined : trimmed(found)
  return found.length === 0 ? undefined : trimmed(found.length === 1 ? found[0]! : found.join(', '))
}

const credentials = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-auth-token',
  'x-subject-token',
  'x-security-token',
  'x-apig-appcode',
  'x-hw-appkey',
])

function isCredential(header: string): boolean {
  return credentials.has(header)
}
