import type { Catalog } from '../../catalog.ts'
import { certificatesOfDomain } from '../../compile/certificates.ts'
import type { Certificate } from '../../documents/certificate.ts'
import type { Domain } from '../../documents/documents.ts'
import { AdminError, invalid } from '../admin-error.ts'
import { coversDomain } from './certificates.ts'

/** The domains that a certificate is bound to. */
export function boundTo(catalog: Catalog, certificate: Certificate): readonly Domain[] {
  return catalog.all('domain').filter(({ certificateIds }) => certificateIds?.includes(certificate.id))
}

/** Throws when a domain could not go on with a certificate as it is to be. */
export function refuseUnfit(catalog: Catalog, certificate: Certificate, domain: Domain): void {
  if (!coversDomain(certificate.content, domain.name)) {
    throw new AdminError('APIG.2103', `The certificate common name does not match the domain name: ${domain.name}`)
  }
  const others = certificatesOfDomain(catalog, domain).filter(({ id }) => id !== certificate.id)
  if (others.some(({ algorithmType }) => algorithmType === certificate.algorithmType)) throw new AdminError('APIG.3715')
  // Without a root to verify against, everybody would pass, or nobody.
  if (domain.verifyClients && ![...others, certificate].some(hasRoot)) throw invalid('trusted_root_ca')
}

/**
 * The domain as it is with the certificate. `verify` says whether clients have to show certificates of their own; absent,
 * they have to from when a certificate names a root for them.
 */
export function bound(catalog: Catalog, domain: Domain, certificate: Certificate, verify?: boolean): Domain {
  if (certificate.instanceId !== undefined && certificate.instanceId !== domain.instanceId) {
    throw new AdminError('APIG.1115')
  }
  const { certificateIds = [] } = domain
  const ids = certificateIds.includes(certificate.id) ? certificateIds : [...certificateIds, certificate.id]
  refuseUnfit(catalog, certificate, { ...unverified(domain), certificateIds: ids })
  const verifies = verify ?? (hasRoot(certificate) || domain.verifyClients === true)
  return verifying({ ...domain, certificateIds: ids }, verifies, [
    ...certificatesOfDomain(catalog, domain),
    certificate,
  ])
}

/** The domain without the certificate; when no root is left, clients have to show nothing any more. */
export function unbound(catalog: Catalog, domain: Domain, certificate: Certificate): Domain {
  const left = certificatesOfDomain(catalog, domain).filter(({ id }) => id !== certificate.id)
  const { certificateIds: _, ...bare } = left.some(hasRoot) ? domain : unverified(domain)
  return left.length === 0 ? bare : { ...bare, certificateIds: left.map(({ id }) => id) }
}

/** The domain with client verification as it is asked for; as it was when `verify` is absent. */
export function withVerification(catalog: Catalog, domain: Domain, verify: boolean | undefined): Domain {
  return verify === undefined ? domain : verifying(domain, verify, certificatesOfDomain(catalog, domain))
}

function verifying(domain: Domain, verify: boolean, certificates: readonly Certificate[]): Domain {
  if (!verify) return unverified(domain)
  if (!certificates.some(hasRoot)) throw invalid('verified_client_certificate_enabled')
  return { ...domain, verifyClients: true }
}

function unverified({ verifyClients: _, ...domain }: Domain): Domain {
  return domain
}

function hasRoot({ trustedRootCa }: Certificate): boolean {
  return trustedRootCa !== undefined
}
