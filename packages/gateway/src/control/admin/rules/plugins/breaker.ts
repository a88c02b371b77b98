import { Type, type Static } from 'typebox'

import { invalid, missing } from '../../admin-error.ts'
import {
  Count,
  Flag,
  HeaderName,
  HeaderText,
  HttpMethod,
  Parameter,
  Parameters,
  Path,
  RuleName,
  Scope,
  Timeout,
  refuseAddress,
  refuseExpression,
} from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

const Condition = Type.Object({
  breaker_type: Type.Enum(['timeout', 'condition']),
  breaker_mode: Type.Optional(Type.Enum(['counter', 'percentage'], { default: 'counter' })),
  /** Of type condition: an expression over `$context.statusCode` and `$context.backendResponseTime`. */
  unhealthy_condition: Type.Optional(Type.String()),
  unhealthy_threshold: Type.Optional(Count),
  min_call_threshold: Type.Optional(Count),
  unhealthy_percentage: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** Seconds. */
  time_window: Count,
  open_breaker_time: Count,
})

const Http = Type.Object({
  isVpc: Flag,
  vpc_channel_id: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  scheme: Type.Optional(Type.Enum(['HTTP', 'HTTPS'])),
  method: Type.Optional(HttpMethod),
  path: Type.Optional(Path),
  timeout: Type.Optional(Timeout),
})

const Downgrade = Type.Object({
  type: Type.Enum(['http', 'http_vpc', 'function', 'mock', 'passthrough']),
  http_info: Type.Optional(Http),
  http_vpc_info: Type.Optional(Http),
  func_info: Type.Optional(Type.Object({ function_urn: Type.String({ minLength: 1 }) })),
  mock_info: Type.Optional(
    Type.Object({
      status_code: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
      result_content: Type.Optional(Type.String()),
      headers: Type.Optional(
        Type.Array(Type.Object({ key: Type.Optional(HeaderName), name: Type.Optional(HeaderName), value: HeaderText })),
      ),
    }),
  ),
  passthrough_infos: Type.Optional(Type.Array(Type.Object({ name: HeaderName, value: HeaderText }))),
})

/** 断路器 */
const Content = Type.Object({
  scope: Scope,
  breaker_condition: Condition,
  downgrade_default: Type.Optional(Downgrade),
  downgrade_parameters: Parameters,
  downgrade_rules: Type.Optional(
    Type.Array(
      Type.Object({
        rule_name: RuleName,
        match_regex: Type.String({ minLength: 1 }),
        /** The parameters that it names; the published samples have their names alone. */
        parameters: Type.Optional(Type.Array(Type.Union([Type.String(), Parameter]))),
        /** Without them, the defaults. */
        breaker_condition: Type.Optional(Condition),
        downgrade_backend: Type.Optional(Downgrade),
      }),
      { maxItems: 100 },
    ),
  ),
})

export const breaker = pluginRule(Content, ({ breaker_condition, downgrade_default, downgrade_rules }) => {
  refuseCondition(breaker_condition, `${inContent}breaker_condition`)
  if (downgrade_default) refuseDowngrade(downgrade_default, `${inContent}downgrade_default`)
  for (const [index, rule] of (downgrade_rules ?? []).entries()) {
    const at = `${inContent}downgrade_rules[${index}]`
    refuseExpression(rule.match_regex, `${at}.match_regex`)
    if (rule.breaker_condition) refuseCondition(rule.breaker_condition, `${at}.breaker_condition`)
    if (rule.downgrade_backend) refuseDowngrade(rule.downgrade_backend, `${at}.downgrade_backend`)
  }
})

function refuseCondition(condition: Static<typeof Condition>, at: string): void {
  const needed =
    condition.breaker_mode === 'percentage'
      ? (['min_call_threshold', 'unhealthy_percentage'] as const)
      : (['unhealthy_threshold'] as const)
  for (const field of needed) if (condition[field] === undefined) throw missing(`${at}.${field}`)
  if (condition.breaker_type === 'timeout') return
  if (condition.unhealthy_condition === undefined) throw missing(`${at}.unhealthy_condition`)
  refuseExpression(condition.unhealthy_condition, `${at}.unhealthy_condition`)
}

function refuseDowngrade(backend: Static<typeof Downgrade>, at: string): void {
  const { type, http_info, http_vpc_info, func_info } = backend
  if (type === 'http') {
    if (http_info === undefined) throw missing(`${at}.http_info`)
    if (http_info.isVpc !== true) refuseAddress(http_info.address, `${at}.http_info.address`)
    else if (http_info.vpc_channel_id === undefined) throw missing(`${at}.http_info.vpc_channel_id`)
  }
  if (type === 'http_vpc') {
    const info = http_vpc_info ?? http_info
    if (info === undefined) throw missing(`${at}.http_vpc_info`)
    if (info.vpc_channel_id === undefined) throw missing(`${at}.http_vpc_info.vpc_channel_id`)
  }
  if (type === 'function' && func_info === undefined) throw missing(`${at}.func_info`)
  if (type === 'mock' && backend.mock_info === undefined) throw missing(`${at}.mock_info`)
  for (const [index, header] of (backend.mock_info?.headers ?? []).entries()) {
    if (header.key === undefined && header.name === undefined) throw invalid(`${at}.mock_info.headers[${index}]`)
  }
}
