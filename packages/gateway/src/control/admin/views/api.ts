import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Api, ApiDefinition, ApiGroup, ApiVersion, Environment, Publication } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'
import { debuggingDomain } from '../../compile/compile.ts'

/** The publications of an API, the newest first: the order of every joined field below. */
function publicationsOf(catalog: Catalog, apiId: string): readonly Publication[] {
  return belongingTo(catalog, 'publication', 'apiId', apiId).toSorted((a, b) => b.publishedAt - a.publishedAt)
}

/** An API as it is read alone: the definition, and where it is published. */
export function apiView(api: Api, catalog: Catalog, domainSuffix: string) {
  const publications = publicationsOf(catalog, api.id)
  return {
    ...definitionView(api.definition),
    ...placeView(api.groupId, catalog, domainSuffix),
    ...publishedView(publications, catalog, rfc3339),
    id: api.id,
    status: 1 as const,
    arrange_necessary: 2 as const,
    register_time: rfc3339(api.createdAt),
    update_time: rfc3339(api.updatedAt),
  }
}

/** An API in a list: without parameters and backend, and with times in the form that lists have. */
export function apiListView(api: Api, catalog: Catalog, domainSuffix: string) {
  const publications = publicationsOf(catalog, api.id)
  const {
    backend_api: _1,
    mock_info: _2,
    req_params: _3,
    backend_params: _4,
    ...front
  } = definitionView(api.definition)
  return {
    ...front,
    ...placeView(api.groupId, catalog, domainSuffix),
    ...publishedView(publications, catalog, listTime),
    id: api.id,
    status: 1 as const,
    arrange_necessary: 2 as const,
    register_time: rfc3339(api.createdAt),
    update_time: rfc3339(api.updatedAt),
  }
}

function placeView(groupId: string, catalog: Catalog, domainSuffix: string) {
  const group = catalog.get('api-group', groupId)
  const domain = debuggingDomain(groupId, domainSuffix)
  return {
    group_id: groupId,
    group_name: group?.name ?? '',
    group_version: 'V1' as const,
    sl_domain: domain,
    sl_domains: [domain],
    ...(group && { api_group_info: groupInfo(group, catalog, domain) }),
  }
}

function groupInfo(group: ApiGroup, catalog: Catalog, domain: string) {
  return {
    id: group.id,
    name: group.name,
    status: 1 as const,
    sl_domain: domain,
    sl_domains: [domain],
    register_time: rfc3339(group.createdAt),
    update_time: rfc3339(group.updatedAt),
    on_sell_status: 2 as const,
    url_domains: belongingTo(catalog, 'domain', 'groupId', group.id).map(({ id, name, minTlsVersion }) => ({
      id,
      domain: name,
      cname_status: 3 as const,
      ssl_id: '',
      ssl_name: '',
      min_ssl_version: minTlsVersion,
    })),
  }
}

/** Four fields, aligned by index: clients find an environment's publish id by its place in the other list. */
function publishedView(publications: readonly Publication[], catalog: Catalog, time: (ms: number) => string) {
  const joined = (of: (publication: Publication) => string): string => publications.map(of).join('|')
  return {
    run_env_id: joined(({ environmentId }) => environmentId),
    run_env_name: joined(({ environmentId }) => environmentName(catalog, environmentId)),
    publish_id: joined(({ id }) => id),
    publish_time: joined(({ publishedAt }) => time(publishedAt)),
  }
}

export function environmentName(catalog: Catalog, id: string): string {
  return catalog.get('environment', id)?.name ?? ''
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
function listTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** The body of an API in the contract's types; copies, since documents are frozen and answers are not. */
function definitionView(definition: ApiDefinition) {
  const { tags, req_params, backend_params, backend_api, mock_info, auth_opt, ...plain } = definition
  const ids = new Map(req_params.map(({ name, id }) => [name.toLowerCase(), id]))
  return {
    ...plain,
    auth_opt: { ...auth_opt },
    tags: [...tags],
    req_params: req_params.map(parameter => ({ ...parameter })),
    backend_params: backend_params.map(parameter => ({
      ...parameter,
      ...(parameter.origin === 'REQUEST' && { req_param_id: ids.get(parameter.value.toLowerCase()) ?? '' }),
    })),
    ...(backend_api && { backend_api: { ...backend_api } }),
    ...(mock_info && { mock_info: { ...mock_info } }),
  }
}

/** What an environment serves: a frozen definition with the version that holds it. */
export function versionDetailView(version: ApiVersion, catalog: Catalog, domainSuffix: string) {
  const publication = belongingTo(catalog, 'publication', 'apiId', version.apiId).find(
    ({ versionId }) => versionId === version.id,
  )
  const api = catalog.get('api', version.apiId)
  return {
    ...definitionView(version.definition),
    ...placeView(version.groupId, catalog, domainSuffix),
    id: version.apiId,
    status: 1 as const,
    arrange_necessary: 2 as const,
    register_time: rfc3339(api?.createdAt ?? version.publishedAt),
    update_time: rfc3339(api?.updatedAt ?? version.publishedAt),
    run_env_id: version.environmentId,
    run_env_name: environmentName(catalog, version.environmentId),
    publish_id: publication?.id ?? '',
    version_id: version.id,
    publish_time: rfc3339(version.publishedAt),
  }
}

/** The front half of what an environment serves: what a caller of the API has to know. */
export function runtimeView(
  version: ApiVersion,
  publication: Publication,
  environment: Environment,
  catalog: Catalog,
  domainSuffix: string,
) {
  const { backend_api: _1, mock_info: _2, backend_params: _3, ...front } = definitionView(version.definition)
  const domain = debuggingDomain(version.groupId, domainSuffix)
  return {
    ...front,
    id: version.apiId,
    group_id: version.groupId,
    group_name: catalog.get('api-group', version.groupId)?.name ?? '',
    run_env_id: environment.id,
    run_env_name: environment.name,
    publish_id: publication.id,
    sl_domain: domain,
    sl_domains: [domain],
  }
}
