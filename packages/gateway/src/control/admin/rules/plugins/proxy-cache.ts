import { Type } from 'typebox'

import { missing } from '../../admin-error.ts'
import { HeaderName } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** 响应缓存 */
const Content = Type.Object({
  cache_key: Type.Object({
    system_params: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    parameters: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    headers: Type.Optional(Type.Array(HeaderName)),
  }),
  cache_http_status_and_ttl: Type.Optional(
    Type.Array(
      Type.Object({
        http_status: Type.Array(Type.Integer({ minimum: 200, maximum: 599 }), { minItems: 1 }),
        /** Seconds. */
        ttl: Type.Integer({ minimum: 1, maximum: 720_000 }),
      }),
    ),
  ),
  client_cache_control: Type.Optional(
    Type.Object({
      /** Whose Cache-Control counts: nobody's, everybody's, or that of the apps in `datas`. */
      mode: Type.Enum(['off', 'all', 'apps']),
      datas: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    }),
  ),
  cacheable_headers: Type.Optional(
    Type.Array(Type.String({ pattern: "^[-A-Za-z0-9!#$%&'*+.^_`|~]+$", maxLength: 64 }), { maxItems: 20 }),
  ),
})

export const proxyCache = pluginRule(Content, ({ cache_key, client_cache_control }) => {
  const parts = [cache_key.system_params, cache_key.parameters, cache_key.headers].flatMap(list => list ?? [])
  if (parts.length === 0) throw missing(`${inContent}cache_key`)
  if (client_cache_control?.mode === 'apps' && !client_cache_control.datas?.length)
    throw missing(`${inContent}client_cache_control.datas`)
})
