import type { TSchema } from 'typebox'

/** As much of a JSON schema as decides what a blank means. */
interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Shape[]
  readonly minimum?: number
  readonly maximum?: number
}

/**
 * A copy of `value` without the blanks that real clients send for optional fields which they leave alone: `null`, `''`,
 * and `0` where the schema does not allow it. Required fields, unknown fields and items of lists stay as they are.
 * To be applied before `value` is validated; a value of another shape than the schema's comes back as it is.
 */
export function withoutBlanks(schema: TSchema, value: unknown): unknown {
  return without(schema as Shape, value)
}

function without(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value))
    return shape.items === undefined ? value : value.map(item => without(shape.items as Shape, item))
  if (typeof value !== 'object' || value === null || shape.properties === undefined) return value
  const kept: [string, unknown][] = []
  for (const [name, inner] of Object.entries(value)) {
    const known = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined
    if (known === undefined) kept.push([name, inner])
    else if (shape.required?.includes(name) || !blank(known, inner)) kept.push([name, without(known, inner)])
  }
  // fromEntries defines properties instead of assigning them, so that a field named __proto__ stays a field.
  return Object.fromEntries(kept)
}

function blank(shape: Shape, value: unknown): boolean {
  return value === null || value === '' || (value === 0 && !allowsZero(shape))
}

function allowsZero(shape: Shape): boolean {
  if (shape.anyOf !== undefined) return shape.anyOf.some(allowsZero)
  if (shape.enum !== undefined) return shape.enum.includes(0)
  if (shape.const !== undefined) return shape.const === 0
  return !(shape.minimum !== undefined && shape.minimum > 0) && !(shape.maximum !== undefined && shape.maximum < 0)
}
