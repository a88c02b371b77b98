import { pageOf } from '@pailou/contract'

/** One page of a list with the numbers that go with it, under the key that the list has in the contract. */
export function listed<K extends string, T, V>(
  key: K,
  items: readonly T[],
  query: { readonly offset?: number; readonly limit?: number },
  view: (item: T) => V,
): { total: number; size: number } & Record<K, V[]> {
  const { offset, limit } = pageOf(query)
  const shown = items.slice(offset, offset + limit).map(view)
  return { total: items.length, size: shown.length, [key]: shown } as { total: number; size: number } & Record<K, V[]>
}

/** A filter on a name: a part of it, in any case; the whole of it when `precise` (`precise_search`) lists the parameter. */
export function named(filter: string | undefined, precise?: string, parameter = 'name'): (name: string) => boolean {
  if (!filter) return () => true
  if (precise?.split(',').some(part => part.trim() === parameter)) return name => name === filter
  const part = filter.toLowerCase()
  return name => name.toLowerCase().includes(part)
}

/** A filter that wants the whole value; an empty one lets everything pass. */
export function exactly(filter: string | number | undefined): (value: string | number) => boolean {
  return filter === undefined || filter === '' ? () => true : value => String(value) === String(filter)
}
