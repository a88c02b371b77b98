import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Certificate } from '../../documents/certificate.ts'
import { AdminError, invalid, unsupported } from '../admin-error.ts'

/** A certificate as a body brings it. */
export interface CertificateMaterial {
  readonly cert_content: string
  readonly private_key: string
  readonly trusted_root_ca?: string
  readonly algorithm_type?: 'RSA' | 'ECC' | 'SM2'
}

/** The same, checked, and as it is kept. */
export interface CheckedMaterial {
  readonly content: string
  readonly privateKey: string
  readonly algorithmType: Certificate['algorithmType']
  readonly trustedRootCa?: string
}

/** Times are 32 bits wide in clients that still matter: January 19, 2038 03:14:07 UTC. */
const latestExpiry = 2 ** 31 * 1000 - 1000
/** What clients of TLS 1.2 and 1.3 can be expected to know. */
const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Everything that could keep a certificate from being served is found here, when it is saved. */
export function checkedMaterial(body: CertificateMaterial, now: number): CheckedMaterial {
  if (body.algorithm_type === 'SM2') throw unsupported('algorithm_type')
  const chain = certificatesIn(body.cert_content)
  const leaf = chain[0]!
  const key = privateKeyIn(body.private_key)
  const algorithmType = algorithmOf(key)
  if (!leaf.checkPrivateKey(key)) throw new AdminError('APIG.2101')
  if (body.algorithm_type !== undefined && body.algorithm_type !== algorithmType) throw invalid('algorithm_type')
  if (leaf.validToDate.getTime() < now) throw new AdminError('APIG.2102')
  if (leaf.validToDate.getTime() > latestExpiry) throw new AdminError('APIG.3148')
  if (leaf.subjectAltName === undefined) throw new AdminError('APIG.2109')
  if (!chain.every((each, at) => at === 0 || issued(each, chain[at - 1]!))) throw new AdminError('APIG.2104')
  const content = pem(chain)
  const privateKey = body.private_key.trim()
  const trustedRootCa = body.trusted_root_ca === undefined ? undefined : pem(certificatesIn(body.trusted_root_ca))
  loads(content, privateKey, trustedRootCa)
  return {
    content,
    privateKey,
    algorithmType,
    ...(trustedRootCa !== undefined && { trustedRootCa }),
  }
}

/** Whether clients that ask for the name of a domain would accept the certificate. */
export function coversDomain(content: string, domain: string): boolean {
  // For `*.example.com` any one label has to do: only another wildcard fits them all.
  const name = domain.replace(/^\*/, 'any-label-0f8c')
  return new X509Certificate(content).checkHost(name, { partialWildcards: false }) !== undefined
}

function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  if (blocks === null) throw new AdminError('APIG.2106')
  return read(() => blocks.map(block => new X509Certificate(block)))
}

function privateKeyIn(text: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:.*ENCRYPTED/m.test(text)) throw new AdminError('APIG.2105')
  return read(() => createPrivateKey(text))
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): 'RSA' | 'ECC' {
  if (type === 'rsa') return 'RSA'
  if (type === 'ec' && curves.includes(details?.namedCurve ?? '')) return 'ECC'
  throw new AdminError('APIG.2106')
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey)
}

/** Keys that are too short and signatures that are too weak are refused by the library that will serve them. */
function loads(cert: string, key: string, ca?: string): void {
  read(() => createSecureContext({ cert, key, ...(ca !== undefined && { ca }) }))
}

/** What the library says of a key it cannot read stays here: it may quote it. */
function read<T>(work: () => T): T {
  try {
    return work()
  } catch {
    throw new AdminError('APIG.2106')
  }
}

function pem(certificates: readonly X509Certificate[]): string {
  return certificates.map(certificate => certificate.toString().trimEnd()).join('\n')
}
