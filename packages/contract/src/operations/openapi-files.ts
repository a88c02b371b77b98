import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath } from '../schema.ts'

const family = 'openapi import/export'

const mode = Type.Optional(Type.Enum(['merge', 'override'], { default: 'merge' }))

const ImportBody = Type.Object({
  /** The document: Swagger 2.0 or OpenAPI 3.0 or 3.1, JSON or YAML, in UTF-8. The part really has this name. */
  file_name: Type.String({ format: 'binary' }),
  /** Whether the APIs get an API group of their own, called as `info.title` says. */
  is_create_group: Type.Optional(Type.Boolean({ default: true })),
  /** The API group that the APIs go to when they get none of their own. */
  group_id: Type.Optional(Type.String()),
  /** What becomes of a gateway response whose name is taken: `merge` keeps the one that is there. */
  extend_mode: mode,
  /** Whether an operation may leave its backend out: it then is the server that the document names. */
  simple_mode: Type.Optional(Type.Boolean({ default: false })),
  /** Whether an operation may leave its backend out: it then answers by itself. */
  mock_mode: Type.Optional(Type.Boolean({ default: false })),
  /** What becomes of an operation that the group has already: `merge` keeps the API that is there. */
  api_mode: mode,
})

const place = { path: Type.String(), method: Type.String() }
const reason = { error_code: Type.String(), error_msg: Type.String() }

const Imported = closed({
  group_id: Id,
  success: Type.Array(closed({ ...place, action: Type.Enum(['create', 'update']), id: Id })),
  /** Operations that became no API, and why. */
  failure: Type.Array(closed({ ...place, ...reason })),
  /** What was left out, and why: whole operations, or a part of one that became an API. */
  ignore: Type.Array(closed({ ...place, ...reason })),
  swagger: closed({ id: Id, result: Type.String() }),
})

const ExportBody = Type.Object({
  env_id: Type.String({ minLength: 1 }),
  group_id: Type.String({ minLength: 1 }),
  /**
   * How much: `spec` what callers need, without extensions; `proxy` also what the gateway needs; `all` also the gateway
   * responses; `dev` as `all`, but the drafts of all APIs instead of what the environment serves.
   */
  define: Type.Optional(Type.Enum(['spec', 'proxy', 'all', 'dev'], { default: 'all' })),
  type: Type.Optional(Type.Enum(['json', 'yaml', 'yml'], { default: 'json' })),
  /** The version that the document gives itself. The present time unless given. */
  version: Type.Optional(Type.String({ maxLength: 64 })),
  /** Ids of the APIs that are wanted; all unless given. */
  apis: Type.Optional(Type.Array(Type.String())),
})

const exportQuery = Type.Object({ oas_version: Type.Optional(Type.Enum(['2.0', '3.0'], { default: '2.0' })) })

const File = Type.String({ format: 'binary' })
const Begun = closed({ task_id: Id })

const unreadable = ['APIG.3600', 'APIG.3601', 'APIG.3602', 'APIG.3603', 'APIG.3609'] as const

export const openapiFiles = [
  op({
    id: 'importApiDefinitionsV2',
    method: 'POST',
    path: `${instancePath}/openapi/import`,
    family,
    tier: 1,
    summary: 'Make APIs of an OpenAPI document; nothing reaches traffic before it is published',
    status: 200,
    params: inInstance(),
    body: ImportBody,
    bodyType: 'multipart/form-data',
    response: Imported,
    errors: [...unreadable, 'APIG.3001', 'APIG.3136', 'APIG.3201'],
  }),
  op({
    id: 'exportApiDefinitionsV2',
    method: 'POST',
    path: `${instancePath}/openapi/export`,
    family,
    tier: 1,
    summary: 'Write the APIs of an API group as an OpenAPI document',
    status: 200,
    params: inInstance(),
    query: exportQuery,
    body: ExportBody,
    response: File,
    responseType: 'application/octet-stream',
    errors: ['APIG.3001', 'APIG.3002', 'APIG.3003'],
  }),
  op({
    id: 'importApiDefinitionsAsync',
    method: 'POST',
    path: `${instancePath}/openapi/async-import`,
    family,
    tier: 2,
    summary: 'As importApiDefinitionsV2; a task has the result, also when the document cannot be read',
    status: 202,
    params: inInstance(),
    body: ImportBody,
    bodyType: 'multipart/form-data',
    response: Begun,
  }),
  op({
    id: 'exportApiDefinitionsAsync',
    method: 'POST',
    path: `${instancePath}/openapi/async-export`,
    family,
    tier: 2,
    summary: 'As exportApiDefinitionsV2; a task has the document',
    status: 202,
    params: inInstance(),
    query: exportQuery,
    body: ExportBody,
    response: Begun,
  }),
  op({
    id: 'showAsyncTaskResult',
    method: 'GET',
    path: `${instancePath}/async-tasks/{task_id}`,
    family,
    tier: 2,
    summary: 'Show how a task has ended; the newest twenty of an instance are remembered',
    status: 200,
    params: inInstance('task_id'),
    response: closed({
      task_id: Id,
      task_status: Type.Enum(['waiting', 'processing', 'succeed', 'failed']),
      task_type: Type.Enum(['import_api', 'export_api']),
      /** JSON: the answer of the operation; of an export `{ "file": … }`; of a failure `{ "error_code", "error_msg" }`. */
      task_result: Type.String(),
    }),
    errors: ['APIG.3007'],
  }),
] as const
