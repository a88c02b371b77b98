import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import { certificatesOfDomain } from '../../compile/certificates.ts'
import { debuggingDomain } from '../../compile/compile.ts'
import type { ApiGroup, Domain } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'
import { sslInfo } from './ssl-info.ts'

export function apiGroupView(group: ApiGroup, catalog: Catalog, domainSuffix: string) {
  const domain = debuggingDomain(group.id, domainSuffix)
  return {
    id: group.id,
    name: group.name,
    remark: group.remark,
    status: 1 as const,
    sl_domain: domain,
    sl_domains: [domain],
    sl_domain_access_enabled: group.debuggingDomainEnabled,
    register_time: rfc3339(group.createdAt),
    update_time: rfc3339(group.updatedAt),
    on_sell_status: 2 as const,
    is_default: group.isDefault ? (1 as const) : (2 as const),
    version: 'V1' as const,
    url_domains: belongingTo(catalog, 'domain', 'groupId', group.id).map(domain => domainInGroupView(domain, catalog)),
  }
}

/** Within a group the contract gives a domain's fields other names than it does on their own. */
function domainInGroupView(domain: Domain, catalog: Catalog) {
  const certificates = certificatesOfDomain(catalog, domain)
  return {
    id: domain.id,
    domain: domain.name,
    cname_status: 3 as const,
    ssl_id: certificates[0]?.id ?? '',
    ssl_name: certificates[0]?.name ?? '',
    ssl_infos: certificates.map(sslInfo),
    min_ssl_version: domain.minTlsVersion,
    is_http_redirect_to_https: domain.redirectToHttps,
    verified_client_certificate_enabled: domain.verifyClients === true,
    is_has_trusted_root_ca: certificates.some(({ trustedRootCa }) => trustedRootCa !== undefined),
    ingress_http_port: domain.ports?.http ?? 80,
    ingress_https_port: domain.ports?.https ?? 443,
  }
}

export function domainView(domain: Domain) {
  return {
    id: domain.id,
    url_domain: domain.name,
    status: 3 as const,
    min_ssl_version: domain.minTlsVersion,
    is_http_redirect_to_https: domain.redirectToHttps,
    verified_client_certificate_enabled: domain.verifyClients === true,
    ingress_http_port: domain.ports?.http ?? 80,
    ingress_https_port: domain.ports?.https ?? 443,
  }
}
