/** A rule that makes a new parameter for the backend out of one of the request. */
export interface Orchestration {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  readonly strategy: OrchestrationStrategy
  /** It only prepares the input of the rule behind it. */
  readonly isPreprocessing: boolean
  /** In the contract's own words, as is `map`. Absent only of a rule that prepares. */
  readonly mappedParam?: OrchestrationMappedParam
  /** In the order of their priority, as they were written. */
  readonly map: readonly OrchestrationMapEntry[]
  readonly createdAt: number
  readonly updatedAt: number
}

export type OrchestrationStrategy =
  | 'list'
  | 'hash'
  | 'range'
  | 'hash_range'
  | 'none_value'
  | 'default'
  | 'head_n'
  | 'tail_n'

export interface OrchestrationMappedParam {
  readonly mapped_param_name: string
  readonly mapped_param_type: 'string' | 'number'
  readonly mapped_param_location: 'query' | 'header'
}

/** What is there depends on the strategy. */
export interface OrchestrationMapEntry {
  readonly map_param_list?: readonly string[]
  /** Whole numbers in text, up to 9223372036854775807, both inclusive. */
  readonly map_param_range?: { readonly range_start: string; readonly range_end: string }
  readonly mapped_param_value?: string
  readonly intercept_length?: number
}
