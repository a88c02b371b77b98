import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Api, Publication } from '../../documents/documents.ts'
import type { Plugin, PluginBinding } from '../../documents/plugin.ts'
import { environmentName } from './api.ts'

/** A plug-in with its content as it was written: clients compare the one with the other. */
export function pluginView(plugin: Plugin) {
  return {
    plugin_id: plugin.id,
    plugin_name: plugin.name,
    plugin_type: plugin.type,
    plugin_scope: 'global' as const,
    plugin_content: plugin.content.secret,
    remark: plugin.remark,
    create_time: rfc3339(plugin.createdAt),
    update_time: rfc3339(plugin.updatedAt),
  }
}

function bindingView({ id, environmentId, createdAt }: PluginBinding, catalog: Catalog) {
  return {
    plugin_attach_id: id,
    env_id: environmentId,
    env_name: environmentName(catalog, environmentId),
    attached_time: rfc3339(createdAt),
  }
}

/** A binding with what it joins, as attaching shows it. */
export function attachedView(binding: PluginBinding, plugin: Plugin, api: Api, catalog: Catalog) {
  return {
    ...bindingView(binding, catalog),
    plugin_id: plugin.id,
    plugin_name: plugin.name,
    plugin_type: plugin.type,
    plugin_scope: 'global' as const,
    api_id: api.id,
    api_name: api.definition.name,
  }
}

export function attachedPluginView(binding: PluginBinding, plugin: Plugin, catalog: Catalog) {
  return { ...pluginView(plugin), ...bindingView(binding, catalog) }
}

/** An API in an environment in which it is published. */
export function attachableApiView(api: Api, publication: Publication, catalog: Catalog) {
  const { definition, groupId } = api
  return {
    api_id: api.id,
    api_name: definition.name,
    type: definition.type,
    req_protocol: definition.req_protocol,
    req_method: definition.req_method,
    req_uri: definition.req_uri,
    auth_type: definition.auth_type,
    match_mode: definition.match_mode,
    remark: definition.remark,
    group_id: groupId,
    group_name: catalog.get('api-group', groupId)?.name ?? '',
    env_id: publication.environmentId,
    env_name: environmentName(catalog, publication.environmentId),
    publish_id: publication.id,
    tags: [...definition.tags],
  }
}

export function attachedApiView(binding: PluginBinding, api: Api, publication: Publication, catalog: Catalog) {
  return { ...attachableApiView(api, publication, catalog), ...bindingView(binding, catalog) }
}
