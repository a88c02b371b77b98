import type { BodyOf, Operation, OperationId, Operations, ParamsOf, QueryOf, ResponseOf } from '@pailou/contract'
import type { HeaderLookup } from '@pailou/signer'

import type { Clock } from '../../base/clock.ts'
import type { TrafficPort } from '../../seam/observations.ts'
import type { Desk } from '../catalog.ts'
import type { Instance, Project } from '../documents/documents.ts'
import type { Tokens } from '../iam/tokens.ts'
import type { Caller } from './access.ts'
import type { GatewayAddress } from './debug-client.ts'

/** One call, with everything checked that the table of operations says about it. */
export interface Call<O extends Operation> {
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  readonly body: BodyOf<O>
  /** Absent for the operations that are open to everyone. */
  readonly caller: O extends { readonly open: true } ? undefined : Caller
  readonly project: O['path'] extends `${string}{project_id}${string}` ? Project : undefined
  readonly instance: O['path'] extends `${string}{instance_id}${string}` ? Instance : undefined
  readonly headers: HeaderLookup
  /** Adds a header to the answer. */
  readonly answerHeader: (name: string, value: string) => void
}

/** What handlers work with. */
export interface Tools {
  readonly desk: Desk
  readonly traffic: TrafficPort
  readonly clock: Clock
  readonly tokens: Tokens
  /** `apig.localhost`: a group's debugging domain is its id and this. */
  readonly domainSuffix: string
  /** Where callers of APIs find the gateway. */
  readonly ingressAddress: string
  /** Where this process finds it. */
  readonly gateway: GatewayAddress
}

export type Handler<O extends Operation> = (call: Call<O>, tools: Tools) => ResponseOf<O> | Promise<ResponseOf<O>>

/** One handler for each operation: leave one out, and this does not compile. */
export type Handlers = { readonly [O in OperationId]: Handler<Operations[O]> }
