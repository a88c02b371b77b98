import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, params, Time } from '../schema.ts'

const family = 'certificates'
const certificatesPath = '/v2/{project_id}/apigw/certificates'
const domainPath = `${instancePath}/api-groups/{group_id}/domains/{domain_id}`

const CertificateType = Type.Enum(['instance', 'global'])
const AlgorithmType = Type.Enum(['RSA', 'ECC', 'SM2'])

const material = {
  name: Type.String({ pattern: '^[A-Za-z0-9_\\u4e00-\\u9fff]+$', minLength: 4, maxLength: 50 }),
  cert_content: Type.String({
    minLength: 1,
    description: 'PEM: the certificate, and behind it those of its issuers in order',
  }),
  private_key: Type.String({ minLength: 1, description: 'PEM, not encrypted' }),
  trusted_root_ca: Type.Optional(Type.String({ description: 'PEM: by whom the certificates of clients are issued' })),
}

const CertificateBody = Type.Object({
  ...material,
  type: Type.Optional(Type.Enum(['instance', 'global'], { default: 'global' })),
  instance_id: Type.Optional(Type.String({ description: 'Required for the type instance' })),
  algorithm_type: Type.Optional(AlgorithmType),
})

const shown = {
  id: Id,
  name: Type.String(),
  type: CertificateType,
  /** `common` for the type global. */
  instance_id: Type.String(),
  project_id: Type.String(),
  common_name: Type.String(),
  san: Type.Array(Type.String()),
  /** As `SHA256-RSA`. */
  signature_algorithm: Type.String(),
  algorithm_type: AlgorithmType,
  is_has_trusted_root_ca: Type.Boolean(),
  not_after: Time,
  create_time: Time,
  update_time: Time,
}

/** What is shown of a certificate: never its content, never its key. */
const Certificate = closed({
  ...shown,
  /** Of X.509: always 3, the only one that has alternative names. */
  version: Type.Integer(),
  organization: Type.Array(Type.String()),
  organizational_unit: Type.Array(Type.String()),
  locality: Type.Array(Type.String()),
  state: Type.Array(Type.String()),
  country: Type.Array(Type.String()),
  issuer: Type.Array(Type.String()),
  /** Decimal. */
  serial_number: Type.String(),
  not_before: Time,
})

const domainWithCertificate = {
  url_domain: Type.String(),
  id: Id,
  /** 1 not checked, 2 not resolved, 3 resolved, 4 being checked. */
  status: Type.Integer({ minimum: 1, maximum: 4 }),
  min_ssl_version: Type.Enum(['TLSv1.1', 'TLSv1.2']),
  is_http_redirect_to_https: Type.Boolean(),
  verified_client_certificate_enabled: Type.Boolean(),
  ingress_http_port: Type.Integer(),
  ingress_https_port: Type.Integer(),
  ssl_id: Id,
  ssl_name: Type.String(),
  api_group_id: Id,
  api_group_name: Type.String(),
  instance_id: Id,
}

const AttachedDomain = closed({
  ...domainWithCertificate,
  ssl_infos: Type.Array(
    closed({
      ssl_id: Id,
      ssl_name: Type.String(),
      algorithm_type: AlgorithmType,
      /** 1 of the instance, 2 global. */
      type: Type.Enum([1, 2]),
      is_has_trusted_root_ca: Type.Boolean(),
    }),
  ),
})

const CertificateIds = Type.Object({
  certificate_ids: Type.Array(Id, { minItems: 1, maxItems: 1 }),
  verified_client_certificate_enabled: Type.Optional(Type.Boolean()),
})

const DomainNames = Type.Object({
  domains: Type.Array(
    Type.Object({
      domain: Type.String({ minLength: 1 }),
      /** Where the domain has to be; of any instance when there are none. */
      instance_ids: Type.Optional(Type.Array(Id)),
      verified_client_certificate_enabled: Type.Optional(Type.Boolean()),
    }),
    { minItems: 1 },
  ),
})

const unfit = [
  'APIG.2101',
  'APIG.2102',
  'APIG.2104',
  'APIG.2105',
  'APIG.2106',
  'APIG.2109',
  'APIG.3148',
  'APIG.3458',
] as const

export const certificates = [
  op({
    id: 'listCertificatesV2',
    method: 'GET',
    path: certificatesPath,
    family,
    tier: 1,
    summary: 'List certificates; those of an instance with the global ones',
    status: 200,
    params: params('project_id'),
    query: listQuery('instance_id', 'name', 'common_name', 'signature_algorithm', 'type', 'algorithm_type'),
    response: listOf('certs', closed(shown)),
    errors: ['APIG.3030'],
  }),
  op({
    id: 'createCertificateV2',
    method: 'POST',
    path: certificatesPath,
    family,
    tier: 1,
    summary: 'Create a certificate',
    status: 200,
    params: params('project_id'),
    body: CertificateBody,
    response: Certificate,
    errors: [...unfit, 'APIG.3030'],
  }),
  op({
    id: 'showDetailsOfCertificateV2',
    method: 'GET',
    path: `${certificatesPath}/{certificate_id}`,
    family,
    tier: 1,
    summary: 'Show a certificate',
    status: 200,
    params: params('project_id', 'certificate_id'),
    response: Certificate,
    errors: ['APIG.3025'],
  }),
  op({
    id: 'updateCertificateV2',
    method: 'PUT',
    path: `${certificatesPath}/{certificate_id}`,
    family,
    tier: 1,
    summary: 'Replace a certificate; the domains it is bound to answer with the new one',
    status: 200,
    params: params('project_id', 'certificate_id'),
    body: CertificateBody,
    response: Certificate,
    errors: [...unfit, 'APIG.2103', 'APIG.3025', 'APIG.3715'],
  }),
  op({
    id: 'deleteCertificateV2',
    method: 'DELETE',
    path: `${certificatesPath}/{certificate_id}`,
    family,
    tier: 1,
    summary: 'Delete a certificate that is bound to no domain',
    status: 204,
    params: params('project_id', 'certificate_id'),
    errors: ['APIG.3025'],
  }),
  op({
    id: 'listAttachedDomainsV2',
    method: 'GET',
    path: `${certificatesPath}/{certificate_id}/attached-domains`,
    family,
    tier: 1,
    summary: 'List the domains that a certificate is bound to',
    status: 200,
    params: params('project_id', 'certificate_id'),
    query: listQuery('url_domain'),
    response: listOf('bound_domains', AttachedDomain),
    errors: ['APIG.3025'],
  }),
  op({
    id: 'batchAssociateDomainsV2',
    method: 'POST',
    path: `${certificatesPath}/{certificate_id}/domains/attach`,
    family,
    tier: 1,
    summary: 'Bind a certificate to domains',
    status: 204,
    params: params('project_id', 'certificate_id'),
    body: DomainNames,
    errors: ['APIG.1115', 'APIG.2103', 'APIG.3020', 'APIG.3025', 'APIG.3715'],
  }),
  op({
    id: 'batchDisassociateDomainsV2',
    method: 'POST',
    path: `${certificatesPath}/{certificate_id}/domains/detach`,
    family,
    tier: 1,
    summary: 'Unbind a certificate from domains',
    status: 204,
    params: params('project_id', 'certificate_id'),
    body: DomainNames,
    errors: ['APIG.3025'],
  }),
  op({
    id: 'batchAssociateCertsV2',
    method: 'POST',
    path: `${domainPath}/certificates/attach`,
    family,
    tier: 1,
    summary: 'Bind a certificate to a domain',
    status: 204,
    params: inInstance('group_id', 'domain_id'),
    body: CertificateIds,
    errors: ['APIG.1115', 'APIG.2103', 'APIG.3001', 'APIG.3020', 'APIG.3025', 'APIG.3474', 'APIG.3715'],
  }),
  op({
    id: 'batchDisassociateCertsV2',
    method: 'POST',
    path: `${domainPath}/certificates/detach`,
    family,
    tier: 1,
    summary: 'Unbind a certificate from a domain',
    status: 204,
    params: inInstance('group_id', 'domain_id'),
    body: CertificateIds,
    errors: ['APIG.3001', 'APIG.3020', 'APIG.3021', 'APIG.3025', 'APIG.3474'],
  }),
  op({
    id: 'associateCertificateV2',
    method: 'POST',
    path: `${domainPath}/certificate`,
    family,
    tier: 2,
    summary: 'Create a certificate of the instance and bind it to a domain',
    status: 201,
    params: inInstance('group_id', 'domain_id'),
    body: Type.Object(material),
    response: closed(domainWithCertificate),
    errors: [...unfit, 'APIG.2103', 'APIG.3001', 'APIG.3020', 'APIG.3474', 'APIG.3715'],
  }),
  op({
    id: 'showDetailsOfDomainNameCertificateV2',
    method: 'GET',
    path: `${domainPath}/certificate/{certificate_id}`,
    family,
    tier: 2,
    summary: 'Show the certificate of a domain',
    status: 200,
    params: inInstance('group_id', 'domain_id', 'certificate_id'),
    response: Certificate,
    errors: ['APIG.3001', 'APIG.3020', 'APIG.3021', 'APIG.3025', 'APIG.3474'],
  }),
  op({
    id: 'disassociateCertificateV2',
    method: 'DELETE',
    path: `${domainPath}/certificate/{certificate_id}`,
    family,
    tier: 2,
    summary: 'Unbind a certificate from a domain',
    status: 204,
    params: inInstance('group_id', 'domain_id', 'certificate_id'),
    errors: ['APIG.3001', 'APIG.3020', 'APIG.3021', 'APIG.3025', 'APIG.3474'],
  }),
] as const
