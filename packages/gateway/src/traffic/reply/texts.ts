import { STATUS_CODES } from 'node:http'
import { errorMessage, errors, type ErrorRow } from '@pailou/contract/errors'
import type { Refusal, Reply } from '../exchange.ts'

/** What differs from one response of our own to the next. */
export interface Shape {
  readonly requestId: string
  readonly date: string
  /** The request was a HEAD: everything but the body. */
  readonly head: boolean
  readonly connection: 'close' | 'keep-alive' | ''
}

const placeholder = '0'.repeat(32)

/** Body and first lines of every refusal, made once: only the request id is filled in. */
const prepared = new Map<string, { readonly start: string; readonly bodyStart: string; readonly bodyEnd: string }>()

function prepare(row: ErrorRow, supported: string | undefined) {
  const { code, status } = errors[row]
  const message = supported === undefined ? errorMessage(row) : errorMessage(row, { xxx: supported })
  const body = JSON.stringify({ error_msg: message, error_code: code, request_id: placeholder })
  const [bodyStart, bodyEnd] = body.split(placeholder) as [string, string]
  const start =
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Request Headers Too Large'}\r\nServer: api-gateway\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
  return { start, bodyStart, bodyEnd }
}

/** The whole response to a refused request. The evidence stays here; the caller gets code, message and request id. */
export function refusalText(refusal: Refusal, shape: Shape): string {
  const key = `${refusal.row} ${refusal.supported ?? ''}`
  let text = prepared.get(key)
  if (text === undefined) prepared.set(key, (text = prepare(refusal.row, refusal.supported)))
  const body = shape.head ? '' : `${text.bodyStart}${shape.requestId}${text.bodyEnd}`
  return `${text.start}${refusal.headerLines}${variable(shape)}\r\n${body}`
}

/** The whole of another response of our own, as a mock backend's. */
export function replyText(reply: Reply, shape: Shape): string {
  // The socket writes latin-1: UTF-8 bytes travel as one character each.
  // 205 has a body by its length alone, which is none.
  const body = Buffer.from(reply.status === 205 ? '' : reply.body, 'utf8')
  const empty = reply.status === 204 || reply.status === 304
  return (
    `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? 'Unknown'}\r\nServer: api-gateway\r\n` +
    (empty ? '' : `Content-Type: ${reply.contentType}\r\nContent-Length: ${body.length}\r\n`) +
    (reply.headerLines ?? '') +
    variable(shape) +
    '\r\n' +
    (shape.head || empty ? '' : body.toString('latin1'))
  )
}

function variable(shape: Shape): string {
  const connection = shape.connection === '' ? '' : `Connection: ${shape.connection}\r\n`
  return `Date: ${shape.date}\r\nX-Request-Id: ${shape.requestId}\r\n${connection}`
}
