import type { Operation } from '@pailou/contract'

import type { Caller } from './access.ts'

/** What the log is told of a write: who, what and on which ids. Values of other fields may be secrets and stay out. */
export interface Written {
  readonly operation: string
  readonly user: string
  readonly userId: string
  /** With what it was signed; absent for a token. */
  readonly accessKey?: string
  /** By the names that the contract has for them: of the path, of the question, and `id` of what was made. */
  readonly ids: Readonly<Record<string, string | readonly string[]>>
}

/** Whoever names a thousand APIs in one call names them in the answer as well. */
const longestList = 20
const longestId = 128

export function writtenBy(
  operation: Operation,
  caller: Caller,
  { params, body }: { readonly params: object; readonly body: unknown },
  answer: unknown,
): Written {
  const { user, accessKey } = caller
  return {
    operation: operation.id,
    user: user.name,
    userId: user.id,
    ...(accessKey !== undefined && { accessKey }),
    ids: { ...idsIn(params, () => true), ...idsIn(body, isIdField(operation)), ...idsIn(answer, isOwnId) },
  }
}

/** Fields that the operation does not know may hold anything. */
function isIdField({ body }: Operation): (name: string) => boolean {
  const { properties = {} } = (body ?? {}) as { readonly properties?: object }
  return name => /^\w+_ids?$/.test(name) && Object.hasOwn(properties, name)
}

const isOwnId = (name: string): boolean => name === 'id' || name === 'access_key'

function idsIn(value: unknown, wanted: (name: string) => boolean): Record<string, string | string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  const ids: Record<string, string | string[]> = {}
  for (const [name, inner] of Object.entries(value)) {
    if (!wanted(name)) continue
    if (typeof inner === 'string') ids[name] = inner.slice(0, longestId)
    else if (Array.isArray(inner)) {
      const texts = inner.filter(each => typeof each === 'string')
      if (texts.length > 0) ids[name] = texts.slice(0, longestList).map(each => each.slice(0, longestId))
    }
  }
  return ids
}
