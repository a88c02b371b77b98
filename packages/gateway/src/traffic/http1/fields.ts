/**
 * The field names that the gateway has an opinion about. A head notes the number of a known name while it is read, so
 * that everything later is a comparison of numbers.
 */
const names = [
  '', // any other name
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'server',
  'date',
  'authorization',
  'x-stage',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'x-apig-appcode',
  'x-sdk-date',
  'x-sdk-content-sha256',
  'x-auth-token',
  'x-security-token',
  'cookie',
] as const

export type FieldName = Exclude<(typeof names)[number], ''>

/** How many numbers there are; they go from 0, which is any name not listed. A head keeps a bit for each in one number. */
export const fieldCount: number = names.length
if (fieldCount > 31) throw new Error('more field numbers than bits')

export function fieldNumber(name: FieldName): number {
  return names.indexOf(name)
}

export const HOST = fieldNumber('host')
export const CONTENT_LENGTH = fieldNumber('content-length')
export const TRANSFER_ENCODING = fieldNumber('transfer-encoding')
export const CONNECTION = fieldNumber('connection')
export const KEEP_ALIVE = fieldNumber('keep-alive')
export const EXPECT = fieldNumber('expect')
export const DATE = fieldNumber('date')
export const X_STAGE = fieldNumber('x-stage')
export const X_FORWARDED_FOR = fieldNumber('x-forwarded-for')

/** A set of field numbers as a table. */
function fieldSet(...members: FieldName[]): Uint8Array {
  const set = new Uint8Array(fieldCount)
  for (const name of members) set[fieldNumber(name)] = 1
  return set
}

/** What belongs to one connection and not to the message (RFC 9110, 7.6.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const

/** What does not go on to the backend as it came: hop by hop, written anew by the gateway, or a credential for the gateway alone. */
export const heldBackFromBackend: Uint8Array = fieldSet(
  ...hopByHop,
  'host',
  'content-length',
  'expect',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'x-apig-appcode',
)

/** What does not go on to the caller as the backend sent it. */
export const heldBackFromCaller: Uint8Array = fieldSet(...hopByHop, 'content-length', 'server', 'x-request-id')

/** A Connection field that names one of these would have the gateway drop what it was asked to check. */
export const neverNominated: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'authorization',
  'x-sdk-date',
  'x-sdk-content-sha256',
  'x-auth-token',
  'x-security-token',
  'x-apig-appcode',
  'x-stage',
  'cookie',
])

/** Known names by length and first letter: hardly ever is there more than one to compare with. */
const candidates: { readonly number: number; readonly lower: Uint8Array }[][] = Array.from(
  { length: 33 * 32 },
  () => [],
)
names.forEach((name, number) => {
  if (number > 0)
    candidates[(name.length << 5) | (name.charCodeAt(0) & 31)]!.push({ number, lower: Buffer.from(name, 'latin1') })
})

/** The number of the name that stands at `start`..`end`; letters compare without case. The bytes are known to be a token. */
export function numberOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > 32) return 0
  const list = candidates[(length << 5) | (bytes[start]! & 31)]!
  next: for (let c = 0; c < list.length; c++) {
    const { number, lower } = list[c]!
    for (let i = 0; i < length; i++) {
      // Setting bit 32 makes a letter small; it leaves '-' and digits alone, and no other token byte becomes one of these.
      if ((bytes[start + i]! | 32) !== lower[i]!) continue next
    }
    return number
  }
  return 0
}
