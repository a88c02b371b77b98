import type { IncomingMessage } from 'node:http'

import { AdminError } from './admin-error.ts'

/** The most that a signed request may carry: 12 MB, as in the contract. */
const bodyLimit = 12 * 1024 * 1024

/** What is still read and thrown away of a body that is too large, so that the client gets to read the refusal. */
const drained = 4 * bodyLimit

/** Nobody writes configuration this deep; a walk that recurses would run out of stack long after it. */
const depthLimit = 64

/**
 * The bytes of a request's body, whatever its method and media type: signatures are computed over them.
 * Throws AdminError when there are more than {@link bodyLimit}.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > drained) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= bodyLimit) chunks.push(chunk)
    else chunks.length = 0
    if (size > drained) break
  }
  if (size > bodyLimit) throw tooLarge()
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function tooLarge(): AdminError {
  return new AdminError('APIG.2000', `The request body is larger than ${bodyLimit} bytes`, { status: 413 })
}

/** The value of a JSON body, `undefined` for none. Throws AdminError APIG.2000 when it is not JSON in UTF-8. */
export function parseJson(body: Buffer): unknown {
  const text = decode(body)
  if (text.trim() === '') return undefined
  if (deeperThan(text, depthLimit))
    throw new AdminError('APIG.2000', `The request body is nested more than ${depthLimit} levels deep`)
  let value: unknown
  try {
    value = JSON.parse(text, withoutPrototypes)
  } catch {
    throw new AdminError('APIG.2000', 'The request body is not valid JSON')
  }
  return value
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new AdminError('APIG.2000', 'The request body is not valid UTF-8')
  }
}

/** `__proto__` in JSON is an own key that becomes a prototype as soon as somebody copies it: it is dropped here. */
function withoutPrototypes(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function deeperThan(text: string, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index)
    if (inString) {
      if (char === 0x5c) index += 1
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x5b || char === 0x7b) {
      depth += 1
      if (depth > limit) return true
    } else if (char === 0x5d || char === 0x7d) depth -= 1
  }
  return false
}
