const algorithm = 'SDK-HMAC-SHA256'

/** What an `Authorization` header of this algorithm says. */
export interface Authorization {
  /** The key of the app or the user. */
  readonly access: string
  /** Lower case, in the order in which they are listed. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hex digits. */
  readonly signature: string
}

export interface AuthorizationProblem {
  /** `algorithm`: another scheme, perhaps not meant for us. `access`: the key is missing or empty. */
  readonly check: 'algorithm' | 'access' | 'signed-headers' | 'signature' | 'size'
  /** One sentence. It repeats nothing of the header. */
  readonly problem: string
}

const maxLength = 8192
const maxSignedHeaders = 64
const wellFormed =
  /^SDK-HMAC-SHA256 +Access=([^\s,]+), *SignedHeaders=([!#$%&'*+\-.^_`|~0-9a-z;]+), *Signature=([0-9a-f]{64})$/

/**
 * Reads `SDK-HMAC-SHA256 Access=<key>, SignedHeaders=<a;b>, Signature=<64 hex>`; the spaces behind the commas are optional.
 * At most 8 KB and 64 signed headers.
 */
export function parseAuthorization(value: string): Authorization | AuthorizationProblem {
  if (value.length > maxLength) return { check: 'size', problem: `Authorization is longer than ${maxLength} bytes` }
  const match = wellFormed.exec(value)
  if (!match) return problemOf(value)
  const signedHeaders = match[2]!.split(';')
  if (signedHeaders.length > maxSignedHeaders) {
    return { check: 'size', problem: `SignedHeaders lists more than ${maxSignedHeaders} headers` }
  }
  if (signedHeaders.includes('')) return { check: 'signed-headers', problem: 'SignedHeaders contains an empty name' }
  return { access: match[1]!, signedHeaders, signature: match[3]! }
}

/** Only refused headers come here, so it may look slowly. */
function problemOf(value: string): AuthorizationProblem {
  const [scheme = ''] = value.split(/[ \t]/, 1)
  if (scheme !== algorithm) return { check: 'algorithm', problem: `the algorithm is not ${algorithm}` }
  const fields = new Map(
    value
      .slice(scheme.length)
      .split(',')
      .map(field => [field.split('=', 1)[0]!.trim(), field.slice(field.indexOf('=') + 1)] as const),
  )
  const access = fields.get('Access')
  const signedHeaders = fields.get('SignedHeaders')
  const signature = fields.get('Signature')
  if (!access?.trim()) return { check: 'access', problem: 'Access is missing or empty' }
  if (/\s/.test(access)) return { check: 'access', problem: 'Access contains white space' }
  if (!signedHeaders?.trim()) return { check: 'signed-headers', problem: 'SignedHeaders is missing or empty' }
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z;]+$/.test(signedHeaders)) {
    return {
      check: 'signed-headers',
      problem: 'SignedHeaders is not a list of lower-case header names separated by semicolons',
    }
  }
  if (!signature?.trim()) return { check: 'signature', problem: 'Signature is missing or empty' }
  if (!/^[0-9a-f]{64}$/.test(signature)) {
    return { check: 'signature', problem: 'Signature is not 64 lower-case hexadecimal digits' }
  }
  return {
    check: 'signature',
    problem: 'Access, SignedHeaders and Signature are expected in this order, separated by commas, and nothing else',
  }
}

export function formatAuthorization({ access, signedHeaders, signature }: Authorization): string {
  return `${algorithm} Access=${access}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
}

/** What the signature itself is made over. */
export function stringToSign(date: string, canonicalRequestHash: string): string {
  return `${algorithm}\n${date}\n${canonicalRequestHash}`
}
