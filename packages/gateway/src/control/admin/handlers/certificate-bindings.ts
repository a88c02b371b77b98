import { isDeepStrictEqual } from 'node:util'
import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Certificate } from '../../documents/certificate.ts'
import type { Domain, Instance } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { listed, named } from '../lists.ts'
import { certificateOf, domainOf, groupOf } from '../lookup.ts'
import { bound, boundTo, unbound } from '../rules/certificate-bindings.ts'
import { attachedDomainView, certificateView, domainWithCertificateView } from '../views/certificate.ts'
import { certificateFields } from './certificates.ts'

function domainAt(catalog: Catalog, instance: Instance, place: { group_id: string; domain_id: string }): Domain {
  return domainOf(catalog, groupOf(catalog, instance.id, place.group_id), place.domain_id)
}

/** The certificate of a domain; 3021 when it is not this one. */
function certificateAt(catalog: Catalog, instance: Instance, domain: Domain, id: string): Certificate {
  const certificate = certificateOf(catalog, instance.projectId, id)
  if (!domain.certificateIds?.includes(certificate.id)) throw new AdminError('APIG.3021')
  return certificate
}

interface NamedDomain {
  readonly domain: string
  readonly instance_ids?: readonly string[]
  readonly verified_client_certificate_enabled?: boolean
}

/** A name is bound once in all instances, so a domain is found by its name. */
function domainNamed(catalog: Catalog, projectId: string, wanted: NamedDomain): Domain | undefined {
  const name = wanted.domain.toLowerCase()
  const domain = catalog.all('domain').find(each => each.name === name)
  if (domain === undefined || catalog.get('instance', domain.instanceId)?.projectId !== projectId) return undefined
  const { instance_ids: instances = [] } = wanted
  return instances.length === 0 || instances.includes(domain.instanceId) ? domain : undefined
}

const put = (document: Domain): Edit => ({ put: 'domain', document })
const change = (before: Domain, after: Domain): Edit[] => (isDeepStrictEqual(before, after) ? [] : [put(after)])

export const certificateBindings = {
  listAttachedDomainsV2({ params, query, project }, { desk }) {
    const catalog = desk.catalog()
    const certificate = certificateOf(catalog, project.id, params.certificate_id)
    const name = named(query.url_domain)
    const found = boundTo(catalog, certificate).filter(domain => name(domain.name))
    return listed('bound_domains', found, query, domain => attachedDomainView(domain, certificate, catalog))
  },

  batchAssociateDomainsV2({ params, body, project }, { desk }) {
    return desk.write(catalog => {
      const certificate = certificateOf(catalog, project.id, params.certificate_id)
      const edits = body.domains.flatMap(wanted => {
        const domain = domainNamed(catalog, project.id, wanted)
        if (!domain) throw new AdminError('APIG.3020', `The URL domain does not exist: ${wanted.domain}`)
        return change(domain, bound(catalog, domain, certificate, wanted.verified_client_certificate_enabled))
      })
      return { edits, result: undefined }
    })
  },

  batchDisassociateDomainsV2({ params, body, project }, { desk }) {
    return desk.write(catalog => {
      const certificate = certificateOf(catalog, project.id, params.certificate_id)
      const found = body.domains
        .map(wanted => domainNamed(catalog, project.id, wanted))
        .filter(domain => domain?.certificateIds?.includes(certificate.id))
      // The code and the text by which clients know that there is nothing left to unbind.
      if (found.length === 0) throw new AdminError('APIG.2000', 'no valid domain name')
      return { edits: found.map(domain => put(unbound(catalog, domain!, certificate))), result: undefined }
    })
  },

  batchAssociateCertsV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const domain = domainAt(catalog, instance, params)
      const certificate = certificateOf(catalog, instance.projectId, body.certificate_ids[0]!)
      const document = bound(catalog, domain, certificate, body.verified_client_certificate_enabled)
      return { edits: change(domain, document), result: undefined }
    })
  },

  batchDisassociateCertsV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const domain = domainAt(catalog, instance, params)
      const certificate = certificateAt(catalog, instance, domain, body.certificate_ids[0]!)
      return { edits: [put(unbound(catalog, domain, certificate))], result: undefined }
    })
  },

  associateCertificateV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const domain = domainAt(catalog, instance, params)
      const now = clock.now()
      const certificate: Certificate = {
        id: hexId(),
        projectId: instance.projectId,
        instanceId: instance.id,
        ...certificateFields(body, now),
        createdAt: now,
      }
      const document = bound(catalog, domain, certificate)
      const result = domainWithCertificateView(document, certificate, catalog)
      return { edits: [{ put: 'certificate', document: certificate }, put(document)], result }
    })
  },

  showDetailsOfDomainNameCertificateV2({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    const domain = domainAt(catalog, instance, params)
    return certificateView(certificateAt(catalog, instance, domain, params.certificate_id))
  },

  disassociateCertificateV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const domain = domainAt(catalog, instance, params)
      const certificate = certificateAt(catalog, instance, domain, params.certificate_id)
      return { edits: [put(unbound(catalog, domain, certificate))], result: undefined }
    })
  },
} satisfies Partial<Handlers>
