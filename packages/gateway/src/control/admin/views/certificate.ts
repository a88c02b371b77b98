import { X509Certificate } from 'node:crypto'
import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import { certificatesOfDomain } from '../../compile/certificates.ts'
import type { Certificate } from '../../documents/certificate.ts'
import type { Domain } from '../../documents/documents.ts'
import { domainView } from './api-group.ts'
import { sslInfo } from './ssl-info.ts'

type Names = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a certificate says of itself. A document never changes, so it is read once. */
function factsOf(certificate: Certificate) {
  let facts = known.get(certificate)
  if (!facts) known.set(certificate, (facts = readFacts(new X509Certificate(certificate.content))))
  return facts
}

const known = new WeakMap<Certificate, ReturnType<typeof readFacts>>()

function readFacts(x509: X509Certificate) {
  const { subject, issuer } = x509.toLegacyObject() as unknown as { readonly subject: Names; readonly issuer: Names }
  const organization = all(issuer, 'O')
  return {
    common_name: all(subject, 'CN')[0] ?? '',
    san: (x509.subjectAltName ?? '').split(', ').map(name => name.replace(/^[A-Za-z ]+:/, '')),
    signature_algorithm: signatureNames[x509.signatureAlgorithm ?? ''] ?? x509.signatureAlgorithm ?? '',
    version: 3,
    organization: all(subject, 'O'),
    organizational_unit: all(subject, 'OU'),
    locality: all(subject, 'L'),
    state: all(subject, 'ST'),
    country: all(subject, 'C'),
    issuer: organization.length > 0 ? organization : all(issuer, 'CN'),
    serial_number: BigInt(`0x${x509.serialNumber}`).toString(),
    not_before: rfc3339(x509.validFromDate.getTime()),
    not_after: rfc3339(x509.validToDate.getTime()),
  }
}

/** The contract's names; others are shown as the library has them. */
const signatureNames: Readonly<Record<string, string>> = {
  sha1WithRSAEncryption: 'SHA1-RSA',
  sha256WithRSAEncryption: 'SHA256-RSA',
  sha384WithRSAEncryption: 'SHA384-RSA',
  sha512WithRSAEncryption: 'SHA512-RSA',
  rsassaPss: 'SHA256-RSAPSS',
  'ecdsa-with-SHA1': 'ECDSA-SHA1',
  'ecdsa-with-SHA256': 'ECDSA-SHA256',
  'ecdsa-with-SHA384': 'ECDSA-SHA384',
  'ecdsa-with-SHA512': 'ECDSA-SHA512',
}

function all(names: Names, name: string): string[] {
  const found = names[name]
  return found === undefined ? [] : typeof found === 'string' ? [found] : [...found]
}

/** As a list shows it. */
export function certificateSummary(certificate: Certificate) {
  const { common_name, san, signature_algorithm, not_after } = factsOf(certificate)
  return {
    id: certificate.id,
    name: certificate.name,
    type: typeOf(certificate),
    instance_id: certificate.instanceId ?? 'common',
    project_id: certificate.projectId,
    common_name,
    san,
    signature_algorithm,
    algorithm_type: certificate.algorithmType,
    is_has_trusted_root_ca: certificate.trustedRootCa !== undefined,
    not_after,
    create_time: rfc3339(certificate.createdAt),
    update_time: rfc3339(certificate.updatedAt),
  }
}

export function certificateView(certificate: Certificate) {
  return { ...certificateSummary(certificate), ...factsOf(certificate) }
}

export function typeOf({ instanceId }: Certificate): 'instance' | 'global' {
  return instanceId === undefined ? 'global' : 'instance'
}

/** A domain with the certificate it is bound to. */
export function domainWithCertificateView(domain: Domain, certificate: Certificate, catalog: Catalog) {
  return {
    ...domainView(domain),
    ssl_id: certificate.id,
    ssl_name: certificate.name,
    api_group_id: domain.groupId,
    api_group_name: catalog.get('api-group', domain.groupId)?.name ?? '',
    instance_id: domain.instanceId,
  }
}

export function attachedDomainView(domain: Domain, certificate: Certificate, catalog: Catalog) {
  return {
    ...domainWithCertificateView(domain, certificate, catalog),
    ssl_infos: certificatesOfDomain(catalog, domain).map(sslInfo),
  }
}
