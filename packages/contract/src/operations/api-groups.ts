import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Flag, Id, inInstance, instancePath, listOf, listQuery, Remark, Time, WideName } from '../schema.ts'

const family = 'API groups'

const TlsVersion = Type.Enum(['TLSv1.1', 'TLSv1.2'])

/** A domain as the group shows it: not the keys under which the domain's own operations show it. */
const DomainOfGroup = closed({
  id: Id,
  domain: Type.String(),
  /** 1 not checked, 2 not resolved, 3 resolved, 4 being checked. */
  cname_status: Type.Integer({ minimum: 1, maximum: 4 }),
  ssl_id: Type.Optional(Type.String()),
  ssl_name: Type.Optional(Type.String()),
  ssl_infos: Type.Optional(
    Type.Array(
      closed({
        ssl_id: Id,
        ssl_name: Type.String(),
        algorithm_type: Type.Enum(['RSA', 'ECC', 'SM2']),
        /** 1 of the instance, 2 global. */
        type: Flag,
        is_has_trusted_root_ca: Type.Boolean(),
      }),
    ),
  ),
  min_ssl_version: TlsVersion,
  is_http_redirect_to_https: Type.Boolean(),
  verified_client_certificate_enabled: Type.Boolean(),
  is_has_trusted_root_ca: Type.Boolean(),
  ingress_http_port: Type.Integer(),
  ingress_https_port: Type.Integer(),
})

const ApiGroup = closed({
  id: Id,
  name: Type.String(),
  remark: Type.String(),
  /** 1: valid. */
  status: Type.Integer(),
  /** The debugging domain. */
  sl_domain: Type.String(),
  sl_domains: Type.Array(Type.String()),
  register_time: Time,
  update_time: Time,
  /** 2: not on the marketplace, as every group here. */
  on_sell_status: Type.Integer(),
  is_default: Flag,
  url_domains: Type.Array(DomainOfGroup),
  sl_domain_access_enabled: Type.Boolean(),
  version: Type.String(),
  call_limits: Type.Optional(Type.Integer()),
  time_interval: Type.Optional(Type.Integer()),
  time_unit: Type.Optional(Type.String()),
  roma_app_id: Type.Optional(Type.String()),
  roma_app_name: Type.Optional(Type.String()),
})

const ApiGroupBody = Type.Object({ name: WideName, remark: Remark })

export const apiGroups = [
  op({
    id: 'createApiGroupV2',
    method: 'POST',
    path: `${instancePath}/api-groups`,
    family,
    tier: 1,
    summary: 'Create an API group',
    status: 201,
    params: inInstance(),
    body: ApiGroupBody,
    response: ApiGroup,
    errors: ['APIG.3101', 'APIG.3201'],
  }),
  op({
    id: 'listApiGroupsV2',
    method: 'GET',
    path: `${instancePath}/api-groups`,
    family,
    tier: 1,
    summary: 'List API groups',
    status: 200,
    params: inInstance(),
    query: listQuery('id', 'name', 'precise_search'),
    response: listOf('groups', ApiGroup),
  }),
  op({
    id: 'showDetailsOfApiGroupV2',
    method: 'GET',
    path: `${instancePath}/api-groups/{group_id}`,
    family,
    tier: 1,
    summary: 'Show an API group',
    status: 200,
    params: inInstance('group_id'),
    response: ApiGroup,
    errors: ['APIG.3001'],
  }),
  op({
    id: 'updateApiGroupV2',
    method: 'PUT',
    path: `${instancePath}/api-groups/{group_id}`,
    family,
    tier: 1,
    summary: 'Replace the name and the remark of an API group',
    status: 200,
    params: inInstance('group_id'),
    body: ApiGroupBody,
    response: ApiGroup,
    errors: ['APIG.3001', 'APIG.3201'],
  }),
  op({
    id: 'deleteApiGroupV2',
    method: 'DELETE',
    path: `${instancePath}/api-groups/{group_id}`,
    family,
    tier: 1,
    summary: 'Delete an API group that contains no APIs, with its domains',
    status: 204,
    params: inInstance('group_id'),
    errors: ['APIG.3001', 'APIG.3415'],
  }),
  op({
    id: 'checkApiGroupsV2',
    method: 'POST',
    path: `${instancePath}/api-groups/check`,
    family,
    tier: 1,
    summary: 'Check that a name for an API group is free',
    status: 204,
    params: inInstance(),
    body: Type.Object({ group_name: WideName }),
    errors: ['APIG.3201'],
  }),
] as const

/** 80 or 443 by default; -1 turns the protocol off; others have to exist as custom ingress ports. */
const ingressPort = (standard: 80 | 443) =>
  Type.Optional(Type.Union([Type.Enum([-1, standard]), Type.Integer({ minimum: 1024, maximum: 49151 })]))

const ingressPorts = { ingress_http_port: ingressPort(80), ingress_https_port: ingressPort(443) }

const Domain = closed({
  id: Id,
  url_domain: Type.String(),
  /** 1 not checked, 2 not resolved, 3 resolved, 4 being checked. */
  status: Type.Integer({ minimum: 1, maximum: 4 }),
  min_ssl_version: TlsVersion,
  is_http_redirect_to_https: Type.Boolean(),
  verified_client_certificate_enabled: Type.Boolean(),
  ingress_http_port: Type.Integer(),
  ingress_https_port: Type.Integer(),
})

export const groupDomains = [
  op({
    id: 'associateDomainV2',
    method: 'POST',
    path: `${instancePath}/api-groups/{group_id}/domains`,
    family: 'group domains',
    tier: 1,
    summary: 'Bind an independent domain to an API group',
    status: 201,
    params: inInstance('group_id'),
    body: Type.Object({
      /** Any text here: a name that is no host name has a code of its own. */
      url_domain: Type.String({ minLength: 1, description: 'A host name of 2 to 8 labels; may begin with *.' }),
      min_ssl_version: Type.Optional(TlsVersion),
      is_http_redirect_to_https: Type.Optional(Type.Boolean({ default: false })),
      ...ingressPorts,
    }),
    response: Domain,
    errors: ['APIG.2024', 'APIG.2049', 'APIG.2050', 'APIG.3001', 'APIG.3108', 'APIG.3305'],
  }),
  op({
    id: 'updateDomainV2',
    method: 'PUT',
    path: `${instancePath}/api-groups/{group_id}/domains/{domain_id}`,
    family: 'group domains',
    tier: 1,
    summary: 'Change the TLS settings of an independent domain',
    status: 201,
    params: inInstance('group_id', 'domain_id'),
    body: Type.Object({
      min_ssl_version: TlsVersion,
      is_http_redirect_to_https: Type.Optional(Type.Boolean()),
      verified_client_certificate_enabled: Type.Optional(Type.Boolean()),
      ...ingressPorts,
    }),
    response: Domain,
    errors: ['APIG.2049', 'APIG.3001', 'APIG.3020', 'APIG.3474'],
  }),
  op({
    id: 'disassociateDomainV2',
    method: 'DELETE',
    path: `${instancePath}/api-groups/{group_id}/domains/{domain_id}`,
    family: 'group domains',
    tier: 1,
    summary: 'Unbind an independent domain',
    status: 204,
    params: inInstance('group_id', 'domain_id'),
    errors: ['APIG.3001', 'APIG.3020', 'APIG.3474'],
  }),
  op({
    id: 'updateSlDomainSettingV2',
    method: 'PUT',
    path: `${instancePath}/api-groups/{group_id}/sl-domain-access-settings`,
    family: 'group domains',
    tier: 1,
    summary: 'Let the debugging domain answer, or not',
    status: 204,
    params: inInstance('group_id'),
    body: Type.Object({ sl_domain_access_enabled: Type.Boolean() }),
    errors: ['APIG.3001'],
  }),
] as const
