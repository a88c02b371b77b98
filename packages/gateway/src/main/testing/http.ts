import assert from 'node:assert/strict'
import { request, type OutgoingHttpHeaders } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'

/** HTTP as a caller sees it, every call on a connection of its own. For tests. */

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  readonly text: string
  /** The parsed body, undefined when it is not JSON. A test looks into bodies of every shape. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any
}

export interface Ask {
  readonly port: number
  /** GET unless given. */
  readonly method?: string
  /** As it goes onto the wire, with the query. */
  readonly path?: string
  /** The Host header, without a port unless one is given. Default: that of the address. */
  readonly host?: string
  readonly headers?: OutgoingHttpHeaders
  /** A stream travels in chunks. */
  readonly body?: string | Buffer | Readable
  /** PEM. Given, the call goes over TLS and trusts this. */
  readonly ca?: string
}

/** Sends a request to 127.0.0.1 and reads the whole answer. Rejects when none comes. */
export function ask({ port, method = 'GET', path = '/', host, headers = {}, body, ca }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...(host !== undefined && { Host: host }), ...headers },
      agent: false,
    } as const
    const outgoing =
      ca === undefined
        ? request(options)
        : tlsRequest({ ...options, ca, ...(host !== undefined && { servername: host.replace(/:\d+$/, '') }) })
    outgoing.on('error', reject)
    outgoing.on('response', response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))))
    })
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body)
    else body.on('error', reject).pipe(outgoing)
  })
}

/** Sends bytes as they are and reads until the other side closes. */
export function askRaw(port: number, bytes: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.end()
      resolve(parsed(Buffer.concat(chunks)))
    })
  })
}

function parsed(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  return answerOf(Number(statusLine.split(' ')[1]), headers, bytes.subarray(end + 4))
}

function answerOf(status: number, headers: Answer['headers'], body: Buffer): Answer {
  const text = body.toString()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status, headers, body, text, json }
}

/** Expects the contract's refusal, by its status and code. */
export function assertRefused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.json?.error_code], [status, code], answer.text)
}
