import type { Snapshot } from './snapshot.ts'
import type { RequestStatistics } from './statistics.ts'

/** What a refusal was decided on: what was compared with what. Plain data without secrets, never sent to the caller. */
export type Evidence = { readonly [key: string]: unknown }

/** A request that the gateway refused or could not finish, as it goes into the log. */
export interface RefusalRecord {
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** A row of the catalogue: `0101`, `0201/413`. */
  readonly row: string
  /** What the caller got: the row's own, unless the API's group words it with another. */
  readonly status: number
  readonly message: string
  /** Whose fault it was. */
  readonly fault: 'caller' | 'backend' | 'gateway'
  readonly evidence: Evidence
  readonly scheme: 'http' | 'https'
  readonly client: string
  /** Absent when the request's head could not be read. */
  readonly method?: string
  readonly host?: string
  /** Without the query, which may carry what the caller wants to keep. */
  readonly path?: string
  readonly apiId?: string
  readonly apiName?: string
  readonly environment?: string
  readonly appId?: string
}

/** What one traffic thread is doing. */
export interface ThreadObservations {
  readonly thread: number
  /** The revision it serves; -1 before the first snapshot. */
  readonly revision: number
  readonly connections: number
  readonly requests: number
  readonly refusals: number
}

export interface Observations {
  readonly threads: readonly ThreadObservations[]
}

/** All that control knows of traffic. It is handed over by main. */
export interface TrafficPort {
  /** Resolves once every thread serves the snapshot, or after a second, whichever comes first; the answer says which. */
  adopt(snapshot: Snapshot): Promise<{ readonly everywhere: boolean }>
  observe(): Observations
  /** What has been counted of requests, up to a second ago. */
  statistics(): RequestStatistics
  /** The recent refusal with this request id, while it is remembered. */
  refusal(requestId: string): RefusalRecord | undefined
}
