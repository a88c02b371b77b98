import { adminMessages, operations, withoutBlanks } from '@pailou/contract'

import { hexId } from '../../../../base/ids.ts'
import type { Catalog, Edit } from '../../../catalog.ts'
import type { Api, ApiGroup, Instance } from '../../../documents/documents.ts'
import type { GatewayResponse } from '../../../documents/gateway-response.ts'
import { AdminError, refused } from '../../admin-error.ts'
import { belongingTo } from '../../index-of.ts'
import { groupOf } from '../../lookup.ts'
import { validated } from '../../validation.ts'
import { othersIn, refuseTakenName, refuseTakenRoute, sameRoute } from '../api-conflicts.ts'
import { definitionOf, type ApiBody } from '../api-definition.ts'
import { mostBackendTimeout } from '../features.ts'
import { responsesOf } from '../gateway-responses.ts'
import { field, textOf, treeOf, type ApiDocument } from './document.ts'
import { importedResponses } from './import-responses.ts'
import { nameFrom, remarkFrom } from './names.ts'
import { operationsIn, readOperation, type Found, type ReadModes, type ReadOperation } from './read-operation.ts'

export interface ImportModes extends ReadModes {
  /** Where the APIs go; without it to a new group that is called as the document is. */
  readonly groupId: string | undefined
  /** Whether an operation that the group has already replaces the API; otherwise that one stays. */
  readonly replaceApis: boolean
  /** The same for gateway responses. */
  readonly replaceResponses: boolean
}

interface Place {
  readonly path: string
  readonly method: string
}
interface Reasoned extends Place {
  readonly error_code: string
  readonly error_msg: string
}

export interface ImportResult {
  readonly group_id: string
  readonly success: readonly (Place & { readonly action: 'create' | 'update'; readonly id: string })[]
  readonly failure: readonly Reasoned[]
  readonly ignore: readonly Reasoned[]
  readonly swagger: { readonly id: string; readonly result: string }
}

/** Beyond these the contract takes no document. */
const mostOperations = 300

const schema = operations.createApiV2.body

/**
 * What importing a document changes. An operation that cannot become an API is told of and does not stand in the way
 * of the others. Throws AdminError for what is wrong with the whole.
 */
export function planImport(
  catalog: Catalog,
  instance: Instance,
  document: ApiDocument,
  modes: ImportModes,
  now: number,
): { readonly edits: readonly Edit[]; readonly result: ImportResult } {
  const found = operationsIn(document)
  if (found.length > mostOperations)
    throw new AdminError('APIG.3603', `A document may have ${mostOperations} operations`)
  const group =
    modes.groupId === undefined
      ? newGroup(catalog, instance, document, now)
      : groupOf(catalog, instance.id, modes.groupId)
  const responses = importedResponses(document, responsesOf(catalog, group), group, modes.replaceResponses, now)
  const there = othersIn(catalog, group.id)
  const made = new Map<string, Api>()
  const success: ImportResult['success'][number][] = []
  const failure: Reasoned[] = []
  const ignore: Reasoned[] = []
  for (const each of found) {
    const place = { path: each.path, method: each.method }
    try {
      const read = readOperation(document, each, modes)
      const body = bodyOf(read, group, responses.named)
      const limit = mostBackendTimeout(catalog, instance.id)
      const definition = definitionOf(body, undefined, limit)
      const before = there.find(api => sameRoute(api.definition, definition) && !made.has(api.id))
      if (before && !modes.replaceApis) {
        ignore.push(reasoned(place, refused(adminMessages.apiExists(before.definition.name))))
        continue
      }
      const others = [...there.filter(({ id }) => id !== before?.id && !made.has(id)), ...made.values()]
      refuseTakenRoute(others, definition)
      refuseTakenName(others, definition.name)
      const api: Api = before
        ? { ...before, definition: definitionOf(body, before.definition, limit), updatedAt: now }
        : { id: hexId(), instanceId: instance.id, groupId: group.id, definition, createdAt: now, updatedAt: now }
      made.set(api.id, api)
      success.push({ ...place, action: before ? 'update' : 'create', id: api.id })
      for (const name of read.left) ignore.push(reasoned(place, refused(adminMessages.featureNotSupported(name))))
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      failure.push(reasoned(place, error))
    }
  }
  const edits: Edit[] = [
    ...(modes.groupId === undefined ? [{ put: 'api-group', document: group } as const] : []),
    ...responses.written.map(response => ({ put: 'gateway-response', document: response }) as const),
    ...[...made.values()].map(api => ({ put: 'api', document: api }) as const),
  ]
  const counts = `success: ${success.length}, failure: ${failure.length}, ignore: ${ignore.length}`
  return { edits, result: { group_id: group.id, success, failure, ignore, swagger: { id: hexId(), result: counts } } }
}

function newGroup(catalog: Catalog, instance: Instance, document: ApiDocument, now: number): ApiGroup {
  const name = nameFrom(document.title)
  if (belongingTo(catalog, 'api-group', 'instanceId', instance.id).some(other => other.name === name))
    throw new AdminError('APIG.3201', `The API group name already exists, name:${name}`)
  return {
    id: hexId(),
    instanceId: instance.id,
    name,
    remark: remarkFrom(textOf(field(treeOf(field(document.root, 'info')), 'description'))),
    isDefault: false,
    debuggingDomainEnabled: true,
    createdAt: now,
    updatedAt: now,
  }
}

/** The body as createApiV2 would take it: the same schema, the same blanks. */
function bodyOf(
  { body, response }: ReadOperation,
  group: ApiGroup,
  responses: ReadonlyMap<string, GatewayResponse>,
): ApiBody {
  const wanted = response === undefined || response === '' ? undefined : responses.get(response)
  if (response && !wanted) throw new AdminError('APIG.3007', `Gateway response ${response} does not exist`)
  const whole = { ...body, group_id: group.id, ...(wanted && { response_id: wanted.id }) }
  // What is undefined has not been said.
  const said: unknown = JSON.parse(JSON.stringify(whole))
  return validated(schema, withoutBlanks(schema, said), 'body') as ApiBody
}

function reasoned({ path, method }: Pick<Found, 'path' | 'method'>, { code, message }: AdminError): Reasoned {
  return { path, method, error_code: code, error_msg: message }
}
