import { adminMessages } from '@pailou/contract'
import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog } from '../../catalog.ts'
import type { Certificate } from '../../documents/certificate.ts'
import type { Project } from '../../documents/documents.ts'
import { AdminError, invalid, missing, refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { certificateOf } from '../lookup.ts'
import { boundTo, refuseUnfit } from '../rules/certificate-bindings.ts'
import { checkedMaterial, type CertificateMaterial } from '../rules/certificates.ts'
import { certificateSummary, certificateView, typeOf } from '../views/certificate.ts'

interface Body extends CertificateMaterial {
  readonly name: string
  readonly type?: 'instance' | 'global'
  readonly instance_id?: string
}

function refuseUnknownInstance(catalog: Catalog, project: Project, id: string): void {
  if (catalog.get('instance', id)?.projectId !== project.id) throw refused(adminMessages.instanceNotExist(id))
}

/** For which instance a certificate is to be; `undefined` for all of the project. */
function instanceFor(catalog: Catalog, project: Project, { type = 'global', instance_id: id }: Body) {
  if (type === 'global') return undefined
  if (id === undefined) throw missing('instance_id')
  refuseUnknownInstance(catalog, project, id)
  return id
}

/** What a body says of a certificate, apart from whose it is. */
export function certificateFields(body: CertificateMaterial & { readonly name: string }, now: number) {
  const { privateKey, ...fields } = checkedMaterial(body, now)
  return { ...fields, name: body.name, privateKey: secret(privateKey), updatedAt: now }
}

export const certificates = {
  listCertificatesV2({ query, project }, { desk }) {
    const catalog = desk.catalog()
    const { instance_id: instanceId } = query
    if (instanceId !== undefined) refuseUnknownInstance(catalog, project, instanceId)
    const name = named(query.name)
    const commonName = named(query.common_name)
    const signature = exactly(query.signature_algorithm)
    const type = exactly(query.type)
    const algorithm = exactly(query.algorithm_type)
    const found = belongingTo(catalog, 'certificate', 'projectId', project.id)
      .filter(each => instanceId === undefined || each.instanceId === undefined || each.instanceId === instanceId)
      .map(certificateSummary)
      .filter(
        each =>
          name(each.name) &&
          commonName(each.common_name) &&
          signature(each.signature_algorithm) &&
          type(each.type) &&
          algorithm(each.algorithm_type),
      )
    return listed('certs', found, query, each => each)
  },

  createCertificateV2({ body, project }, { desk, clock }) {
    return desk.write(catalog => {
      const instanceId = instanceFor(catalog, project, body)
      const now = clock.now()
      const document: Certificate = {
        id: hexId(),
        projectId: project.id,
        ...(instanceId !== undefined && { instanceId }),
        ...certificateFields(body, now),
        createdAt: now,
      }
      return { edits: [{ put: 'certificate', document }], result: certificateView(document) }
    })
  },

  showDetailsOfCertificateV2({ params, project }, { desk }) {
    return certificateView(certificateOf(desk.catalog(), project.id, params.certificate_id))
  },

  updateCertificateV2({ params, body, project }, { desk, clock }) {
    return desk.write(catalog => {
      const before = certificateOf(catalog, project.id, params.certificate_id)
      // Whose it is was said when it was made: domains may rely on it.
      if (body.type !== undefined && body.type !== typeOf(before)) throw invalid('type')
      if (body.instance_id !== undefined && before.instanceId !== undefined && body.instance_id !== before.instanceId)
        throw invalid('instance_id')
      const { id, projectId, instanceId, createdAt } = before
      const document: Certificate = {
        id,
        projectId,
        ...(instanceId !== undefined && { instanceId }),
        ...certificateFields(body, clock.now()),
        createdAt,
      }
      for (const domain of boundTo(catalog, before)) refuseUnfit(catalog, document, domain)
      return { edits: [{ put: 'certificate', document }], result: certificateView(document) }
    })
  },

  deleteCertificateV2({ params, project }, { desk }) {
    return desk.write(catalog => {
      const certificate = certificateOf(catalog, project.id, params.certificate_id)
      const [domain] = boundTo(catalog, certificate)
      // The contract has no code of its own for it.
      if (domain) throw new AdminError('APIG.2000', `The certificate is bound to the domain name ${domain.name}`)
      return { edits: [{ remove: 'certificate', id: certificate.id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
