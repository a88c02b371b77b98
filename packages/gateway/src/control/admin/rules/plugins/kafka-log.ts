import { Type } from 'typebox'

import { invalid, missing } from '../../admin-error.ts'
import { Flag, refuseAddress } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

const Text = Type.Optional(Type.String())

/** Kafka日志推送 */
const Content = Type.Object({
  /** `host:port` each. */
  broker_list: Type.Array(Type.String(), { minItems: 1 }),
  topic: Type.String({ pattern: '^[-A-Za-z0-9._]+$', maxLength: 249 }),
  key: Text,
  max_retry_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
  /** Seconds. */
  retry_backoff: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  sasl_config: Type.Optional(
    Type.Object({
      security_protocol: Type.Enum(['PLAINTEXT', 'SASL_PLAINTEXT', 'SASL_SSL']),
      sasl_mechanisms: Type.Optional(Type.Enum(['PLAIN'])),
      sasl_username: Text,
      sasl_password: Text,
      ssl_ca_content: Text,
    }),
  ),
  meta_config: Type.Optional(
    Type.Object({
      system: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
      call_data: Type.Optional(
        Type.Object({
          log_request_header: Flag,
          request_header_filter: Text,
          log_request_query_string: Flag,
          request_query_string_filter: Text,
          log_request_body: Flag,
          log_response_header: Flag,
          response_header_filter: Text,
          log_response_body: Flag,
          custom_authorizer: Type.Optional(
            Type.Object({
              frontend: Type.Optional(Type.Array(Type.String())),
              backend: Type.Optional(Type.Array(Type.String())),
            }),
          ),
        }),
      ),
    }),
  ),
})

export const kafkaLog = pluginRule(Content, ({ broker_list, sasl_config }) => {
  for (const [index, broker] of broker_list.entries()) {
    const field = `${inContent}broker_list[${index}]`
    refuseAddress(broker, field)
    if (!/:\d+$/.test(broker)) throw invalid(field)
  }
  if (sasl_config === undefined || sasl_config.security_protocol === 'PLAINTEXT') return
  for (const field of ['sasl_username', 'sasl_password'] as const) {
    if (sasl_config[field] === undefined) throw missing(`${inContent}sasl_config.${field}`)
  }
})
