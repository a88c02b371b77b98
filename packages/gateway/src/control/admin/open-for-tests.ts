import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  operations,
  type BodyOf,
  type Operation,
  type OperationById,
  type OperationId,
  type ResponseOf,
} from '@pailou/contract'
import { sign } from '@pailou/signer'
import { Errors } from 'typebox/value'

import type { Clock } from '../../base/clock.ts'
import type { RefusalRecord, TrafficPort } from '../../seam/observations.ts'
import type { Snapshot } from '../../seam/snapshot.ts'
import { openDesk, type OpenDesk } from '../desk.ts'
import { firstStart } from '../first-start.ts'
import { openMemory } from '../store/memory.ts'
import { openAdmin } from './server.ts'

/** A real admin server on a real socket over a store in memory, and clients that call it as clients do. For tests. */

export const accessKey = 'AKFORTESTS0001'
export const secretKey = 'a-secret-key-for-tests'
export const password = 'a password for tests'
const domainSuffix = 'apig.test'

const { AKSKSigner } = createRequire(import.meta.url)('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js') as {
  AKSKSigner: {
    sign(request: object, credential: { getAk(): string; getSk(): string }): Record<string, string>
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  /** The parsed body, `undefined` for none and for what is no JSON. A test looks into bodies of every shape. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any
}

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

/** Sends bytes as they are, with no signature and no opinion. */
export function send(port: number, { method = 'GET', path, headers = {}, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: headers as Record<string, string>, agent: false },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const { statusCode: status = 0, headers } = response
          resolve({
            status,
            headers,
            text,
            json: text === '' || headers['content-type'] !== 'application/json' ? undefined : JSON.parse(text),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export interface AskOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Gateway {
  readonly port: number
  readonly projectId: string
  readonly instanceId: string
  readonly desk: OpenDesk
  /** Every snapshot that traffic was given, the newest last. */
  readonly adopted: readonly Snapshot[]
  readonly refusals: Map<string, RefusalRecord>
  /** What the log was told. */
  readonly logged: readonly unknown[]
  /** Which revision the one traffic thread says it serves: the newest, unless set. */
  behindBy: number
  /** Turn to move the time; starts at the present. */
  readonly clock: { at: number }
  /** Calls an operation with the official signer and expects its success, with an answer that fits the table. */
  ask<O extends OperationId>(
    id: O,
    options?: AskOptions & { readonly body?: BodyOf<OperationById<O>> },
  ): Promise<ResponseOf<OperationById<O>>>
  /** Calls with the official signer whatever is given, and expects nothing. */
  official(method: string, path: string, options?: Omit<AskOptions, 'params'>): Promise<Answer>
  /** As {@link official}, for a path inside the instance. */
  inside(method: string, path: string, options?: Omit<AskOptions, 'params'>): Promise<Answer>
  /** Signs as Go's clients do: `accept;content-type;user-agent;x-sdk-date`, the host unsigned. */
  go(method: string, path: string, body?: unknown, secret?: string): Promise<Answer>
  close(): Promise<void>
}

export async function openForTests(): Promise<Gateway> {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-admin-'))
  const clock = { at: Date.now() }
  const time: Clock = { now: () => clock.at }
  const adopted: Snapshot[] = []
  const refusals = new Map<string, RefusalRecord>()
  const logged: unknown[] = []
  const told = (fields: object, text: string) => void logged.push({ ...fields, text })
  const log = { info: told, warn: told, error: told }
  const state = { behindBy: 0 }
  const traffic: TrafficPort = {
    async adopt(snapshot) {
      adopted.push(snapshot)
      return { everywhere: true }
    },
    observe: () => ({
      threads: [
        {
          thread: 0,
          revision: (adopted.at(-1)?.revision ?? -1) - state.behindBy,
          connections: 0,
          requests: 0,
          refusals: 0,
        },
      ],
    }),
    statistics: () => ({ routes: [], latency: { counts: [], sumMs: 0 } }),
    refusal: id => refusals.get(id),
  }
  const desk = await openDesk({ store: () => openMemory(), traffic, clock: time, domainSuffix, log })
  const { projectId, instanceId } = await firstStart({
    desk,
    directory,
    given: { accessKey, secretKey, password },
    clock: time,
  })
  const server = await openAdmin({
    desk,
    traffic,
    clock: time,
    settings: { host: '127.0.0.1', port: 0, domainSuffix, gateway: { host: '127.0.0.1', httpPort: -1, httpsPort: -1 } },
    tokenKey: Buffer.alloc(32, 7),
    version: '0.0.0',
    log,
  })
  const { port } = server
  const origin = `http://127.0.0.1:${port}`

  async function official(
    method: string,
    path: string,
    { query = {}, body, headers = {} }: Omit<AskOptions, 'params'> = {},
  ): Promise<Answer> {
    const toSign = { 'X-Project-Id': projectId, 'content-type': 'application/json', ...headers }
    const search = Object.keys(query).length > 0 ? `?${encoded(query)}` : ''
    const signed = AKSKSigner.sign(
      { endpoint: `${origin}${path}`, method, headers: toSign, queryParams: query, data: body },
      { getAk: () => accessKey, getSk: () => secretKey },
    )
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    return send(port, { method, path: `${path}${search}`, headers: signed, ...text })
  }

  const inside = (method: string, path: string, options: Omit<AskOptions, 'params'> = {}): Promise<Answer> =>
    official(method, `/v2/${projectId}/apigw/instances/${instanceId}/${path}`, options)

  async function ask(id: OperationId, options: AskOptions = {}): Promise<unknown> {
    const operation: Operation = operations[id]
    const params: Record<string, string> = { project_id: projectId, instance_id: instanceId, ...options.params }
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const answer = await official(operation.method, path, options)
    assert.equal(answer.status, operation.status, `${id}: ${answer.text}`)
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{32}$/)
    if (operation.status === 204) assert.equal(answer.text, '')
    else {
      assert.equal(answer.headers['content-type'], 'application/json')
      if (operation.response)
        assert.deepEqual(Errors(operation.response, answer.json), [], `${id} answered ${answer.text}`)
    }
    return answer.json
  }

  function go(method: string, path: string, body?: unknown, secret = secretKey): Promise<Answer> {
    // Go's encoder ends what it writes with a line feed, which is then a part of what is signed.
    const text = body === undefined ? undefined : `${JSON.stringify(body)}\n`
    const headers = {
      Accept: 'application/json',
      'User-Agent': 'golangsdk/2.0.0',
      ...(text !== undefined && { 'Content-Type': 'application/json' }),
    }
    const signedHeaders = [
      ...(text === undefined ? [] : ['content-type']),
      'accept',
      'user-agent',
      'x-sdk-date',
    ].toSorted()
    const added = sign(
      { method, url: `${origin}${path}`, headers, signedHeaders, ...(text !== undefined && { body: text }) },
      { key: accessKey, secret },
    )
    const afterwards = { 'X-Project-Id': projectId, 'X-Domain-Id': 'added after signing' }
    return send(port, {
      method,
      path,
      headers: { ...headers, ...added, ...afterwards },
      ...(text !== undefined && { body: text }),
    })
  }

  return {
    port,
    projectId,
    instanceId,
    desk,
    adopted,
    refusals,
    logged,
    clock,
    get behindBy() {
      return state.behindBy
    },
    set behindBy(revisions) {
      state.behindBy = revisions
    },
    ask: ask as Gateway['ask'],
    official,
    inside,
    go,
    async close() {
      await server.close()
      await desk.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function encoded(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

/** A body for createApiV2: an open API that answers by itself. */
export function mockApi(
  groupId: string,
  name: string,
  path: string,
  more: object = {},
): BodyOf<OperationById<'createApiV2'>> {
  return {
    name,
    type: 1,
    req_protocol: 'BOTH',
    req_method: 'GET',
    req_uri: path,
    auth_type: 'NONE',
    group_id: groupId,
    backend_type: 'MOCK',
    mock_info: { result_content: 'hello', status_code: 200 },
    ...more,
  }
}

/** What a refusal has to look like; `text` is the whole of error_msg or a pattern for it. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly text?: string | RegExp
}

/** Expects the contract's error body. */
export function assertRefused(answer: Answer, { status, code, text }: Refusal): void {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers['content-type'], 'application/json')
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{32}$/)
  assert.deepEqual(Object.keys(answer.json).toSorted(), ['error_code', 'error_msg', 'request_id'])
  assert.equal(answer.json.error_code, code, answer.text)
  assert.equal(answer.json.request_id, answer.headers['x-request-id'])
  if (typeof text === 'string') assert.equal(answer.json.error_msg, text)
  else if (text) assert.match(answer.json.error_msg, text)
}

/** Expects a refusal that leaves the configuration as it was. */
export async function assertNothingStored(
  gateway: Gateway,
  refusal: Refusal,
  call: () => Promise<Answer>,
): Promise<void> {
  const { revision } = gateway.desk.catalog()
  assertRefused(await call(), refusal)
  assert.equal(gateway.desk.catalog().revision, revision)
}
