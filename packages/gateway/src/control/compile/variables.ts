import type { Catalog } from '../catalog.ts'

/** `#name#`, as backend addresses and paths name a variable. */
export const variableReference = /#([A-Za-z][A-Za-z0-9_-]{2,31})#/g

/** What `#name#` stands for, in one API group and one environment. */
export type Variables = ReadonlyMap<string, string>

const none: Variables = new Map()

/** Looks variables up by group and environment. */
export function variablesOf(catalog: Catalog): (groupId: string, environmentId: string) => Variables {
  const places = new Map<string, Map<string, string>>()
  for (const { groupId, environmentId, name, value } of catalog.all('environment-variable')) {
    const place = `${groupId} ${environmentId}`
    const variables = places.get(place) ?? new Map<string, string>()
    places.set(place, variables.set(name, value))
  }
  return (groupId, environmentId) => places.get(`${groupId} ${environmentId}`) ?? none
}

/** The text with each `#name#` replaced by its value, and the names that have none. */
export function substituted(text: string, variables: Variables): { text: string; without: readonly string[] } {
  const without: string[] = []
  const filled = text.replace(variableReference, (reference, name: string) => {
    const value = variables.get(name)
    if (value === undefined) without.push(name)
    return value ?? reference
  })
  return { text: filled, without }
}
