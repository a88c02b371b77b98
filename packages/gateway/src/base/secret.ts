import { inspect } from 'node:util'

/**
 * A value that may be used but never shown. It stays plain data, so that it can cross to another thread,
 * and it carries one key name, so that whoever prints or logs has one name to mask.
 */
export interface Secret {
  readonly secret: string
}

export function secret(value: string): Secret {
  return { secret: value }
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && typeof (value as Secret).secret === 'string'
}

/** A copy with every {@link Secret} replaced by a mark. For printing snapshots, documents and evidence. */
export function masked(value: unknown): unknown {
  if (isSecret(value)) return '[secret]'
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]))
  }
  return value
}

export function show(value: unknown): string {
  return inspect(masked(value), { depth: 10, breakLength: 120 })
}
