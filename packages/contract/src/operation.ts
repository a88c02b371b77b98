import type { Static, TSchema } from 'typebox'
import type { AdminErrorCode } from './admin-errors.ts'

/** One operation of the admin API: everything about it but its behaviour. */
export interface Operation {
  /** The method name of the official SDK client. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As in the contract, `{name}` for path parameters. */
  readonly path: string
  /** The heading under which the reference lists it. */
  readonly family: string
  readonly tier: 1 | 2 | 3
  readonly summary: string
  /** The status of a success. 204 has no body. */
  readonly status: 200 | 201 | 202 | 204
  /** Who may ask without being recognised: only the operations by which one becomes recognised. */
  readonly open?: true
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** Of the body. JSON unless given; of a form the body's schema describes the parts. */
  readonly bodyType?: 'multipart/form-data'
  readonly response?: TSchema
  /** Of the answer. JSON unless given; otherwise the answer is a text, which is sent as it is. */
  readonly responseType?: 'application/octet-stream'
  /** Headers that belong to the question or to the answer, besides those every operation has. */
  readonly requestHeaders?: readonly string[]
  readonly responseHeaders?: readonly string[]
  /** Codes of the contract that this operation answers with, besides those every operation has. */
  readonly errors?: readonly AdminErrorCode[]
}

/** Keeps the literal types, so that ids and schemas can be read off the table by the compiler. */
export function op<const O extends Operation>(operation: O): O {
  return operation
}

/** Answers are written from documents, which nobody may change. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T

type Of<O, Part extends string> = O extends { readonly [P in Part]: infer S extends TSchema }
  ? Static<S>
  : Record<never, never>
export type ParamsOf<O extends Operation> = Of<O, 'params'>
export type QueryOf<O extends Operation> = Of<O, 'query'>
export type BodyOf<O extends Operation> = Of<O, 'body'>
export type ResponseOf<O extends Operation> = O extends { readonly response: infer S extends TSchema }
  ? Frozen<Static<S>>
  : void
