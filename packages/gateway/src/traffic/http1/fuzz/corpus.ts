import { readFileSync, readdirSync } from 'node:fs'

const folder = new URL('./corpus/', import.meta.url)

/** The kept messages, by name: raw bytes, each in a file of its own. */
export function readCorpus(): Map<string, Buffer> {
  const names = readdirSync(folder).filter(name => name.endsWith('.http'))
  return new Map(names.sort().map(name => [name, readFileSync(new URL(name, folder))]))
}
