import { hexId } from '../../../base/ids.ts'
import type { Catalog, Desk, Edit } from '../../catalog.ts'
import type { Api, Environment } from '../../documents/documents.ts'
import type { Plugin, PluginBinding } from '../../documents/plugin.ts'
import { publicationOf } from '../../publish.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { apiOf, environmentOf, pluginOf } from '../lookup.ts'
import { environmentName } from '../views/api.ts'
import { attachableApiView, attachedApiView, attachedPluginView, attachedView, pluginView } from '../views/plugin.ts'

export const pluginBindings = {
  attachApiToPlugin({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const plugin = pluginOf(catalog, instance.id, params.plugin_id)
      const environment = environmentOf(catalog, instance.id, body.env_id)
      const apis = [...new Set(body.api_ids)].map(id => apiOf(catalog, instance.id, id))
      return attach(
        catalog,
        apis.map(api => ({ api, plugin })),
        environment,
        clock.now(),
      )
    })
  },

  /** Of several plug-ins of one type in one request the last stays, as if they had come one after the other. */
  attachPluginToApi({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const api = apiOf(catalog, instance.id, params.api_id)
      const environment = environmentOf(catalog, instance.id, body.env_id)
      const plugins = body.plugin_ids.map(id => pluginOf(catalog, instance.id, id))
      const last = [...new Map(plugins.map(plugin => [plugin.type, plugin])).values()]
      return attach(
        catalog,
        last.map(plugin => ({ api, plugin })),
        environment,
        clock.now(),
      )
    })
  },

  detachApiFromPlugin({ params, body, instance }, { desk }) {
    const apiIds = new Set(body.api_ids)
    return detach(desk, instance.id, body.env_id, catalog => {
      const plugin = pluginOf(catalog, instance.id, params.plugin_id)
      return belongingTo(catalog, 'plugin-binding', 'pluginId', plugin.id).filter(({ apiId }) => apiIds.has(apiId))
    })
  },

  detachPluginFromApi({ params, body, instance }, { desk }) {
    const pluginIds = new Set(body.plugin_ids)
    return detach(desk, instance.id, body.env_id, catalog => {
      const api = apiOf(catalog, instance.id, params.api_id)
      return belongingTo(catalog, 'plugin-binding', 'apiId', api.id).filter(({ pluginId }) => pluginIds.has(pluginId))
    })
  },

  listPluginAttachedApis({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const plugin = pluginOf(catalog, instance.id, params.plugin_id)
    const environment = exactly(query.env_id)
    const passes = apiFilter(query)
    const found = belongingTo(catalog, 'plugin-binding', 'pluginId', plugin.id).flatMap(binding => {
      const api = catalog.get('api', binding.apiId)
      const publication = publicationOf(catalog, binding.apiId, binding.environmentId)
      return api && publication && environment(binding.environmentId) && passes(api)
        ? [attachedApiView(binding, api, publication, catalog)]
        : []
    })
    return listed('apis', found, query, api => api)
  },

  /** Also those to which another plug-in of its type is attached: it would give way. */
  listPluginAttachableApis({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const plugin = pluginOf(catalog, instance.id, params.plugin_id)
    const environment = environmentOf(catalog, instance.id, query.env_id)
    const attached = new Set(
      belongingTo(catalog, 'plugin-binding', 'pluginId', plugin.id)
        .filter(({ environmentId }) => environmentId === environment.id)
        .map(({ apiId }) => apiId),
    )
    const passes = apiFilter(query)
    const found = belongingTo(catalog, 'publication', 'environmentId', environment.id).flatMap(publication => {
      const api = catalog.get('api', publication.apiId)
      return api && !attached.has(api.id) && passes(api) ? [attachableApiView(api, publication, catalog)] : []
    })
    return listed('apis', found, query, api => api)
  },

  listApiAttachedPlugins({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, params.api_id)
    const environment = exactly(query.env_id)
    const name = named(query.env_name)
    const passes = pluginFilter(query)
    const found = belongingTo(catalog, 'plugin-binding', 'apiId', api.id).flatMap(binding => {
      const plugin = catalog.get('plugin', binding.pluginId)
      return plugin &&
        environment(binding.environmentId) &&
        name(environmentName(catalog, binding.environmentId)) &&
        passes(plugin)
        ? [attachedPluginView(binding, plugin, catalog)]
        : []
    })
    return listed('plugins', found, query, plugin => plugin)
  },

  listApiAttachablePlugins({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, params.api_id)
    const environment = environmentOf(catalog, instance.id, query.env_id)
    const attached = new Set(
      belongingTo(catalog, 'plugin-binding', 'apiId', api.id)
        .filter(({ environmentId }) => environmentId === environment.id)
        .map(({ pluginId }) => pluginId),
    )
    const passes = pluginFilter(query)
    const found = belongingTo(catalog, 'plugin', 'instanceId', instance.id).filter(
      plugin => !attached.has(plugin.id) && passes(plugin),
    )
    return listed('plugins', found, query, pluginView)
  },
} satisfies Partial<Handlers>

interface Pair {
  readonly api: Api
  readonly plugin: Plugin
}

/** All of them or none. What is attached already stays as it is, another plug-in of the type gives way. */
function attach(catalog: Catalog, pairs: readonly Pair[], environment: Environment, now: number) {
  const edits: Edit[] = []
  const attached_plugins = pairs.map(({ api, plugin }) => {
    if (!publicationOf(catalog, api.id, environment.id)) throw new AdminError('APIG.3707')
    const before = belongingTo(catalog, 'plugin-binding', 'apiId', api.id).find(
      ({ environmentId, pluginType }) => environmentId === environment.id && pluginType === plugin.type,
    )
    if (before?.pluginId === plugin.id) return attachedView(before, plugin, api, catalog)
    if (before) edits.push({ remove: 'plugin-binding', id: before.id })
    const binding: PluginBinding = {
      id: hexId(),
      instanceId: api.instanceId,
      pluginId: plugin.id,
      pluginType: plugin.type,
      apiId: api.id,
      environmentId: environment.id,
      createdAt: now,
    }
    edits.push({ put: 'plugin-binding', document: binding })
    return attachedView(binding, plugin, api, catalog)
  })
  return { edits, result: { attached_plugins } }
}

/** What is not attached is detached already: the caller has what it wants. */
function detach(
  desk: Desk,
  instanceId: string,
  environmentId: string,
  bindingsIn: (catalog: Catalog) => readonly PluginBinding[],
): Promise<void> {
  return desk.write(catalog => {
    const bindings = bindingsIn(catalog)
    const environment = environmentOf(catalog, instanceId, environmentId)
    const edits = bindings
      .filter(binding => binding.environmentId === environment.id)
      .map(({ id }): Edit => ({ remove: 'plugin-binding', id }))
    return { edits, result: undefined }
  })
}

interface ApiFilters {
  readonly api_name?: string
  readonly api_id?: string
  readonly group_id?: string
  readonly req_method?: string
  readonly req_uri?: string
  readonly tags?: string
}

function apiFilter(query: ApiFilters): (api: Api) => boolean {
  const name = named(query.api_name)
  const id = exactly(query.api_id)
  const group = exactly(query.group_id)
  const method = exactly(query.req_method)
  const path = named(query.req_uri)
  const tags = query.tags?.split(',')
  return ({ id: apiId, groupId, definition }) =>
    name(definition.name) &&
    id(apiId) &&
    group(groupId) &&
    method(definition.req_method) &&
    path(definition.req_uri) &&
    (!tags || tags.some(tag => definition.tags.includes(tag)))
}

interface PluginFilters {
  readonly plugin_name?: string
  readonly plugin_id?: string
  readonly plugin_type?: string
}

function pluginFilter(query: PluginFilters): (plugin: Plugin) => boolean {
  const name = named(query.plugin_name)
  const id = exactly(query.plugin_id)
  const type = exactly(query.plugin_type)
  return plugin => name(plugin.name) && id(plugin.id) && type(plugin.type)
}
