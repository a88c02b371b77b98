import { Type } from 'typebox'

import { invalid } from '../../admin-error.ts'
import { HeaderName, HeaderText } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** HTTP响应头管理 */
const Content = Type.Object({
  response_headers: Type.Array(
    Type.Object({
      name: HeaderName,
      value: Type.Optional(HeaderText),
      value_type: Type.Optional(Type.Enum(['custom_value', 'system_parameter'], { default: 'custom_value' })),
      action: Type.Enum(['override', 'append', 'delete', 'skip', 'add']),
    }),
    { minItems: 1, maxItems: 10 },
  ),
})

/** What the gateway itself answers with, and what the cors plug-in is for. */
const untouchable = /^(x-apig-.*|x-request-id|access-control-.*)$/

export const setRespHeaders = pluginRule(Content, ({ response_headers }) => {
  const names = new Set<string>()
  for (const [index, { name, value, value_type, action }] of response_headers.entries()) {
    const at = `${inContent}response_headers[${index}]`
    const key = name.toLowerCase()
    if (untouchable.test(key) || names.has(key)) throw invalid(`${at}.name`)
    names.add(key)
    const asksSystem = value_type === 'system_parameter' && action !== 'delete'
    if (asksSystem && !/^\$context\.[\w.-]+$/.test(value ?? '')) throw invalid(`${at}.value`)
  }
})
