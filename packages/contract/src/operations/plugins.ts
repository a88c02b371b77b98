import { Type, type TProperties } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, listQueryBy, Remark, Time } from '../schema.ts'

const family = 'plugins'

const PluginName = Type.String({
  pattern: '^[A-Za-z\\u4e00-\\u9fff][-A-Za-z0-9_\\u4e00-\\u9fff]*$',
  minLength: 3,
  maxLength: 255,
})

const PluginType = Type.Enum([
  'cors',
  'set_resp_headers',
  'kafka_log',
  'breaker',
  'rate_limit',
  'third_auth',
  'proxy_cache',
  'proxy_mirror',
  'oidc_auth',
  'jwt_auth',
])

const PluginScope = Type.Enum(['global'], { default: 'global' })

/** JSON in text: what the type of the plug-in asks for. */
const PluginContent = Type.String({ minLength: 1, maxLength: 65535 })

const plugin = {
  plugin_id: Id,
  plugin_name: Type.String(),
  plugin_type: PluginType,
  plugin_scope: PluginScope,
  /** As it was written, credentials included: clients compare it with what they have. */
  plugin_content: Type.String(),
  remark: Type.String(),
  create_time: Time,
  update_time: Time,
} satisfies TProperties

const Plugin = closed(plugin)

const attached = {
  plugin_attach_id: Id,
  env_id: Id,
  env_name: Type.String(),
  attached_time: Time,
} satisfies TProperties

const Attached = closed({
  attached_plugins: Type.Array(
    closed({
      ...attached,
      plugin_id: Id,
      plugin_name: Type.String(),
      plugin_type: PluginType,
      plugin_scope: PluginScope,
      api_id: Id,
      api_name: Type.String(),
    }),
  ),
})

/** An API in an environment in which it is published. */
const api = {
  api_id: Id,
  api_name: Type.String(),
  type: Type.Integer(),
  req_protocol: Type.String(),
  req_method: Type.String(),
  req_uri: Type.String(),
  auth_type: Type.String(),
  match_mode: Type.String(),
  remark: Type.String(),
  group_id: Id,
  group_name: Type.String(),
  env_id: Id,
  env_name: Type.String(),
  publish_id: Id,
  tags: Type.Array(Type.String()),
} satisfies TProperties

const apiFilters = ['api_name', 'api_id', 'group_id', 'req_method', 'req_uri', 'tags'] as const

const Ids = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const OfPlugin = Type.Object({ env_id: Id, api_ids: Ids })
const OfApi = Type.Object({ env_id: Id, plugin_ids: Ids })

export const plugins = [
  op({
    id: 'createPlugin',
    method: 'POST',
    path: `${instancePath}/plugins`,
    family,
    tier: 1,
    summary: 'Create a plug-in',
    status: 201,
    params: inInstance(),
    body: Type.Object({
      plugin_name: PluginName,
      plugin_type: PluginType,
      plugin_scope: Type.Optional(PluginScope),
      plugin_content: PluginContent,
      remark: Remark,
    }),
    response: Plugin,
    errors: ['APIG.3023', 'APIG.3326'],
  }),
  op({
    id: 'listPlugins',
    method: 'GET',
    path: `${instancePath}/plugins`,
    family,
    tier: 1,
    summary: 'List plug-ins',
    status: 200,
    params: inInstance(),
    query: listQuery('plugin_type', 'plugin_scope', 'plugin_id', 'plugin_name', 'precise_search'),
    response: listOf('plugins', Plugin),
  }),
  op({
    id: 'showPlugin',
    method: 'GET',
    path: `${instancePath}/plugins/{plugin_id}`,
    family,
    tier: 1,
    summary: 'Show a plug-in',
    status: 200,
    params: inInstance('plugin_id'),
    response: Plugin,
    errors: ['APIG.3068'],
  }),
  op({
    id: 'updatePlugin',
    method: 'PUT',
    path: `${instancePath}/plugins/{plugin_id}`,
    family,
    tier: 1,
    summary: 'Replace the name and the content of a plug-in, at once for all APIs to which it is attached',
    status: 200,
    params: inInstance('plugin_id'),
    /** Type and scope may be left out, and cannot be changed. A remark that is left out stays. */
    body: Type.Object({
      plugin_name: PluginName,
      plugin_type: Type.Optional(PluginType),
      plugin_scope: Type.Optional(PluginScope),
      plugin_content: PluginContent,
      remark: Remark,
    }),
    response: Plugin,
    errors: ['APIG.3023', 'APIG.3068', 'APIG.3326'],
  }),
  op({
    id: 'deletePlugin',
    method: 'DELETE',
    path: `${instancePath}/plugins/{plugin_id}`,
    family,
    tier: 1,
    summary: 'Delete a plug-in that is attached to no API',
    status: 204,
    params: inInstance('plugin_id'),
    errors: ['APIG.3068', 'APIG.3462'],
  }),
  op({
    id: 'attachApiToPlugin',
    method: 'POST',
    path: `${instancePath}/plugins/{plugin_id}/attach`,
    family,
    tier: 1,
    summary: 'Attach a plug-in to APIs in an environment, in the place of others of its type',
    status: 201,
    params: inInstance('plugin_id'),
    body: OfPlugin,
    response: Attached,
    errors: ['APIG.3002', 'APIG.3003', 'APIG.3068', 'APIG.3707'],
  }),
  op({
    id: 'detachApiFromPlugin',
    method: 'PUT',
    path: `${instancePath}/plugins/{plugin_id}/detach`,
    family,
    tier: 1,
    summary: 'Detach a plug-in from APIs in an environment',
    status: 204,
    params: inInstance('plugin_id'),
    body: OfPlugin,
    errors: ['APIG.3003', 'APIG.3068'],
  }),
  op({
    id: 'listPluginAttachedApis',
    method: 'GET',
    path: `${instancePath}/plugins/{plugin_id}/attached-apis`,
    family,
    tier: 1,
    summary: 'List the APIs to which a plug-in is attached',
    status: 200,
    params: inInstance('plugin_id'),
    query: listQuery('env_id', ...apiFilters),
    response: listOf('apis', closed({ ...api, ...attached })),
    errors: ['APIG.3068'],
  }),
  op({
    id: 'listPluginAttachableApis',
    method: 'GET',
    path: `${instancePath}/plugins/{plugin_id}/attachable-apis`,
    family,
    tier: 1,
    summary: 'List the APIs published in an environment to which a plug-in is not attached there',
    status: 200,
    params: inInstance('plugin_id'),
    query: listQueryBy(['env_id'], ...apiFilters),
    response: listOf('apis', closed(api)),
    errors: ['APIG.3003', 'APIG.3068'],
  }),
  op({
    id: 'attachPluginToApi',
    method: 'POST',
    path: `${instancePath}/apis/{api_id}/plugins/attach`,
    family,
    tier: 1,
    summary: 'Attach plug-ins to an API in an environment, in the place of others of their types',
    status: 201,
    params: inInstance('api_id'),
    body: OfApi,
    response: Attached,
    errors: ['APIG.3002', 'APIG.3003', 'APIG.3068', 'APIG.3707'],
  }),
  op({
    id: 'detachPluginFromApi',
    method: 'PUT',
    path: `${instancePath}/apis/{api_id}/plugins/detach`,
    family,
    tier: 1,
    summary: 'Detach plug-ins from an API in an environment',
    status: 204,
    params: inInstance('api_id'),
    body: OfApi,
    errors: ['APIG.3002', 'APIG.3003'],
  }),
  op({
    id: 'listApiAttachedPlugins',
    method: 'GET',
    path: `${instancePath}/apis/{api_id}/attached-plugins`,
    family,
    tier: 1,
    summary: 'List the plug-ins that are attached to an API',
    status: 200,
    params: inInstance('api_id'),
    query: listQuery('env_id', 'env_name', 'plugin_name', 'plugin_id', 'plugin_type'),
    response: listOf('plugins', closed({ ...plugin, ...attached })),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'listApiAttachablePlugins',
    method: 'GET',
    path: `${instancePath}/apis/{api_id}/attachable-plugins`,
    family,
    tier: 1,
    summary: 'List the plug-ins that are not attached to an API in an environment',
    status: 200,
    params: inInstance('api_id'),
    query: listQueryBy(['env_id'], 'plugin_name', 'plugin_type', 'plugin_id'),
    response: listOf('plugins', Plugin),
    errors: ['APIG.3002', 'APIG.3003'],
  }),
] as const
