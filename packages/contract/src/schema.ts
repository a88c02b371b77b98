import {
  Type,
  type TArray,
  type TInteger,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
} from 'typebox'

/**
 * The words in which the operations describe what they take and what they give.
 * Objects of a request are open: clients send fields that no published model has. Objects of an answer are closed.
 */

/** An object of an answer: nothing but what is listed. */
export function closed<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties, { additionalProperties: false })
}

/** Chinese or Latin letters, digits and `_`, beginning with a letter, 3–64: the grammar of most names. */
export const Name = Type.String({
  pattern: '^[A-Za-z\\u4e00-\\u9fff][A-Za-z0-9_\\u4e00-\\u9fff]*$',
  minLength: 3,
  maxLength: 64,
})

/** As {@link Name}, but also `-./()（）:：、`, beginning with a letter or digit, 3–255: API groups and APIs. */
export const WideName = Type.String({
  pattern: '^[A-Za-z0-9\\u4e00-\\u9fff][-A-Za-z0-9_./()（）:：、\\u4e00-\\u9fff]*$',
  minLength: 3,
  maxLength: 255,
})

export const Remark = Type.Optional(Type.String({ maxLength: 255, default: '' }))

/** Any text: an id that is unknown, or no id at all, is a 404 and never a 400. */
export const Id = Type.String({ minLength: 1 })

/** RFC 3339, UTC, whole seconds: clients compare times as text. */
export const Time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' })

/** The contract's way to say yes (1) and no (2). */
export const Flag = Type.Enum([1, 2])

type Params<N extends string> = TObject<{ [K in N]: TString }>

/** The path parameters of an operation outside an instance. */
export function params<N extends string>(...names: N[]): Params<N> {
  return Type.Object(Object.fromEntries(names.map(name => [name, Type.String()]))) as Params<N>
}

/** The path parameters of an operation inside an instance: the two that all of them have, and `names`. */
export function inInstance<N extends string = never>(...names: N[]): Params<N | 'project_id' | 'instance_id'> {
  return params<N | 'project_id' | 'instance_id'>('project_id', 'instance_id', ...names)
}

/** Where everything of an instance stands. */
export const instancePath = '/v2/{project_id}/apigw/instances/{instance_id}'

type Filters<N extends string> = { [K in N]: TOptional<TString> }

function optionalTexts<N extends string>(names: readonly N[]): Filters<N> {
  return Object.fromEntries(names.map(name => [name, Type.Optional(Type.String())])) as Filters<N>
}

/** A query of optional texts. */
export function filters<N extends string>(...names: N[]): TObject<Filters<N>> {
  return Type.Object(optionalTexts(names))
}

/** Which part of a list is wanted. Both are lenient: {@link pageOf} says what they come to. */
const paging = {
  offset: Type.Optional(Type.Integer({ default: 0 })),
  limit: Type.Optional(Type.Integer({ default: 20 })),
}

/** The query of a list: `offset`, `limit`, and filters, each an optional text. */
export function listQuery<N extends string = never>(...names: N[]): TObject<typeof paging & Filters<N>> {
  return Type.Object({ ...paging, ...optionalTexts(names) })
}

/** As {@link listQuery}, with filters that have to be given. */
export function listQueryBy<R extends string, N extends string = never>(
  required: readonly R[],
  ...names: N[]
): TObject<typeof paging & { [K in R]: TString } & Filters<N>> {
  const given = Object.fromEntries(required.map(name => [name, Type.String({ minLength: 1 })])) as { [K in R]: TString }
  return Type.Object({ ...paging, ...given, ...optionalTexts(names) })
}

/** The part of a list that a query asks for: a negative offset is 0; no limit, or none above 0, is 20; 500 is the most. */
export function pageOf(query: { readonly offset?: number; readonly limit?: number }): {
  offset: number
  limit: number
} {
  const { offset = 0, limit = 20 } = query
  return { offset: Math.max(0, offset), limit: limit > 0 ? Math.min(limit, 500) : 20 }
}

type ListOf<K extends string, S extends TSchema> = TObject<
  { total: TInteger; size: TInteger } & { [P in K]: TArray<S> }
>

/** The envelope of a list: `total` matches in all, `size` of them here, under `key`, which is there even when empty. */
export function listOf<K extends string, S extends TSchema>(key: K, item: S): ListOf<K, S> {
  const count = Type.Integer({ minimum: 0 })
  return closed({ total: count, size: count, [key]: Type.Array(item) }) as unknown as ListOf<K, S>
}
