import type { BodyOf, OperationById } from '@pailou/contract'

import type {
  OrchestrationMapEntry,
  OrchestrationMappedParam,
  OrchestrationStrategy,
} from '../../documents/orchestration.ts'
import { invalid, missing, tooLarge } from '../admin-error.ts'

export type OrchestrationBody = BodyOf<OperationById<'createOrchestration'>>
type Entry = Readonly<Record<string, unknown>>

const maximum = 9223372036854775807n
/** All lists of a rule together. */
const listItems = 3000

/** The parameter of a rule, without fields that nobody knows. */
export function mappedParamOf({ orchestration_mapped_param: param }: OrchestrationBody) {
  if (param === undefined) return undefined
  const { mapped_param_name, mapped_param_type, mapped_param_location } = param
  return { mapped_param_name, mapped_param_type, mapped_param_location } satisfies OrchestrationMappedParam
}

/**
 * The map of a rule, checked by its strategy. Of each entry the known fields stay as they were written, blanks
 * included: clients compare. Throws AdminError naming the field.
 */
export function mapOf(body: OrchestrationBody): readonly OrchestrationMapEntry[] {
  const { orchestration_strategy: strategy, is_preprocessing = false, orchestration_map: map = [] } = body
  const isLastResort = strategy === 'none_value' || strategy === 'default'
  if (is_preprocessing && isLastResort) throw invalid('is_preprocessing')
  if (!is_preprocessing && body.orchestration_mapped_param === undefined) throw missing('orchestration_mapped_param')
  // A hash is a value by itself.
  if (strategy === 'hash') return map.map(known)
  if (map.length === 0) throw missing('orchestration_map')
  const check = checks[strategy]
  for (const [index, entry] of map.entries()) check(entry, `orchestration_map[${index}]`)
  if (map.length > 1 && (isLastResort || strategy === 'head_n' || strategy === 'tail_n')) {
    throw tooLarge('orchestration_map')
  }
  refuseRepetition(map)
  return map.map(known)
}

/** What a field may be whatever the strategy: a client writes all of them and leaves blank what it does not need. */
const shapes: { readonly [F in keyof Required<OrchestrationMapEntry>]: (value: unknown) => boolean } = {
  map_param_list: value => Array.isArray(value) && value.every(item => typeof item === 'string'),
  map_param_range: value =>
    typeof value === 'object' && Object.values(value ?? {}).every(end => end === null || typeof end === 'string'),
  mapped_param_value: value => typeof value === 'string',
  intercept_length: value => typeof value === 'number',
}

function known(entry: Entry, index: number): OrchestrationMapEntry {
  const kept = picked(entry, Object.keys(shapes))
  for (const [field, fits] of Object.entries(shapes)) {
    const value = kept[field] ?? null
    if (value !== null && !fits(value)) throw invalid(`orchestration_map[${index}].${field}`)
  }
  const { map_param_range: range } = kept
  if (typeof range !== 'object' || range === null) return kept as OrchestrationMapEntry
  return { ...kept, map_param_range: picked(range, ['range_start', 'range_end']) } as unknown as OrchestrationMapEntry
}

function picked(value: object, fields: readonly string[]): Entry {
  return Object.fromEntries(Object.entries(value).filter(([field]) => fields.includes(field)))
}

const checks: { readonly [S in Exclude<OrchestrationStrategy, 'hash'>]: (entry: Entry, at: string) => void } = {
  list: (entry, at) => {
    refuseList(entry['map_param_list'], `${at}.map_param_list`)
    refuseValue(entry, at)
  },
  range: (entry, at) => {
    refuseRange(entry['map_param_range'], `${at}.map_param_range`)
    refuseValue(entry, at)
  },
  hash_range: (entry, at) => checks.range(entry, at),
  none_value: refuseValue,
  default: refuseValue,
  head_n: refuseLength,
  tail_n: refuseLength,
}

function refuseValue(entry: Entry, at: string): void {
  const value = entry['mapped_param_value']
  const field = `${at}.mapped_param_value`
  if (value === undefined || value === null || value === '') throw missing(field)
  if (typeof value !== 'string' || !/^[A-Za-z0-9]{1,128}$/.test(value)) throw invalid(field)
}

function refuseLength(entry: Entry, at: string): void {
  const length = entry['intercept_length']
  if (length === undefined || length === null) throw missing(`${at}.intercept_length`)
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) throw invalid(`${at}.intercept_length`)
  if (length > 100) throw tooLarge(`${at}.intercept_length`)
}

function refuseList(list: unknown, field: string): void {
  if (list === undefined || list === null) throw missing(field)
  if (!Array.isArray(list) || list.length === 0) throw invalid(field)
  if (!list.every(item => typeof item === 'string' && /^[-\w]{1,128}$/.test(item))) throw invalid(field)
  if (new Set(list).size !== list.length) throw invalid(field)
}

function refuseRange(range: unknown, field: string): void {
  if (range === undefined || range === null) throw missing(field)
  if (typeof range !== 'object') throw invalid(field)
  const { range_start, range_end } = range as { readonly range_start?: unknown; readonly range_end?: unknown }
  const start = wholeNumber(range_start, `${field}.range_start`)
  const end = wholeNumber(range_end, `${field}.range_end`)
  if (start > end) throw invalid(`${field}.range_end`)
}

function wholeNumber(value: unknown, field: string): bigint {
  if (value === undefined || value === null) throw missing(field)
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) throw invalid(field)
  const number = BigInt(value)
  if (number > maximum) throw tooLarge(field)
  return number
}

/** The first entry that fits counts, so one that is there again would never be asked. */
function refuseRepetition(map: readonly Entry[]): void {
  const seen = new Set<string>()
  let items = 0
  for (const [index, { map_param_list, map_param_range }] of map.entries()) {
    if (Array.isArray(map_param_list)) items += map_param_list.length
    const key = JSON.stringify([map_param_list, map_param_range])
    if (seen.has(key)) throw invalid(`orchestration_map[${index}]`)
    seen.add(key)
  }
  if (items > listItems) throw tooLarge('orchestration_map')
}
