import { generate } from 'selfsigned'

export interface MadeCertificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** `ec` (P-256) unless given. An issuer's certificates have its type. */
  readonly keyType?: 'rsa' | 'ec'
  readonly keySize?: number
  readonly subject?: readonly { readonly shortName: string; readonly value: string }[]
  /** Whether the names stand in the extension for them, and not the first one as common name only. Yes unless given. */
  readonly alternatives?: boolean
  readonly issuer?: MadeCertificate
  /** Whether it may issue others. */
  readonly authority?: boolean
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** For which end of a connection it may be used; for both unless given. */
  readonly usage?: 'server' | 'client'
  /** Encrypts the key. */
  readonly passphrase?: string
}

/** A certificate for names, as new as it gets. For tests. */
export async function makeCertificate(
  names: readonly string[],
  options: CertificateOptions = {},
): Promise<MadeCertificate> {
  const { keyType = 'ec', subject = [], alternatives = true, issuer, authority = false } = options
  const made = await generate([{ name: 'commonName', value: names[0]! }, ...subject], {
    keyType,
    algorithm: 'sha256',
    ...(options.keySize !== undefined && { keySize: options.keySize }),
    ...(issuer !== undefined && { ca: issuer }),
    ...(options.notBefore !== undefined && { notBeforeDate: options.notBefore }),
    ...(options.notAfter !== undefined && { notAfterDate: options.notAfter }),
    ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
    extensions: [
      { name: 'basicConstraints', cA: authority, critical: true },
      ...(options.usage !== undefined ? [{ name: 'extKeyUsage' as const, [`${options.usage}Auth`]: true }] : []),
      ...(alternatives
        ? [{ name: 'subjectAltName' as const, altNames: names.map(value => ({ type: 2 as const, value })) }]
        : []),
    ],
  })
  return { cert: made.cert.trimEnd(), key: made.private }
}
