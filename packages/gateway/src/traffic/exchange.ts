import type { ErrorRow, ResponseType } from '@pailou/contract/errors'
import type { Evidence } from '../seam/observations.ts'
import type { Account, Route } from '../seam/snapshot.ts'
import type { RequestHead } from './http1/request-head.ts'
import type { Target } from './http1/request-target.ts'
import type { Upstream } from './http1/upstream.ts'
import type { PathTemplate } from './route/path-template.ts'
import type { RouteTally } from './tally.ts'

/** A value now, or a promise of it. The road goes on at once when it is there. */
export type Awaitable<T> = T | Promise<T>

/** Who is at the other end of the connection. One object for each connection. */
export interface Client {
  readonly address: string
  readonly scheme: 'http' | 'https'
  /** The port of ours that it called. */
  readonly port: number
  /** The header lines that tell a backend of it. */
  readonly forwardedLines: string
  /** By whom its certificate was issued, PEM, when it was asked for one and had one that is in order. */
  readonly verifiedBy: string | undefined
}

/** A request as it came off the socket. Nothing has been looked up yet. */
export interface Arrival {
  /** 32 lower-case hex characters, ours, never the caller's. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly client: Client
  readonly head: RequestHead
  readonly target: Target
  /** The host that was called, with the port if one was sent: the Host header, or the authority of an absolute target. */
  readonly host: string
  readonly body: RequestBody
  /** How the API's group words a refusal; undefined while no group is known, or when it leaves that to the gateway. */
  readonly words: Words | undefined
  /** Where it is counted; undefined while no API is known. */
  readonly tally: RouteTally | undefined
}

/** A request whose API is known. */
export interface Routed extends Arrival {
  readonly route: Route
  /** The values of the path template's names, decoded. */
  readonly pathValues: Readonly<Record<string, string>> | undefined
  /** What stands behind the prefix of an API that is matched by prefix. */
  readonly remainder: string
}

/** A request whose caller is known. */
export interface Identified extends Routed {
  readonly caller: Caller
  /** The values of the declared parameters in the order of their declaration, decoded, defaults filled in. Set by the policy that checks them. */
  parameters: readonly (string | undefined)[] | undefined
}

export type Caller = { readonly kind: 'anonymous' } | AppCaller

export interface AppCaller {
  readonly kind: 'app'
  readonly id: string
  readonly name: string
  /** To whom the app belongs. */
  readonly account?: Account
}

export const anonymous: Caller = { kind: 'anonymous' }

/** A body travels as a stream, untouched, unless somebody has to read it first. */
export interface RequestBody {
  /** The whole body, once. Resolves with a refusal when it is too large, broken, or does not come. */
  collect(): Promise<Buffer | Refusal>
}

/** What the gateway will send to the backend. The body follows by itself. */
export interface Outbound {
  readonly upstream: Upstream
  method: string
  /** Path and query, encoded: what stands in the request line. Put together when every policy has spoken. */
  target: string
  /** The backend's path. */
  readonly path: PathTemplate
  /** What to put for the names in the path, encoded. */
  pathValues: Record<string, string> | undefined
  /** Encoded, without the `?`. */
  query: string
  /** The Host header. */
  host: string
  /** More header lines, each with its CRLF. */
  extra: string
  /** Lower-case names of request headers that do not travel on, besides the fixed ones. */
  without: Set<string> | undefined
  readonly timeoutMs: number
  readonly retries: number
}

/** A response that the gateway makes itself. */
export interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** More header lines, each with its CRLF. */
  readonly headerLines?: string
}

/** What may be known of a request when it is refused. */
export interface Visible {
  readonly route: Route | undefined
  readonly caller: Caller
}

/** Says a refusal in a group's own words; undefined where it has none for this one. */
export type Words = (refusal: Refusal, visit: Arrival & Visible) => Reply | undefined

/** A response which says no. */
export class Refusal {
  readonly row: ErrorRow
  readonly evidence: Evidence
  /** For the placeholder in the message of 0607. */
  readonly supported: string | undefined
  /** Instead of the row's own type, where a refusal is one of several. */
  readonly type: ResponseType | undefined
  /** More header lines, each with its CRLF. */
  headerLines = ''

  constructor(row: ErrorRow, evidence: Evidence, supported?: string, type?: ResponseType) {
    this.row = row
    this.evidence = evidence
    this.supported = supported
    this.type = type
  }
}

export function refuse(row: ErrorRow, evidence: Evidence, supported?: string, type?: ResponseType): Refusal {
  return new Refusal(row, evidence, supported, type)
}

/** What comes of a request: a refusal, a response of our own, or a call to the backend. */
export type Answer = Refusal | Reply | Outbound
