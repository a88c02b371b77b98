let second = -1
let text = ''

/** The Date header's text; made once a second. */
export function httpDate(ms: number): string {
  const now = Math.floor(ms / 1000)
  if (now !== second) {
    second = now
    text = new Date(ms).toUTCString()
  }
  return text
}
