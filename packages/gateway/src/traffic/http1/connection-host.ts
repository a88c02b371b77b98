import type { Answer, Awaitable, Client, Refusal } from '../exchange.ts'
import type { Wheel } from '../wheel.ts'
import type { Visit } from './visit.ts'

/** Milliseconds and bytes. The figures of a gateway that faces strangers; the body's are the contract's. */
export interface ConnectionLimits {
  /** From the first byte of a head to its last. */
  readonly headMs: number
  /** Without a request, before the connection is closed. */
  readonly idleMs: number
  /** Without a byte of a body that should come. */
  readonly bodySilenceMs: number
  /** Without the caller taking a byte of what waits for it. */
  readonly stallMs: number
  /** How long what still comes is read and thrown away after the last response, so that the caller gets to read it. */
  readonly lingerMs: number
  readonly bodySize: number
}

export const connectionLimits: ConnectionLimits = {
  headMs: 10_000,
  idleMs: 60_000,
  bodySilenceMs: 8_000,
  stallMs: 60_000,
  lingerMs: 2_000,
  bodySize: 12_582_912,
}

/** A connection, as its host sees it. */
export interface HostedConnection {
  /** The gateway goes down: ends when nothing is under way, or after the response that is. */
  drain(): void
  destroy(): void
}

/** What a connection asks of the gateway around it. */
export interface Host {
  readonly wheel: Wheel
  readonly limits: ConnectionLimits
  readonly draining: boolean
  /** Why no request can be served at all, if so. */
  unavailable(): Refusal | undefined
  /** Decides what becomes of a request. */
  answer(arrival: Visit): Awaitable<Answer>
  /**
   * A request was refused. Called once for each, with what is known of it; before the head could be read that is little.
   * `status` is what the caller gets where it is not the row's own.
   */
  refused(refusal: Refusal, requestId: string, client: Client, visit: Visit | undefined, status?: number): void
  /** A response has been written whole, or broken off; `visit` is what is known of its request. */
  answered(visit: Visit | undefined, status: number): void
  opened(connection: HostedConnection): void
  closed(connection: HostedConnection): void
}
