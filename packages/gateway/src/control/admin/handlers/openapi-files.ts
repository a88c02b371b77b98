import { adminMessages, type BodyOf, type OperationById, type QueryOf } from '@pailou/contract'

import { rfc3339 } from '../../../base/clock.ts'
import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { AsyncTask } from '../../documents/async-task.ts'
import type { ApiDefinition, Instance } from '../../documents/documents.ts'
import { debuggingDomain } from '../../compile/compile.ts'
import { AdminError, missing, refused } from '../admin-error.ts'
import type { Handlers, Tools } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { apiOf, environmentOf, groupOf } from '../lookup.ts'
import { responsesOf } from '../rules/gateway-responses.ts'
import { readDocument } from '../rules/openapi/document.ts'
import { planImport, type ImportModes, type ImportResult } from '../rules/openapi/import-plan.ts'
import { writeDocument } from '../rules/openapi/write-document.ts'

type ImportBody = BodyOf<OperationById<'importApiDefinitionsV2'>>
type ExportBody = BodyOf<OperationById<'exportApiDefinitionsV2'>>
type ExportQuery = QueryOf<OperationById<'exportApiDefinitionsV2'>>

function modesOf(body: ImportBody): ImportModes {
  const isNew = body.is_create_group ?? true
  if (!isNew && body.group_id === undefined) throw missing('group_id')
  return {
    groupId: isNew ? undefined : body.group_id,
    replaceApis: body.api_mode === 'override',
    replaceResponses: body.extend_mode === 'override',
    simple: body.simple_mode ?? false,
    mock: body.mock_mode ?? false,
  }
}

async function imported(
  body: ImportBody,
  instance: Instance,
  { desk, clock }: Tools,
  alsoWritten: (catalog: Catalog, result: ImportResult) => readonly Edit[] = () => [],
): Promise<ImportResult> {
  const modes = modesOf(body)
  const document = await readDocument(body.file_name)
  return desk.write(catalog => {
    const { edits, result } = planImport(catalog, instance, document, modes, clock.now())
    return { edits: [...edits, ...alsoWritten(catalog, result)], result }
  })
}

async function exported(body: ExportBody, query: ExportQuery, instance: Instance, tools: Tools): Promise<string> {
  const catalog = tools.desk.catalog()
  const group = groupOf(catalog, instance.id, body.group_id)
  const environment = environmentOf(catalog, instance.id, body.env_id)
  const { define = 'all', type = 'json' } = body
  const drafts = define === 'dev'
  const document = writeDocument({
    oas: query.oas_version ?? '2.0',
    extent: define === 'dev' ? 'all' : define,
    title: group.name,
    description: group.remark,
    version: body.version ?? rfc3339(tools.clock.now()),
    host: hostOf(catalog, group.id, tools.domainSuffix),
    definitions: definitionsOf(catalog, instance.id, group.id, drafts ? undefined : environment.id, body.apis),
    responses: responsesOf(catalog, group),
  })
  if (type === 'json') return `${JSON.stringify(document, null, 2)}\n`
  const { stringify } = await import('yaml')
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
}

/** The oldest first: who imports them meets them in the order in which they were made. */
function definitionsOf(
  catalog: Catalog,
  instanceId: string,
  groupId: string,
  environmentId: string | undefined,
  wanted: readonly string[] | undefined,
): readonly ApiDefinition[] {
  for (const id of wanted ?? []) {
    if (apiOf(catalog, instanceId, id).groupId !== groupId) throw refused(adminMessages.notExist('API', id))
  }
  const apis = belongingTo(catalog, 'api', 'groupId', groupId).filter(({ id }) => wanted?.includes(id) ?? true)
  const found = apis.flatMap(({ id, definition }) => {
    if (environmentId === undefined) return [definition]
    const publications = belongingTo(catalog, 'publication', 'apiId', id)
    const serving = publications.find(publication => publication.environmentId === environmentId)
    return serving ? [catalog.get('api-version', serving.versionId)!.definition] : []
  })
  return found.toReversed()
}

/** The first domain of the group that is one host, or its debugging domain. */
function hostOf(catalog: Catalog, groupId: string, domainSuffix: string): string {
  const domains = belongingTo(catalog, 'domain', 'groupId', groupId).filter(({ name }) => !name.startsWith('*'))
  return domains.at(-1)?.name ?? debuggingDomain(groupId, domainSuffix)
}

/** Tasks of an instance that are remembered; they hold whole documents. */
const tasksKept = 20

function taskEdits(catalog: Catalog, task: AsyncTask): readonly Edit[] {
  const older = belongingTo(catalog, 'async-task', 'instanceId', task.instanceId).slice(tasksKept - 1)
  return [...older.map(({ id }) => ({ remove: 'async-task', id }) as const), { put: 'async-task', document: task }]
}

/** The answer says no more than that the work has begun, so what it comes to is for the task to tell: also a refusal. */
async function orFailed(task: AsyncTask, tools: Tools, work: () => Promise<unknown>): Promise<{ task_id: string }> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    const result = JSON.stringify({ error_code: error.code, error_msg: error.message })
    await stored({ ...task, status: 'failed', result }, tools)
  }
  return { task_id: task.id }
}

function stored(task: AsyncTask, { desk }: Tools): Promise<void> {
  return desk.write(catalog => ({ edits: taskEdits(catalog, task), result: undefined }))
}

function newTask(type: AsyncTask['type'], instance: Instance, { clock }: Tools): AsyncTask {
  return { id: hexId(), instanceId: instance.id, type, status: 'succeed', result: '', createdAt: clock.now() }
}

export const openapiFiles = {
  importApiDefinitionsV2({ body, instance }, tools) {
    return imported(body, instance, tools)
  },

  async exportApiDefinitionsV2({ body, query, instance, answerHeader }, tools) {
    const file = await exported(body, query, instance, tools)
    answerHeader('Content-Disposition', `attachment; filename="${body.group_id}.${body.type ?? 'json'}"`)
    return file
  },

  /** The APIs and the task that tells of them are written together. */
  importApiDefinitionsAsync({ body, instance }, tools) {
    const task = newTask('import_api', instance, tools)
    return orFailed(task, tools, () =>
      imported(body, instance, tools, (catalog, result) =>
        taskEdits(catalog, { ...task, result: JSON.stringify(result) }),
      ),
    )
  },

  exportApiDefinitionsAsync({ body, query, instance }, tools) {
    const task = newTask('export_api', instance, tools)
    return orFailed(task, tools, async () => {
      const file = await exported(body, query, instance, tools)
      await stored({ ...task, result: JSON.stringify({ file }) }, tools)
    })
  },

  showAsyncTaskResult({ params, instance }, { desk }) {
    const task = desk.catalog().get('async-task', params.task_id)
    if (task?.instanceId !== instance.id) throw new AdminError('APIG.3007', `The task ${params.task_id} does not exist`)
    return { task_id: task.id, task_status: task.status, task_type: task.type, task_result: task.result }
  },
} satisfies Partial<Handlers>
