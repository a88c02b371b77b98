import type { Backend } from '../backend.ts'

/** A fixed answer, without any backend. What looks like JSON is called JSON. */
export const mock: Backend<'mock'> = ({ status, body }) => {
  const reply = { status, contentType: contentTypeOf(body), body }
  return () => reply
}

function contentTypeOf(body: string): string {
  try {
    JSON.parse(body)
    return 'application/json'
  } catch {
    return 'text/plain; charset=utf-8'
  }
}
