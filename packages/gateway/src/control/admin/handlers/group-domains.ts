import { hexId } from '../../../base/ids.ts'
import type { Domain } from '../../documents/documents.ts'
import { AdminError, invalid, unsupported } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { domainOf, groupOf } from '../lookup.ts'
import { withVerification } from '../rules/certificate-bindings.ts'
import { domainName } from '../rules/hosts.ts'
import { portsOf } from '../rules/ingress-ports.ts'
import { domainView } from '../views/api-group.ts'

export const domainsPerGroup = 5

/** What a domain may ask for besides its name. */
interface DomainSettings {
  readonly is_http_redirect_to_https?: boolean
  readonly verified_client_certificate_enabled?: boolean
}

function refuseUnsupported(body: DomainSettings): void {
  if (body.is_http_redirect_to_https === true) throw unsupported('is_http_redirect_to_https')
}

export const groupDomains = {
  associateDomainV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      const name = domainName(body.url_domain)
      if (name === undefined) throw new AdminError('APIG.2024')
      refuseUnsupported(body)
      // A root to verify against comes with a certificate, and that is bound later.
      if ((body as DomainSettings).verified_client_certificate_enabled === true)
        throw invalid('verified_client_certificate_enabled')
      // A host name leads to one instance, so it may be bound once in all of them.
      if (catalog.all('domain').some(domain => domain.name === name)) throw new AdminError('APIG.3305')
      if (belongingTo(catalog, 'domain', 'groupId', group.id).length >= domainsPerGroup)
        throw new AdminError('APIG.3108')
      const domain: Domain = {
        id: hexId(),
        instanceId: instance.id,
        groupId: group.id,
        name,
        minTlsVersion: body.min_ssl_version ?? 'TLSv1.2',
        redirectToHttps: false,
        ports: portsOf(catalog, instance, body),
        createdAt: clock.now(),
      }
      return { edits: [{ put: 'domain', document: domain }], result: domainView(domain) }
    })
  },

  updateDomainV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      const before = domainOf(catalog, group, params.domain_id)
      refuseUnsupported(body)
      const domain: Domain = {
        ...withVerification(catalog, before, body.verified_client_certificate_enabled),
        minTlsVersion: body.min_ssl_version,
        ports: portsOf(catalog, instance, body, before.ports),
      }
      return { edits: [{ put: 'domain', document: domain }], result: domainView(domain) }
    })
  },

  disassociateDomainV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      const domain = domainOf(catalog, group, params.domain_id)
      return { edits: [{ remove: 'domain', id: domain.id }], result: undefined }
    })
  },

  updateSlDomainSettingV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      const document = { ...group, debuggingDomainEnabled: body.sl_domain_access_enabled, updatedAt: clock.now() }
      return { edits: [{ put: 'api-group', document }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
