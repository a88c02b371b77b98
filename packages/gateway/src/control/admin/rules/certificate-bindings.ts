import type { Catalog } from '../../catalog.ts'
import type { Certificate } from '../../documents/certificate.ts'
import type { Domain } from '../../documents/documents.ts'
import { AdminError, unsupported } from '../admin-error.ts'
import { coversDomain } from './certificates.ts'

/** The domains that a certificate is bound to. */
export function boundTo(catalog: Catalog, certificate: Certificate): readonly Domain[] {
  return catalog.all('domain').filter(({ certificateId }) => certificateId === certificate.id)
}

export function refuseUncovered(certificate: Certificate, { name }: Domain): void {
  if (!coversDomain(certificate.content, name)) {
    throw new AdminError('APIG.2103', `The certificate common name does not match the domain name: ${name}`)
  }
}

/**
 * The domain as it is with the certificate: itself when it has it already. `verify` says whether clients have to show certificates of their own;
 * absent, they have to exactly when the certificate names a root for them.
 */
export function bound(catalog: Catalog, domain: Domain, certificate: Certificate, verify?: boolean): Domain {
  if (verify ?? certificate.trustedRootCa !== undefined) throw unsupported('verified_client_certificate_enabled')
  if (certificate.instanceId !== undefined && certificate.instanceId !== domain.instanceId) {
    throw new AdminError('APIG.1115')
  }
  const { certificateId } = domain
  if (certificateId === certificate.id) return domain
  const other = certificateId === undefined ? undefined : catalog.get('certificate', certificateId)
  if (other !== undefined) {
    if (other.algorithmType === certificate.algorithmType) throw new AdminError('APIG.3715')
    // A second one for clients of the other algorithm: to serve both, one has to know a client before it is answered.
    throw unsupported('certificate_ids')
  }
  refuseUncovered(certificate, domain)
  return { ...domain, certificateId: certificate.id }
}

export function unbound({ certificateId: _, ...domain }: Domain): Domain {
  return domain
}
