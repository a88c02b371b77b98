import type { RefusalRecord } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import type { TlsMaterial } from './listeners.ts'
import type { TallyDelta } from './tally.ts'

/** What a traffic thread is told at its start. */
export interface ThreadOptions {
  readonly host: string
  /** -1 turns it off, 0 lets the system choose. */
  readonly httpPort: number
  readonly httpsPort: number
  readonly reusePort: boolean
  readonly tls: TlsMaterial | undefined
  /** The table that all threads count in. */
  readonly counters: SharedArrayBuffer
}

/** What is said to it afterwards. */
export type Order =
  | { readonly order: 'adopt'; readonly snapshot: Snapshot }
  | { readonly order: 'drain'; readonly withinMs: number }

/** What it says. */
export type Report =
  | { readonly report: 'listening'; readonly httpPort: number; readonly httpsPort: number }
  | { readonly report: 'cannot listen'; readonly port: number; readonly code: string; readonly message: string }
  | { readonly report: 'adopted'; readonly revision: number }
  | { readonly report: 'cannot adopt'; readonly revision: number; readonly error: string }
  | {
      readonly report: 'counts'
      readonly connections: number
      readonly requests: number
      readonly refusals: number
      /** Absent when nothing was counted since the last report. */
      readonly delta: TallyDelta | undefined
    }
  | { readonly report: 'refusals'; readonly records: readonly RefusalRecord[]; readonly dropped: number }
  | { readonly report: 'drained' }
