import { Type } from 'typebox'

import { missing } from '../../admin-error.ts'
import {
  Count,
  Flag,
  HeaderName,
  Parameters,
  Path,
  RuleName,
  Timeout,
  refuseAddress,
  refuseExpression,
} from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

const Names = Type.Optional(Type.Array(Type.Object({ name: HeaderName }), { maxItems: 10 }))
const CarriedHeaders = Type.Optional(Type.Array(HeaderName, { maxItems: 10 }))

/** 第三方认证 */
const Content = Type.Object({
  auth_request: Type.Object({
    method: Type.Enum(['GET', 'POST', 'PUT', 'HEAD']),
    protocol: Type.Enum(['HTTP', 'HTTPS']),
    url_domain: Type.Optional(Type.String()),
    path: Path,
    timeout: Timeout,
    vpc_channel_enabled: Flag,
    vpc_channel_info: Type.Optional(
      Type.Object({ vpc_id: Type.String({ minLength: 1 }), vpc_proxy_host: Type.Optional(Type.String()) }),
    ),
  }),
  /** Without them, the whole request decides. One published sample writes `query`. */
  identities: Type.Optional(Type.Object({ headers: Names, queries: Names, query: Names })),
  carry_body: Type.Optional(Type.Object({ enabled: Flag, max_body_size: Type.Optional(Type.Integer({ minimum: 1 })) })),
  carry_path_enabled: Flag,
  return_resp_body_enabled: Flag,
  carry_resp_headers: CarriedHeaders,
  /** The same, as one document spells it. */
  carry_resp_header: CarriedHeaders,
  simple_auth_mode_enabled: Flag,
  match_auth: Type.Optional(Type.Object({ key: HeaderName, value: Type.String({ minLength: 1 }) })),
  rule_enabled: Flag,
  rule_type: Type.Optional(Type.Enum(['allow', 'deny'])),
  parameters: Parameters,
  rules: Type.Optional(
    Type.Array(Type.Object({ rule_name: RuleName, match_regex: Type.String({ minLength: 1 }) }), { maxItems: 100 }),
  ),
  custom_forbid_limit: Type.Optional(Count),
  auth_downgrade_enabled: Flag,
})

export const thirdAuth = pluginRule(Content, ({ auth_request, simple_auth_mode_enabled, match_auth, ...content }) => {
  const at = `${inContent}auth_request`
  if (auth_request.vpc_channel_enabled !== true) refuseAddress(auth_request.url_domain, `${at}.url_domain`)
  else if (auth_request.vpc_channel_info === undefined) throw missing(`${at}.vpc_channel_info`)
  // Without the simple way, something has to say what a yes looks like.
  if (simple_auth_mode_enabled === false && match_auth === undefined) throw missing(`${inContent}match_auth`)
  for (const [index, { match_regex }] of (content.rules ?? []).entries()) {
    refuseExpression(match_regex, `${inContent}rules[${index}].match_regex`)
  }
})
