import type { Secret } from '../../base/secret.ts'

/** A function that decides who may call (FRONTEND), or that vouches for the gateway to the backend (BACKEND). */
export interface Authorizer {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly type: 'FRONTEND' | 'BACKEND'
  /** The URN of the function, and what narrows it down; empty for none. An alias counts more than a version. */
  readonly functionUrn: string
  readonly functionVersion: string
  readonly functionAliasUrn: string
  readonly networkType: 'V1' | 'V2'
  /** Seconds for which a decision is remembered. */
  readonly ttl: number
  /** Handed to the function with every call; people keep keys in it. */
  readonly userData: Secret
  readonly needBody: boolean
  readonly identities: readonly AuthorizerIdentity[]
  readonly createdAt: number
}

/** What a request has to carry before the function is asked; together they are the key under which its answer is kept. */
export interface AuthorizerIdentity {
  readonly name: string
  readonly location: 'HEADER' | 'QUERY'
  /** A regular expression. */
  readonly validation?: string
}
