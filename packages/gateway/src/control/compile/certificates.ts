import type { HostCertificates } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import type { Certificate } from '../documents/certificate.ts'
import type { Domain } from '../documents/documents.ts'

/** What domains answer with in TLS. Those that are bound to nothing answer with the default certificate. */
export function compileCertificates(catalog: Catalog): { readonly certificates?: readonly HostCertificates[] } {
  const certificates = catalog.all('domain').flatMap((domain): HostCertificates[] => {
    const bound = certificatesOfDomain(catalog, domain)
    if (bound.length === 0) return []
    const clientAuthority = bound.flatMap(({ trustedRootCa = [] }) => trustedRootCa).join('\n')
    return [
      {
        name: domain.name,
        certificates: bound.map(({ content, privateKey }) => ({ chain: content, key: privateKey })),
        ...(domain.verifyClients && { clientAuthority }),
      },
    ]
  })
  return certificates.length === 0 ? {} : { certificates }
}

export function certificatesOfDomain(catalog: Catalog, { certificateIds = [] }: Domain): readonly Certificate[] {
  return certificateIds.flatMap(id => catalog.get('certificate', id) ?? [])
}
