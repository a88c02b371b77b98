/** The form of `X-Sdk-Date`: `20260115T033655Z`, UTC. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')
}

const form = /^\d{8}T\d{6}Z$/

/** Milliseconds since the epoch; undefined when the text has another form or names no real moment (30 February, 24 o'clock). */
export function parseDate(text: string): number | undefined {
  if (!form.test(text)) return undefined
  const year = +text.slice(0, 4)
  const day = +text.slice(6, 8)
  const hour = +text.slice(9, 11)
  const minute = +text.slice(11, 13)
  const second = +text.slice(13, 15)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const ms = Date.UTC(year, +text.slice(4, 6) - 1, day, hour, minute, second)
  const date = new Date(ms)
  // A day or a month too many would have carried over into the next one.
  return date.getUTCDate() === day && date.getUTCFullYear() === year ? ms : undefined
}
