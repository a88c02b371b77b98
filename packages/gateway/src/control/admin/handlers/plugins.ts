import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog } from '../../catalog.ts'
import type { Plugin, PluginType } from '../../documents/plugin.ts'
import { AdminError, invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { pluginOf, vpcChannelOf } from '../lookup.ts'
import { channelsIn, contentOf } from '../rules/plugins/plugin-content.ts'
import { pluginView } from '../views/plugin.ts'

function refuseTaken(catalog: Catalog, plugin: Plugin): void {
  const taken = belongingTo(catalog, 'plugin', 'instanceId', plugin.instanceId).some(
    other => other.name === plugin.name && other.id !== plugin.id,
  )
  if (taken) throw new AdminError('APIG.3326')
}

function refuseContent(catalog: Catalog, instanceId: string, type: PluginType, text: string): void {
  for (const id of channelsIn(contentOf(type, text))) vpcChannelOf(catalog, instanceId, id)
}

export const plugins = {
  createPlugin({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      refuseContent(catalog, instance.id, body.plugin_type, body.plugin_content)
      const now = clock.now()
      const plugin: Plugin = {
        id: hexId(),
        instanceId: instance.id,
        name: body.plugin_name,
        type: body.plugin_type,
        content: secret(body.plugin_content),
        remark: body.remark ?? '',
        createdAt: now,
        updatedAt: now,
      }
      refuseTaken(catalog, plugin)
      return { edits: [{ put: 'plugin', document: plugin }], result: pluginView(plugin) }
    })
  },

  listPlugins({ query, instance }, { desk }) {
    const type = exactly(query.plugin_type)
    const scope = exactly(query.plugin_scope)
    const id = exactly(query.plugin_id)
    const name = named(query.plugin_name, query.precise_search, 'plugin_name')
    const found = belongingTo(desk.catalog(), 'plugin', 'instanceId', instance.id).filter(
      plugin => type(plugin.type) && scope('global') && id(plugin.id) && name(plugin.name),
    )
    return listed('plugins', found, query, pluginView)
  },

  showPlugin({ params, instance }, { desk }) {
    return pluginView(pluginOf(desk.catalog(), instance.id, params.plugin_id))
  },

  /** Acts at once on every API to which it is attached. A remark that is left out stays, as on the cloud. */
  updatePlugin({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = pluginOf(catalog, instance.id, params.plugin_id)
      if (body.plugin_type !== undefined && body.plugin_type !== before.type) throw invalid('plugin_type')
      refuseContent(catalog, instance.id, before.type, body.plugin_content)
      const plugin: Plugin = {
        ...before,
        name: body.plugin_name,
        content: secret(body.plugin_content),
        remark: body.remark ?? before.remark,
        updatedAt: clock.now(),
      }
      refuseTaken(catalog, plugin)
      return { edits: [{ put: 'plugin', document: plugin }], result: pluginView(plugin) }
    })
  },

  deletePlugin({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = pluginOf(catalog, instance.id, params.plugin_id)
      if (belongingTo(catalog, 'plugin-binding', 'pluginId', id).length > 0) throw new AdminError('APIG.3462')
      return { edits: [{ remove: 'plugin', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
