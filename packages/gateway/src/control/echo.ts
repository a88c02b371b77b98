import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Of a body, at most so many bytes are shown; all of them are counted and hashed. */
const bodyShown = 64 * 1024

export interface Echo {
  /** On 127.0.0.1. */
  readonly port: number
  close(): Promise<void>
}

/**
 * A backend that answers with the request as it received it: `{method, path, query, headers, body, bodyEncoding,
 * bodyBytes, bodySha256}`. Header names are lower case; a name that came several times has an array. `body` is text
 * where it is valid UTF-8 (`bodyEncoding: "utf8"`), else base64, and is cut (`bodyTruncated: true`) above 64 KiB.
 * `port` is tried first; when it is taken or 0, the system chooses one.
 */
export async function openEcho({ port = 0 }: { readonly port?: number } = {}): Promise<Echo> {
  // Room for the largest head that the gateway lets through, and connections that outlive the gateway's pool.
  const server = createServer({ maxHeaderSize: 256 * 1024, keepAliveTimeout: 75_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  try {
    await listening(server, port)
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    await listening(server, 0)
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256')
  const shown: Buffer[] = []
  let bodyBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    if (bodyBytes < bodyShown) shown.push(chunk.subarray(0, bodyShown - bodyBytes))
    bodyBytes += chunk.length
  }
  const { method = '', url = '/' } = request
  const query = url.indexOf('?')
  const text = JSON.stringify({
    method,
    path: query < 0 ? url : url.slice(0, query),
    query: query < 0 ? '' : url.slice(query + 1),
    headers: headersOf(request),
    ...bodyOf(Buffer.concat(shown), bodyBytes),
    bodyBytes,
    bodySha256: hash.digest('hex'),
  })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(method === 'HEAD' ? undefined : text)
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string | string[]> {
  const headers = Object.entries(headersDistinct).map(([name, values = []]) => [
    name,
    values.length === 1 ? values[0] : values,
  ])
  return Object.fromEntries(headers)
}

function bodyOf(shown: Buffer, bodyBytes: number): Record<string, string | boolean> {
  // A cut may go through a character; the rest of it is left out.
  const whole = bodyBytes > shown.length ? shown.subarray(0, lastCharacterEnd(shown)) : shown
  const text = isUtf8(whole)
  return {
    body: text ? whole.toString('utf8') : shown.toString('base64'),
    bodyEncoding: text ? 'utf8' : 'base64',
    ...(bodyBytes > shown.length ? { bodyTruncated: true } : {}),
  }
}

/** Where the last character that may be unfinished begins, or the end. */
function lastCharacterEnd(bytes: Buffer): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return bytes.length - back
    if (byte < 0x80) break
  }
  return bytes.length
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
