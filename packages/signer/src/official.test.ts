import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  parseAuthorization,
  parseDate,
  prepareKey,
  sha256Hex,
  toByteString,
  verify,
  type Authorization,
  type ReceivedRequest,
  type VerifyOptions,
} from './index.ts'

/**
 * The official signer signs, we verify. Where it differs from the written rules, and what we do about it:
 *
 * - A path that is escaped already is encoded once more. It needs the reading `path-encoded-twice`.
 * - A path that mixes escapes with raw characters cannot be told apart on the wire: such a request verifies nowhere.
 *   Neither does a raw `'` or `|`: its URL parser escapes them before the path is encoded, and an HTTP client does not.
 * - Names and values of the query are sorted by UTF-16 unit, elsewhere by byte. It matters only when characters beyond
 *   the Basic Multilingual Plane meet those from U+E000 on.
 * - Header lines are sorted by locale, the list of names by code. They part company at `_`, so header names have none here.
 * - Header values are signed untrimmed, so they have no outer white space here.
 */
const { AKSKSigner } = createRequire(import.meta.url)('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js') as {
  AKSKSigner: {
    sign(request: OfficialRequest, credential: { getAk(): string; getSk(): string }): Record<string, string>
  }
}

interface OfficialRequest {
  method: string
  endpoint: string
  queryParams: Record<string, string | string[]>
  headers: Record<string, string>
  data?: unknown
}

const access = 'FM9RLCN2PAILOU00KEY1'
const secret = 'pailou-test-secret-0123456789abcdef'
const key = prepareKey(secret)
const date = '20260115T033655Z'
const now = parseDate(date)!

interface Sent {
  readonly received: ReceivedRequest & { readonly bodyHash: string }
  readonly headers: ReadonlyMap<string, string>
  readonly authorization: Authorization
}

/** Signs officially, puts the request onto the wire as an HTTP client would, and reads it as bytes. */
function send(request: OfficialRequest): Sent {
  const signed = AKSKSigner.sign(
    {
      ...request,
      queryParams: structuredClone(request.queryParams),
      headers: { ...request.headers, 'X-Sdk-Date': date },
    },
    { getAk: () => access, getSk: () => secret },
  )
  const headers = new Map(Object.entries(signed).map(([name, value]) => [name.toLowerCase(), toByteString(value)]))
  const query = Object.entries(request.queryParams)
    .flatMap(([name, values]) =>
      [values].flat().map(value => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    )
    .join('&')
  const received = {
    method: request.method,
    path: new URL(request.endpoint).pathname,
    query,
    headers: (name: string) => headers.get(name),
    bodyHash: sha256Hex(toByteString(request.data === undefined ? '' : JSON.stringify(request.data))),
  }
  return { received, headers, authorization: parseAuthorization(headers.get('authorization')!) as Authorization }
}

function accepted(
  { received, authorization }: Sent,
  change: Partial<ReceivedRequest> = {},
  options: Partial<VerifyOptions> = {},
) {
  return verify({ ...received, ...change }, authorization, key, { now, ...options }).ok
}

const letters = (text: string) => text.split('')
const word = fc.string({ unit: fc.constantFrom(...letters('abcXYZ019-._~')), minLength: 1, maxLength: 8 })
/** Below U+E000, for the sake of the order; see above. */
const character = fc.integer({ min: 0x20, max: 0xd7ff }).map(code => String.fromCodePoint(code))
const text = fc.string({
  unit: fc.oneof(character, fc.constantFrom(...letters('ab +&=%/?*!'), '牌', '\u{1f4e6}')),
  maxLength: 8,
})
/** Neither `.` nor `..`, which an HTTP client removes. */
const segment = fc
  .oneof(
    word,
    fc.string({
      unit: fc.constantFrom('a', '(', ')', '*', '!', '$', '+', ',', ':', '@', '牌', '楼', 'é', '\u{1f4e6}'),
      maxLength: 6,
    }),
  )
  .filter(part => !/^\.+$/.test(part))
const plainPath = fc
  .array(segment, { maxLength: 4 })
  .map(parts => `/${parts.join('/')}`)
  .filter(path => !path.startsWith('//'))
const escapedPath = fc
  .array(
    fc.tuple(word, text).map(([plain, any]) => plain + encodeURIComponent(any).replaceAll("'", '%27')),
    { minLength: 1, maxLength: 3 },
  )
  .map(parts => `/${parts.join('/')}`)
  .filter(path => path.includes('%') && !/\/\.+(\/|$)/.test(path))
const queryParams = fc.dictionary(
  fc.oneof(
    word,
    text.filter(name => name !== '' && name !== '__proto__'),
  ),
  fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4, noNullPrototype: true },
)
const headers = fc.dictionary(
  fc.string({ unit: fc.constantFrom(...letters('abcz019-')), minLength: 1, maxLength: 8 }).map(name => `x-${name}`),
  fc.oneof(
    word,
    text.map(value => value.trim()),
  ),
  { maxKeys: 3, noNullPrototype: true },
)
const data = fc.option(fc.oneof(fc.dictionary(word, text, { noNullPrototype: true }), fc.array(text)), {
  nil: undefined,
})

function requests(path: fc.Arbitrary<string>): fc.Arbitrary<OfficialRequest> {
  const host = fc.constantFrom('api.example.com', 'api.example.com:8443', '127.0.0.1:8000')
  return fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
      endpoint: fc.tuple(host, path).map(([name, path]) => `http://${name}${path}`),
      queryParams,
      headers: fc
        .tuple(headers, fc.boolean())
        .map(([some, typed]) => (typed ? { ...some, 'content-type': 'application/json' } : some)),
      data,
    })
    .map(({ data, ...rest }) => (data === undefined ? rest : { ...rest, data }))
}

const run = { seed: 20260115, numRuns: 300 }

test('what the official signer signs verifies in the strict reading', () => {
  fc.assert(
    fc.property(requests(plainPath), request => accepted(send(request), {}, { strict: true })),
    run,
  )
})

test('with an escaped path it verifies in the reading for it, and only in that', () => {
  const property = fc.property(requests(escapedPath), request => {
    const sent = send(request)
    return accepted(sent, {}, { readings: ['path-encoded-twice'] }) && !accepted(sent, {}, { strict: true })
  })
  fc.assert(property, run)
})

test('with one thing changed it verifies in no reading', () => {
  const other = (name: string, value: string, sent: Sent): Partial<ReceivedRequest> => ({
    headers: asked => (asked === name ? value : sent.headers.get(asked)),
  })
  const flips: Record<string, (sent: Sent) => Partial<ReceivedRequest>> = {
    method: ({ received }) => ({ method: received.method === 'GET' ? 'POST' : 'GET' }),
    path: ({ received }) => ({ path: `${received.path.replace(/\/$/, '')}/more` }),
    query: ({ received }) => ({ query: received.query === '' ? 'more=1' : `${received.query}&more=1` }),
    'query value': ({ received }) => ({ query: received.query === '' ? 'more' : `${received.query}x` }),
    body: ({ received }) => ({ bodyHash: received.bodyHash.replace(/./, digit => (digit === '0' ? '1' : '0')) }),
    host: sent => other('host', `${sent.headers.get('host')}0`, sent),
    date: sent => other('x-sdk-date', '20260115T033656Z', sent),
    'signed header': sent => {
      const name = sent.authorization.signedHeaders.at(-1)!
      return other(name, `${sent.headers.get(name)}x`, sent)
    },
  }
  const property = fc.property(
    requests(fc.oneof(plainPath, escapedPath)),
    fc.constantFrom(...Object.keys(flips)),
    (request, flip) => {
      const sent = send(request)
      return accepted(sent) && !accepted(sent, flips[flip]!(sent))
    },
  )
  fc.assert(property, run)
})

test('with another secret, or one digit of the signature changed, it does not verify', () => {
  const property = fc.property(requests(plainPath), fc.nat(63), (request, at) => {
    const { received, authorization } = send(request)
    const { signature } = authorization
    const flipped = signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1)
    return (
      !verify(received, authorization, prepareKey(`${secret}x`), { now }).ok &&
      !verify(received, { ...authorization, signature: flipped }, key, { now }).ok
    )
  })
  fc.assert(property, { ...run, numRuns: 100 })
})
