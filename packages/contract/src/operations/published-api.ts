import { Type } from 'typebox'
import { closed, Id } from '../schema.ts'

/** What operations say that join policies with the publications of APIs. */

/** A list of ids in a request: at least one. */
export const Ids = Type.Array(Id, { minItems: 1 })

const Tags = Type.Array(Type.String())

/** An API in an environment in which it is published, as the lists of policies show it. */
export const publishedApi = {
  id: Id,
  name: Type.String(),
  remark: Type.String(),
  /** 1: public, 2: private. */
  type: Type.Integer(),
  auth_type: Type.String(),
  group_id: Id,
  group_name: Type.String(),
  run_env_id: Id,
  run_env_name: Type.String(),
  publish_id: Id,
  req_method: Type.String(),
  req_uri: Type.String(),
  tags: Tags,
}

/** The same under the names that records of a binding use. */
export const boundApi = {
  api_id: Id,
  api_name: Type.String(),
  api_type: Type.Integer(),
  api_remark: Type.String(),
  group_name: Type.String(),
  env_id: Id,
  env_name: Type.String(),
  publish_id: Id,
  req_method: Type.String(),
  tags: Tags,
}

/** By what the lists of published APIs are filtered; `tags` is a list with commas, one of which has to match. */
export const publishedApiFilters = ['env_id', 'group_id', 'api_id', 'api_name', 'tags'] as const

/** The query of a PUT that removes many things at once. */
export const batchDeletion = Type.Object({ action: Type.Enum(['delete']) })

/** How unbinding many went: each succeeds or fails by itself. */
export const Unbound = closed({
  success_count: Type.Integer({ minimum: 0 }),
  failure: Type.Array(
    closed({
      bind_id: Type.String(),
      error_code: Type.String(),
      error_msg: Type.String(),
      api_id: Type.Optional(Id),
      api_name: Type.Optional(Type.String()),
    }),
  ),
})
