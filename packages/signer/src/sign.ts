import { formatAuthorization, stringToSign } from './authorization.ts'
import { isByteString, toByteString, type ByteString } from './bytes.ts'
import { canonicalRequest, emptyPayloadHash } from './canonical-request.ts'
import { formatDate, parseDate } from './date.ts'
import { sha256Hex } from './sha256.ts'
import { prepareKey, type SigningKey } from './signing-key.ts'

/** A request that is going to be sent: with a `url`, or with the parts of which one is made. */
export interface RequestToSign {
  /** Default GET. */
  readonly method?: string
  readonly url?: string | URL
  /** Instead of `url`, as it will be on the wire. `query` is without the `?` and empty by default. */
  readonly path?: ByteString
  readonly query?: ByteString
  readonly host?: string
  /** What will be sent besides the headers that `sign` returns. Each value as it goes onto the wire: see {@link toByteString}. */
  readonly headers?: HeadersToSign
  /** A string counts as its UTF-8 bytes. Default: no body. */
  readonly body?: string | Uint8Array
  /** Instead of `body`: its lower-case hex SHA-256, or {@link unsignedPayload}. It is then sent along in `X-Sdk-Content-Sha256`. */
  readonly payloadHash?: string
  /** Default: what `X-Sdk-Date` says among the headers, else now. Milliseconds since the epoch, or a Date. */
  readonly date?: Date | number
  /** Names of the headers to sign. Default: all that are given but those that proxies change. `x-sdk-date` is always signed. */
  readonly signedHeaders?: readonly string[]
}

/** A plain object, a `Headers`, or anything else that gives pairs. */
export type HeadersToSign = Readonly<Record<string, string | readonly string[]>> | Iterable<readonly [string, string]>

export interface Credentials {
  /** The AppKey, or an access key. */
  readonly key: string
  /** The AppSecret as text, or prepared once with {@link prepareKey} by who signs often. */
  readonly secret: string | SigningKey
}

export interface SigningDetails {
  readonly headers: Record<string, string>
  readonly canonicalRequest: ByteString
  readonly stringToSign: string
}

/**
 * Signs a request with SDK-HMAC-SHA256 and returns the headers to add to it: `Authorization`, and `X-Sdk-Date`, `Host` and
 * `X-Sdk-Content-Sha256` where they are needed and not there yet.
 *
 * ```ts
 * import { sign } from '@pailou/signer'
 *
 * const url = 'https://api.example.com/orders?page=1'
 * const headers = { 'Content-Type': 'application/json' }
 * const body = JSON.stringify({ name: '牌楼' })
 *
 * const added = sign({ method: 'POST', url, headers, body }, { key: 'AppKey', secret: 'AppSecret' })
 * const response = await fetch(url, { method: 'POST', headers: { ...headers, ...added }, body })
 * ```
 *
 * @throws TypeError when something is missing or cannot be sent. The message never contains the secret.
 */
export function sign(request: RequestToSign, credentials: Credentials): Record<string, string> {
  return signWithDetails(request, credentials).headers
}

/** Like {@link sign}, and shows the texts on the way: for finding out why two signatures differ. */
export function signWithDetails(request: RequestToSign, { key, secret }: Credentials): SigningDetails {
  if (!/^[^\s,]+$/.test(key)) throw new TypeError('the key is empty, or contains a comma or white space')
  if (secret === '') throw new TypeError('the secret is empty')
  const { path, query, host } = target(request)
  const headers = collect(request.headers)
  const added: Record<string, string> = {}
  const add = (name: string, value: string) => {
    added[name] = value
    headers.set(name.toLowerCase(), [value])
  }

  if (request.date !== undefined) add('X-Sdk-Date', formatDate(+request.date))
  else if (!headers.has('x-sdk-date')) add('X-Sdk-Date', formatDate(Date.now()))
  const date = headers.get('x-sdk-date')!.join(', ')
  if (parseDate(date) === undefined) throw new TypeError('X-Sdk-Date is not a date such as 20260115T033655Z')

  if (!headers.has('host') && host !== undefined) add('Host', host)
  if (request.payloadHash !== undefined) add('X-Sdk-Content-Sha256', request.payloadHash)
  const payloadHash = headers.get('x-sdk-content-sha256')?.join(', ') ?? hashOf(request.body)

  const signedHeaders = namesToSign(request.signedHeaders, headers)
  const method = (request.method ?? 'GET').toUpperCase()
  const canonical = canonicalRequest({
    method,
    path,
    query,
    headers: name => headers.get(name),
    signedHeaders,
    payloadHash,
  })
  const toSign = stringToSign(date, sha256Hex(canonical))
  const signature = (typeof secret === 'string' ? prepareKey(secret) : secret).sign(toSign)
  added['Authorization'] = formatAuthorization({ access: key, signedHeaders, signature })
  return { headers: added, canonicalRequest: canonical, stringToSign: toSign }
}

function target({ url, path, query, host }: RequestToSign): { path: string; query: string; host: string | undefined } {
  if (url !== undefined) {
    // What the platform will send: parsing escapes, lowers the host and drops the default port, as fetch and node:http do.
    const parsed = new URL(url)
    return { path: parsed.pathname, query: parsed.search.slice(1), host: parsed.host }
  }
  if (path === undefined) throw new TypeError('a request needs a url or a path')
  if (!isByteString(path + (query ?? '')))
    throw new TypeError('path and query have to be as on the wire, percent-encoded')
  return { path, query: query ?? '', host }
}

function collect(given: HeadersToSign = {}): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  const pairs = Symbol.iterator in given ? (given as Iterable<readonly [string, string]>) : Object.entries(given)
  for (const [name, values] of pairs) {
    for (const value of typeof values === 'string' ? [values] : values) {
      if (!isByteString(value)) {
        throw new TypeError(
          `the value of header ${name} cannot be sent as it is: encode it with toByteString(value), and send that`,
        )
      }
      const lower = name.toLowerCase()
      headers.set(lower, [...(headers.get(lower) ?? []), value])
    }
  }
  return headers
}

/** Headers of one hop: the next proxy replaces them, and the signature would break. */
const hopByHop = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function namesToSign(chosen: readonly string[] | undefined, headers: Map<string, string[]>): string[] {
  if (!chosen) return [...headers.keys()].filter(name => name !== 'authorization' && !hopByHop.has(name)).sort()
  const names = new Set(['x-sdk-date', ...chosen.map(name => name.toLowerCase())])
  for (const name of names)
    if (!headers.has(name)) throw new TypeError(`header ${name} is to be signed but is not there`)
  return [...names].sort()
}

function hashOf(body: string | Uint8Array = ''): string {
  if (body.length === 0) return emptyPayloadHash
  return sha256Hex(typeof body === 'string' ? toByteString(body) : body)
}
