import { Type } from 'typebox'

import { invalid, missing } from '../../admin-error.ts'
import { isBackendAddress } from '../hosts.ts'
import { isPattern } from '../patterns.ts'
import { jsonIn } from './plugin-rule.ts'

/** What the contents of several types of plug-ins have in common. */

const int32 = 2147483647

export const Flag = Type.Optional(Type.Boolean())
export const Count = Type.Integer({ minimum: 1, maximum: int32 })
/** Milliseconds. */
export const Timeout = Type.Integer({ minimum: 1, maximum: 600_000 })
export const HeaderName = Type.String({ pattern: "^[-A-Za-z0-9!#$%&'*+.^_`|~]+$", maxLength: 128 })
export const TimeUnit = Type.Enum(['second', 'minute', 'hour', 'day'])
/** basic: for each API alone. share: for all APIs of the plug-in together. */
export const Scope = Type.Optional(Type.Enum(['basic', 'share'], { default: 'basic' }))
export const HttpMethod = Type.Enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'])
export const Path = Type.String({ pattern: '^/[^\\s?#]*$', maxLength: 512 })
/** Nothing that would end a header's line. */
export const HeaderText = Type.String({ pattern: '^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$' })

/** Something of the request that the expressions of rules may name. */
export const Parameter = Type.Object({
  type: Type.Enum(['path', 'method', 'header', 'query', 'system']),
  name: Type.String({ minLength: 1, maxLength: 32 }),
  value: Type.Optional(Type.String({ maxLength: 255 })),
})

export const Parameters = Type.Optional(Type.Array(Parameter, { maxItems: 50 }))
export const RuleName = Type.String({ minLength: 1, maxLength: 64 })

export function refuseAddress(address: string | undefined, field: string): void {
  if (address === undefined) throw missing(field)
  if (!isBackendAddress(address) || address.includes('#')) throw invalid(field)
}

const operators: ReadonlySet<unknown> = new Set(['==', '~=', '~~', 'in', '>'])

/**
 * The expression of a rule, JSON in text: `["name", "operator", "value"]`, or `["AND", …]` and `["OR", …]` of several.
 * Throws AdminError 2011 naming the field when it is none.
 */
export function refuseExpression(text: string, field: string): void {
  if (!isExpression(jsonIn(text, field))) throw invalid(field)
}

function isExpression(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const [first, second, third] = value as unknown[]
  if (operators.has(second)) return value.length === 3 && typeof first === 'string' && isOperand(second, third)
  return (first === 'AND' || first === 'OR') && value.length > 1 && value.slice(1).every(isExpression)
}

function isOperand(operator: unknown, operand: unknown): boolean {
  if (operator === '>') return operand !== '' && Number.isFinite(Number(operand))
  if (typeof operand === 'number') return operator !== '~~'
  if (typeof operand !== 'string') return false
  return operator !== '~~' || isPattern(operand)
}
