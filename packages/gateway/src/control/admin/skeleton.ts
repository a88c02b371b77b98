import { adminMessages, operations, withoutBlanks, type Operation } from '@pailou/contract'
import type { HeaderLookup } from '@pailou/signer'

import type { Catalog } from '../catalog.ts'
import type { Instance, Project } from '../documents/documents.ts'
import type { Access, Caller } from './access.ts'
import { AdminError, refused } from './admin-error.ts'
import { writtenBy, type Written } from './audit.ts'
import { parseJson } from './body.ts'
import { readForm } from './form.ts'
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
  /** `undefined` for 204; a Buffer goes out as it is. */
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  /** Present when the call has changed something. */
  readonly written?: Written
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
  if (caller) access.permit(caller, operation)
  const place = caller ? enter(access, caller, request, catalog) : {}
  const headers: Record<string, string> = {}
  const call = {
    ...place,
    caller,
    headers: request.headers,
    params: operation.params ? validated(operation.params, request.params, 'url') : request.params,
    query: queryOf(operation, request.target),
    body: await bodyOf(operation, request),
    answerHeader: (name: string, value: string) => void (headers[name] = value),
  } as unknown as Call<Operation>
  const body = await handler(call, tools)
  // A handler that only looked, or changed nothing, has left the revision as it was.
  const wrote = caller && operation.method !== 'GET' && tools.desk.catalog().revision !== catalog.revision
  return {
    status: operation.status,
    body: operation.status === 204 ? undefined : operation.responseType ? Buffer.from(String(body)) : body,
    headers: operation.responseType ? { 'Content-Type': operation.responseType, ...headers } : headers,
    ...(wrote && { written: writtenBy(operation, caller, call, body) }),
  }
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

async function bodyOf(operation: Operation, { body, headers }: AdminRequest): Promise<unknown> {
  if (!operation.body) return undefined
  if (operation.bodyType) {
    const [contentType] = [headers('content-type') ?? []].flat()
    return validated(operation.body, withoutBlanks(operation.body, await readForm(body, contentType)), 'form')
  }
  const parsed = parseJson(body)
  const value = parsed === undefined ? {} : parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AdminError('APIG.2000', 'The request body has to be a JSON object')
  }
  return validated(operation.body, withoutBlanks(operation.body, value), 'body')
}
