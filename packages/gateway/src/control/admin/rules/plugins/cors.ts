import { Type } from 'typebox'

import { invalid } from '../../admin-error.ts'
import { HeaderText } from './parts.ts'
import { inContent, pluginRule } from './plugin-rule.ts'

/** 跨域资源共享. Lists are text with commas between. */
const Content = Type.Object({
  allow_origin: Type.String({
    minLength: 1,
    pattern: '^[\\x21-\\x7e\\u0080-\\uffff]+(\\s*,\\s*[\\x21-\\x7e\\u0080-\\uffff]+)*$',
  }),
  allow_methods: Type.Optional(HeaderText),
  allow_headers: Type.Optional(HeaderText),
  expose_headers: Type.Optional(HeaderText),
  /** Seconds. The published limit is a day, and the published samples have two. */
  max_age: Type.Optional(Type.Integer({ minimum: 0, maximum: 172_800 })),
  allow_credentials: Type.Optional(Type.Boolean()),
})

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY', '*'])
const headerName = /^[-A-Za-z0-9!#$%&'*+.^_`|~]+$/

export const cors = pluginRule(Content, ({ allow_methods, allow_headers, expose_headers }) => {
  for (const [field, list, fits] of [
    ['allow_methods', allow_methods, (item: string) => methods.has(item.toUpperCase())],
    ['allow_headers', allow_headers, (item: string) => headerName.test(item)],
    ['expose_headers', expose_headers, (item: string) => headerName.test(item)],
  ] as const) {
    if (!(list ?? '').split(',').every(item => item.trim() === '' || fits(item.trim())))
      throw invalid(inContent + field)
  }
})
