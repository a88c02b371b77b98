import { Type } from 'typebox'

import { invalid, tooLarge } from '../../admin-error.ts'
import { Count, Parameters, RuleName, Scope, TimeUnit, refuseExpression } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** 0 is no limit. */
const Limit = Type.Optional(Type.Integer({ minimum: 0, maximum: 2147483647 }))

/** 流量控制2.0 */
const Content = Type.Object({
  scope: Scope,
  default_time_unit: TimeUnit,
  default_interval: Count,
  /** -1 is no limit. */
  api_limit: Type.Integer({ minimum: -1, maximum: 2147483647 }),
  app_limit: Limit,
  user_limit: Limit,
  ip_limit: Limit,
  algorithm: Type.Optional(Type.Enum(['counter', 'haht', 'local'], { default: 'counter' })),
  specials: Type.Optional(
    Type.Array(
      Type.Object({
        type: Type.Enum(['app', 'user']),
        policies: Type.Array(Type.Object({ key: Type.String({ minLength: 1 }), limit: Count })),
      }),
    ),
  ),
  parameters: Parameters,
  rules: Type.Optional(
    Type.Array(
      Type.Object({
        rule_name: RuleName,
        match_regex: Type.String({ minLength: 1 }),
        /** Without them, the default period. */
        time_unit: Type.Optional(TimeUnit),
        interval: Type.Optional(Count),
        limit: Count,
      }),
      { maxItems: 100 },
    ),
  ),
})

export const rateLimit = pluginRule(Content, content => {
  const { api_limit, app_limit = 0, user_limit = 0, ip_limit = 0 } = content
  if (api_limit === 0) throw invalid(`${inContent}api_limit`)
  const ceiling = api_limit === -1 ? Infinity : api_limit
  if (user_limit > ceiling) throw tooLarge(`${inContent}user_limit`)
  if (ip_limit > ceiling) throw tooLarge(`${inContent}ip_limit`)
  if (app_limit > (user_limit || ceiling)) throw tooLarge(`${inContent}app_limit`)
  for (const [index, { match_regex }] of (content.rules ?? []).entries()) {
    refuseExpression(match_regex, `${inContent}rules[${index}].match_regex`)
  }
})
