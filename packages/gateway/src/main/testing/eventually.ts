import { setTimeout as delay } from 'node:timers/promises'

/** Asks again every 25 ms until there is an answer. Throws what was missing when the time is up. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 5000,
): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for ${what}`)
    await delay(25)
  }
}
