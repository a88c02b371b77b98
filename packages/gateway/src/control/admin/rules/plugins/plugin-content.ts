import { withoutBlanks } from '@pailou/contract'

import type { Plugin } from '../../../documents/plugin.ts'
import { invalid } from '../../admin-error.ts'
import { validated } from '../../validation.ts'
import { breaker } from './breaker.ts'
import { cors } from './cors.ts'
import { jwtAuth } from './jwt-auth.ts'
import { kafkaLog } from './kafka-log.ts'
import { oidcAuth } from './oidc-auth.ts'
import { jsonIn, type PluginRule } from './plugin-rule.ts'
import { proxyCache } from './proxy-cache.ts'
import { proxyMirror } from './proxy-mirror.ts'
import { rateLimit } from './rate-limit.ts'
import { setRespHeaders } from './set-resp-headers.ts'
import { thirdAuth } from './third-auth.ts'

const rules: { readonly [T in Plugin['type']]: PluginRule } = {
  cors,
  set_resp_headers: setRespHeaders,
  kafka_log: kafkaLog,
  breaker,
  rate_limit: rateLimit,
  third_auth: thirdAuth,
  proxy_cache: proxyCache,
  proxy_mirror: proxyMirror,
  oidc_auth: oidcAuth,
  jwt_auth: jwtAuth,
}

/** The value of a content. Throws AdminError naming the field, as `plugin_content.rules[0].limit`; never repeats a value. */
export function contentOf(type: Plugin['type'], text: string): object {
  const plugin_content = jsonIn(text, 'plugin_content')
  if (typeof plugin_content !== 'object' || plugin_content === null || Array.isArray(plugin_content))
    throw invalid('plugin_content')
  const { shape, check } = rules[type]
  const read = validated(shape, withoutBlanks(shape, { plugin_content }), 'body') as { plugin_content: object }
  check(read.plugin_content)
  return read.plugin_content
}

/** The ids of the VPC channels that a content names, wherever they stand in it. */
export function channelsIn(content: unknown): readonly string[] {
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([name, inner]: [string, unknown]) =>
    (name === 'vpc_id' || name === 'vpc_channel_id') && typeof inner === 'string' && inner !== ''
      ? [inner]
      : channelsIn(inner),
  )
}
