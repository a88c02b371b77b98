import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listQuery, params } from '../schema.ts'
import { Tag } from './instance-management.ts'

const family = 'instance tags'
const projectPath = '/v2/{project_id}/apigw'

const Tags = closed({ tags: Type.Array(closed({ key: Type.String(), value: Type.String() })) })

/** A key with the values that are wanted of it; none: any. */
const WantedTag = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 128 }),
  values: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 20 })),
})

const Question = Type.Object({
  /** Only instances without tags; `tags` does not matter then. */
  without_any_tag: Type.Optional(Type.Boolean()),
  /** All of these. */
  tags: Type.Optional(Type.Array(WantedTag, { maxItems: 20 })),
  sys_tags: Type.Optional(Type.Array(WantedTag)),
  /** A part of the name: the only key is `resource_name`. */
  matches: Type.Optional(Type.Array(Type.Object({ key: Type.Enum(['resource_name']), value: Type.String() }))),
})

const Count = Type.Integer({ minimum: 0 })

export const instanceTags = [
  op({
    id: 'listProjectInstanceTags',
    method: 'GET',
    path: `${projectPath}/instance-tags`,
    family,
    tier: 2,
    summary: 'List the tags that the instances of a project have',
    status: 200,
    params: params('project_id'),
    response: closed({ tags: Type.Array(closed({ key: Type.String(), values: Type.Array(Type.String()) })) }),
  }),
  op({
    id: 'listInstanceTags',
    method: 'GET',
    path: `${instancePath}/instance-tags`,
    family,
    tier: 2,
    summary: 'List the tags of an instance',
    status: 200,
    params: inInstance(),
    response: Tags,
  }),
  op({
    id: 'batchCreateOrDeleteInstanceTags',
    method: 'POST',
    path: `${instancePath}/instance-tags/action`,
    family,
    tier: 2,
    summary: 'Give an instance tags, or take them away',
    status: 204,
    params: inInstance(),
    body: Type.Object({
      action: Type.Enum(['create', 'delete']),
      tags: Type.Array(Type.Object({ key: Tag.key, value: Type.Optional(Tag.value) }), { minItems: 1, maxItems: 20 }),
    }),
    errors: ['APIC.7402'],
  }),
  op({
    id: 'showInstancesNumByTags',
    method: 'POST',
    path: `${projectPath}/resource-instances/count`,
    family,
    tier: 2,
    summary: 'Count the instances that have certain tags',
    status: 200,
    params: params('project_id'),
    body: Question,
    response: closed({ total_count: Count }),
  }),
  op({
    id: 'listInstancesByTags',
    method: 'POST',
    path: `${projectPath}/resource-instances/filter`,
    family,
    tier: 2,
    summary: 'List the instances that have certain tags',
    status: 200,
    params: params('project_id'),
    query: listQuery(),
    body: Question,
    response: closed({
      resources: Type.Array(closed({ resource_id: Id, resource_name: Type.String(), tags: Tags.properties.tags })),
      total_count: Count,
    }),
  }),
] as const
