import type { Route } from '../../seam/snapshot.ts'
import { anonymous, type Caller, type Client, type Identified, type RequestBody, type Words } from '../exchange.ts'
import type { RouteTally } from '../tally.ts'
import type { RequestHead } from './request-head.ts'
import type { Target } from './request-target.ts'

/** A request and what has become known of it. The road fills in the later fields, stage by stage; the types of the stages say which are there. */
export class Visit implements Identified {
  readonly id: string
  readonly at: number
  readonly client: Client
  readonly head: RequestHead
  readonly target: Target
  readonly host: string
  readonly body: RequestBody
  route!: Route
  pathValues: Readonly<Record<string, string>> | undefined
  remainder = ''
  caller: Caller = anonymous
  words: Words | undefined
  tally: RouteTally | undefined
  parameters: readonly (string | undefined)[] | undefined

  constructor(
    id: string,
    at: number,
    client: Client,
    head: RequestHead,
    target: Target,
    host: string,
    body: RequestBody,
  ) {
    this.id = id
    this.at = at
    this.client = client
    this.head = head
    this.target = target
    this.host = host
    this.body = body
  }
}
