import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'

import type { DebugRequest } from './rules/debug.ts'

/** Where the data plane listens, as seen from the admin API. */
export interface GatewayAddress {
  /** What it was told to listen on. */
  readonly host: string
  /** -1 when it is off. */
  readonly httpPort: number
  readonly httpsPort: number
}

export interface DebugOutcome {
  readonly request: string
  /** Empty when none came. */
  readonly response: string
  readonly status: number | undefined
  /** What the gateway calls this request. */
  readonly requestId: string | undefined
  /** Milliseconds from the connection's begin to the response's last byte. */
  readonly latency: number
  /** Why there is no response, or no whole one. */
  readonly trouble: string | undefined
}

const shownUpTo = 2_097_152
const mark = '[TRUNCATED]'
/** Longer than a backend may take unless an instance raises that. */
const withinMs = 65_000

/** Calls the gateway as any caller does, over its port, and keeps what goes each way as text. Never rejects. */
export function callGateway(gateway: GatewayAddress, asked: DebugRequest): Promise<DebugOutcome> {
  const { scheme, method, host, path, query, body } = asked
  const headers = [['Host', host], ...asked.headers, ['Connection', 'close']] as const
  const target = query === '' ? path : `${path}?${query}`
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const request = textOf(head, body)
  const begun = performance.now()
  return new Promise(resolve => {
    let response: IncomingMessage | undefined
    const pieces: Buffer[] = []
    let size = 0
    const end = (trouble?: string) => {
      clearTimeout(timer)
      const requestId = response?.headers['x-request-id']
      resolve({
        request,
        response: response === undefined ? '' : textOf(headOf(response), Buffer.concat(pieces)),
        status: response?.statusCode,
        requestId: typeof requestId === 'string' ? requestId : undefined,
        latency: Math.round(performance.now() - begun),
        trouble,
      })
      outgoing.destroy()
    }
    const options = {
      host: reachable(gateway.host),
      port: scheme === 'http' ? gateway.httpPort : gateway.httpsPort,
      method,
      path: target,
      headers: headers.flat(),
      agent: false,
    }
    const outgoing =
      scheme === 'http'
        ? plainRequest(options)
        : // It is our own port: whoever could stand there in its place has this machine already.
          tlsRequest({ ...options, servername: host, rejectUnauthorized: false })
    const timer = setTimeout(() => end(`no whole response within ${withinMs} ms`), withinMs)
    outgoing.on('error', ({ message }) => end(message))
    outgoing.on('response', incoming => {
      response = incoming
      incoming.on('data', (piece: Buffer) => {
        pieces.push(piece)
        size += piece.length
        if (size > shownUpTo) end()
      })
      incoming.on('error', ({ message }) => end(message))
      incoming.on('end', () => end())
    })
    outgoing.end(body)
  })
}

/** Who listens everywhere is reached at home. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1'
  return host === '::' || host === '[::]' ? '::1' : host
}

function headOf({ httpVersion, statusCode, statusMessage, rawHeaders }: IncomingMessage): string[] {
  const lines = [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`]
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return lines
}

/** A message as text, cut where it gets too long. */
function textOf(head: readonly string[], body: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body])
  return bytes.length <= shownUpTo ? bytes.toString() : `${bytes.toString('utf8', 0, shownUpTo)}${mark}`
}
