import { STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

import { operations, openapi } from '@pailou/contract'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

import type { Clock } from '../../base/clock.ts'
import { hexId } from '../../base/ids.ts'
import type { TrafficPort } from '../../seam/observations.ts'
import type { OpenDesk } from '../desk.ts'
import { openTokens } from '../iam/tokens.ts'
import { headerLookup, openAccess } from './access.ts'
import { AdminError } from './admin-error.ts'
import { readBody } from './body.ts'
import type { GatewayAddress } from './debug-client.ts'
import { errorAnswer, keystoneErrors } from './error-answer.ts'
import { handlers } from './handlers.ts'
import type { Tools } from './handler.ts'
import { metrics, metricsType } from './metrics.ts'
import { readiness } from './readiness.ts'
import { endpoints, type AdminAnswer, type Endpoint } from './skeleton.ts'

/** Where the admin API writes what happened. A pino logger fits. */
export interface AdminLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export interface AdminOptions {
  readonly desk: Pick<OpenDesk, 'catalog' | 'write' | 'ready'>
  readonly traffic: TrafficPort
  readonly clock: Clock
  readonly settings: {
    readonly host: string
    /** 0 for any free one. */
    readonly port: number
    /** `apig.localhost`. */
    readonly domainSuffix: string
    /** Where callers of APIs find the gateway; shown as the instance's address. Default: `host`. */
    readonly ingressAddress?: string
    /** Where the admin API itself finds it, for debugging calls. */
    readonly gateway: GatewayAddress
  }
  /** At least 32 random bytes that survive a restart: tokens are signed with a key derived from them. */
  readonly tokenKey: Buffer
  /** As shown in the OpenAPI document. */
  readonly version: string
  readonly log: AdminLog
}

export interface AdminServer {
  readonly port: number
  /** Stops listening, lets running requests finish, and resolves when they have. */
  close(): Promise<void>
}

/**
 * Opens the admin API and the identity API on one port.
 *
 * It sends no CORS headers, sets no cookie and takes no ambient credential: each call carries its own signature or token.
 * A page of a foreign origin, also one whose name was rebound to this address, has neither; so the Host is not checked,
 * and the server can be reached under any name that leads to it.
 *
 * Rejects when the port cannot be had.
 */
export async function openAdmin({
  desk,
  traffic,
  clock,
  settings,
  tokenKey,
  version,
  log,
}: AdminOptions): Promise<AdminServer> {
  const tokens = openTokens({ tokenKey, clock })
  const access = openAccess({
    tokens,
    clock,
    unrecognised: reason => log.info({ reason }, 'admin call not recognised'),
  })
  const ingressAddress = settings.ingressAddress ?? settings.host
  const tools: Tools = {
    desk,
    traffic,
    clock,
    tokens,
    domainSuffix: settings.domainSuffix,
    ingressAddress,
    gateway: settings.gateway,
  }

  const app = Fastify({
    logger: false,
    genReqId: hexId,
    exposeHeadRoutes: false,
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024, ignoreTrailingSlash: true },
    clientErrorHandler: (error, socket) => unreadable(error, socket),
    frameworkErrors: (_error, request, reply) =>
      refuse(request, reply, new AdminError('APIG.2012', 'The path cannot be decoded')),
  })
  // Bodies are read here, whatever the method and the media type: signatures are made over the bytes as they came.
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  }

  function send(request: FastifyRequest, reply: FastifyReply, { status, body, headers }: AdminAnswer): void {
    reply.code(status).header('X-Request-Id', request.id).headers(headers)
    if (body === undefined) void reply.send()
    else if (Buffer.isBuffer(body)) void reply.send(body)
    else void reply.header('Content-Type', 'application/json').send(Buffer.from(JSON.stringify(body)))
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    const answer = errorAnswer(error, request.id, keystoneErrors(request.url))
    if (answer.status >= 500)
      log.error({ requestId: request.id, method: request.method, err: error }, 'admin call failed')
    if (answer.status === 413) reply.header('Connection', 'close')
    send(request, reply, answer)
  }

  const answered = (endpoint: Endpoint) => async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const sent = {
        method: request.method,
        target: request.raw.url ?? '/',
        params: request.params as Record<string, string>,
        headers: headerLookup(request.raw.rawHeaders),
        body: await readBody(request.raw),
      }
      const answer = await endpoint.answer(sent)
      if (answer.written) log.info({ event: 'admin-write', ...answer.written, requestId: request.id }, 'admin write')
      send(request, reply, answer)
    } catch (error) {
      refuse(request, reply, error)
    }
    return reply
  }

  for (const endpoint of endpoints(handlers, access, tools)) {
    const { method, path } = endpoint.operation
    app.route({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1'), handler: answered(endpoint) })
  }

  const show = (path: string, answer: () => { status: number; body: unknown }) =>
    app.get(path, async (request, reply) => {
      send(request, reply, { headers: {}, ...answer() })
      return reply
    })
  show('/health/live', () => ({ status: 200, body: { status: 'live' } }))
  show('/health/ready', () => readiness(desk, traffic))
  // Made when it is first asked for: most never ask, and it is large.
  let document: object | undefined
  show('/openapi.json', () => ({ status: 200, body: (document ??= openapi(operations, { version })) }))
  app.get('/metrics', async (request, reply) => {
    reply.header('X-Request-Id', request.id).header('Content-Type', metricsType)
    return reply.send(metrics(desk, traffic, version))
  })
  show('/', () => ({ status: 200, body: index }))

  app.setNotFoundHandler((request, reply) => {
    refuse(request, reply, new AdminError('APIG.2000', notAvailable(request), { status: 404 }))
  })
  app.setErrorHandler((error, request, reply) => refuse(request, reply, error))

  await app.listen({ host: settings.host, port: settings.port })
  const { port } = app.server.address() as AddressInfo
  return { port, close: () => app.close() }
}

/** What is not HTTP never becomes a request: it is answered on the socket, in the contract's words all the same. */
function unreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error)
    return
  }
  const requestId = hexId()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const refusal = new AdminError('APIG.2000', `The request cannot be read: ${error.code ?? 'unknown reason'}`, {
    status,
  })
  const body = JSON.stringify(errorAnswer(refusal, requestId, false).body)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function notAvailable({ method, url }: FastifyRequest): string {
  return `The operation is not available: ${method} ${url.split('?', 1)[0]!.slice(0, 512)}`
}

/** What is here, for whoever looks with a browser or curl. */
const index = {
  name: 'Pailou',
  admin_api: '/v2/{project_id}/apigw',
  identity_api: '/v3',
  own_api: '/pailou/v1',
  openapi: '/openapi.json',
  health: ['/health/live', '/health/ready'],
  metrics: '/metrics',
}
