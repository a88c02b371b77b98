import { adminMessages, operations, withoutBlanks, type Operation } from '@pailou/contract'
import type { HeaderLookup } from '@pailou/signer'

import type { Catalog } from '../catalog.ts'
import type { Instance, Project } from '../documents/documents.ts'
import type { Access, Caller } from './access.ts'
import { AdminError, refused } from './admin-error.ts'
import { parseJson } from './body.ts'
import type { Call, Handler, Handlers, Tools } from './handler.ts'
import { validated } from './validation.ts'

/** A request, read whole, with the operation's path parameters taken out. */
export interface AdminRequest {
  readonly method: string
  /** As on the wire, with the query. */
  readonly target: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: HeaderLookup
  readonly body: Buffer
}

export interface AdminAnswer {
  readonly status: number
  /** `undefined` for 204. */
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** An operation of the table, joined with its handler: from a request to an answer. */
export interface Endpoint {
  readonly operation: Operation
  answer(request: AdminRequest): Promise<AdminAnswer>
}

/** Walks the table. What an endpoint throws is an AdminError, a KeystoneError, or a fault of ours. */
export function endpoints(handlers: Handlers, access: Access, tools: Tools): readonly Endpoint[] {
  return Object.values<Operation>(operations).map(operation => {
    const handler = handlers[operation.id as keyof Handlers] as unknown as Handler<Operation>
    return { operation, answer: request => answer(operation, handler, request, access, tools) }
  })
}

/** Who asks, what project, what instance, and only then what they say: a body is never a reason to hide a 404. */
async function answer(
  operation: Operation,
  handler: Handler<Operation>,
  request: AdminRequest,
  access: Access,
  tools: Tools,
): Promise<AdminAnswer> {
  const catalog = tools.desk.catalog()
  const caller = operation.open ? undefined : await access.recognise(request, catalog)
  const place = caller ? enter(access, caller, request, catalog) : {}
  const headers: Record<string, string> = {}
  const call = {
    ...place,
    caller,
    headers: request.headers,
    params: operation.params ? validated(operation.params, request.params, 'url') : request.params,
    query: queryOf(operation, request.target),
    body: bodyOf(operation, request.body),
    answerHeader: (name: string, value: string) => void (headers[name] = value),
  } as unknown as Call<Operation>
  const body = await handler(call, tools)
  return { status: operation.status, body: operation.status === 204 ? undefined : body, headers }
}

function enter(
  access: Access,
  caller: Caller,
  { params, headers }: AdminRequest,
  catalog: Catalog,
): { project?: Project; instance?: Instance } {
  const { project_id, instance_id } = params
  if (project_id === undefined) return {}
  const project = access.enter(caller, project_id, headers, catalog)
  if (instance_id === undefined) return { project }
  const instance = catalog.get('instance', instance_id)
  if (instance?.projectId !== project.id) throw refused(adminMessages.instanceNotExist(instance_id))
  return { project, instance }
}

function queryOf(operation: Operation, target: string): unknown {
  if (!operation.query) return {}
  const mark = target.indexOf('?')
  const query: Record<string, string> = Object.create(null)
  if (mark !== -1) {
    // Of a parameter that comes twice the first counts.
    for (const [name, value] of new URLSearchParams(target.slice(mark + 1))) query[name] ??= value
  }
  return validated(operation.query, withoutBlanks(operation.query, query), 'url')
}

function bodyOf(operation: Operation, bytes: Buffer): unknown {
  if (!operation.body) return undefined
  const parsed = parseJson(bytes)
  const value = parsed === undefined ? {} : parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AdminError('APIG.2000', 'The request body has to be a JSON object')
  }
  return validated(operation.body, withoutBlanks(operation.body, value), 'body')
}
