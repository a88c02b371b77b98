import type { HostCertificate } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'

/** What domains answer with in TLS. Those that are bound to nothing answer with the default certificate. */
export function certificatesOf(catalog: Catalog): { readonly certificates?: readonly HostCertificate[] } {
  const certificates = catalog.all('domain').flatMap(({ name, certificateId }): HostCertificate[] => {
    const certificate = certificateId === undefined ? undefined : catalog.get('certificate', certificateId)
    return certificate === undefined ? [] : [{ name, chain: certificate.content, key: certificate.privateKey }]
  })
  return certificates.length === 0 ? {} : { certificates }
}
