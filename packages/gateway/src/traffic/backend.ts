import type { BackendKind, BackendSettings } from '../seam/plans.ts'
import type { Identified, Outbound, Refusal, Reply } from './exchange.ts'
import type { Upstreams } from './http1/upstream.ts'

/** Settings in, a function out that says what to send where, or answers by itself. */
export type Backend<K extends BackendKind> = (
  settings: BackendSettings[K],
  upstreams: Upstreams,
) => (visit: Identified) => Outbound | Reply | Refusal
