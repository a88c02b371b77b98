import { Type } from 'typebox'

import { Flag, Path, Timeout, refuseAddress } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** 流量镜像 */
const Content = Type.Object({
  protocol: Type.Enum(['HTTP', 'HTTPS', 'GRPC', 'GRPCS']),
  /** `host` or `host:port`. */
  host: Type.String({ minLength: 1, maxLength: 255 }),
  path: Type.Optional(Path),
  path_concat_mode: Type.Optional(Type.Enum(['replace', 'prefix'], { default: 'replace' })),
  sample_ratio: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1 })),
  timeout: Type.Optional(Timeout),
  mirror_request_body_enabled: Flag,
})

export const proxyMirror = pluginRule(Content, ({ host }) => refuseAddress(host, `${inContent}host`))
