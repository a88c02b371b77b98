/** How an API group words its refusals, by their type: `THROTTLED`, `DEFAULT_4XX`. What is not in it keeps its own words. */
export interface WordedResponses {
  readonly [type: string]: WordedResponse
}

export interface WordedResponse {
  /** Absent: the refusal's own. */
  readonly status?: number
  /** A text in which `$context.error.code` and its like stand for what they say. */
  readonly body: string
  /** The values may have references too. */
  readonly headers: readonly { readonly key: string; readonly value: string }[]
}
