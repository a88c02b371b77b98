import { Type, type TProperties } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Time } from '../schema.ts'

const family = 'orchestrations'

/** A pattern, and not a list of values: clients expect an unknown one to be an invalid value, not one out of range. */
const Strategy = Type.Unsafe<'list' | 'hash' | 'range' | 'hash_range' | 'none_value' | 'default' | 'head_n' | 'tail_n'>(
  Type.String({ pattern: '^(list|hash|range|hash_range|none_value|default|head_n|tail_n)$' }),
)

/** The parameter that the rule gives to the backend. */
const MappedParam = Type.Object({
  mapped_param_name: Type.String({ pattern: '^[A-Za-z][-A-Za-z0-9]*$', maxLength: 128 }),
  mapped_param_type: Type.Enum(['string', 'number']),
  mapped_param_location: Type.Enum(['query', 'header']),
})

/** What it has to be depends on the strategy. Its blanks count: clients compare it with what they sent. */
const MapEntry = Type.Record(Type.String(), Type.Unknown())

const OrchestrationBody = Type.Object({
  orchestration_name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]*$', minLength: 3, maxLength: 64 }),
  orchestration_strategy: Strategy,
  /** Of a rule that only prepares the input of the next one, which needs no parameter. */
  is_preprocessing: Type.Optional(Type.Boolean({ default: false })),
  orchestration_mapped_param: Type.Optional(MappedParam),
  /** In the order of their priority. */
  orchestration_map: Type.Optional(Type.Array(MapEntry, { maxItems: 300 })),
})

const outline = {
  orchestration_id: Id,
  orchestration_name: Type.String(),
  orchestration_strategy: Strategy,
  is_preprocessing: Type.Boolean(),
  orchestration_mapped_param: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  orchestration_create_time: Time,
  orchestration_update_time: Time,
} satisfies TProperties

const Orchestration = closed({ ...outline, orchestration_map: Type.Array(MapEntry) })

export const orchestrations = [
  op({
    id: 'createOrchestration',
    method: 'POST',
    path: `${instancePath}/orchestrations`,
    family,
    tier: 1,
    summary: 'Create an orchestration rule',
    status: 201,
    params: inInstance(),
    body: OrchestrationBody,
    response: Orchestration,
    errors: ['APIG.3331'],
  }),
  op({
    id: 'listOrchestrations',
    method: 'GET',
    path: `${instancePath}/orchestrations`,
    family,
    tier: 1,
    summary: 'List orchestration rules, without their maps',
    status: 200,
    params: inInstance(),
    query: listQuery('orchestration_name', 'precise_search', 'orchestration_id'),
    response: listOf('orchestrations', closed(outline)),
  }),
  op({
    id: 'showDetailsOfOrchestration',
    method: 'GET',
    path: `${instancePath}/orchestrations/{orchestration_id}`,
    family,
    tier: 1,
    summary: 'Show an orchestration rule',
    status: 200,
    params: inInstance('orchestration_id'),
    response: Orchestration,
    errors: ['APIG.3095'],
  }),
  op({
    id: 'updateOrchestration',
    method: 'PUT',
    path: `${instancePath}/orchestrations/{orchestration_id}`,
    family,
    tier: 1,
    summary: 'Replace an orchestration rule; its parameter only while no API uses it',
    status: 200,
    params: inInstance('orchestration_id'),
    body: OrchestrationBody,
    response: Orchestration,
    errors: ['APIG.3095', 'APIG.3331', 'APIG.3713'],
  }),
  op({
    id: 'deleteOrchestration',
    method: 'DELETE',
    path: `${instancePath}/orchestrations/{orchestration_id}`,
    family,
    tier: 1,
    summary: 'Delete an orchestration rule that no API uses',
    status: 204,
    params: inInstance('orchestration_id'),
    errors: ['APIG.3095', 'APIG.3716'],
  }),
  op({
    id: 'listOrchestrationAttachedApis',
    method: 'GET',
    path: `${instancePath}/orchestrations/{orchestration_id}/attached-apis`,
    family,
    tier: 1,
    summary: 'List the APIs that use an orchestration rule',
    status: 200,
    params: inInstance('orchestration_id'),
    query: listQuery('api_name', 'api_id'),
    response: listOf(
      'apis',
      closed({
        api_id: Id,
        api_name: Type.String(),
        req_method: Type.String(),
        req_uri: Type.String(),
        auth_type: Type.String(),
        match_mode: Type.String(),
        group_id: Id,
        group_name: Type.String(),
        attached_time: Time,
      }),
    ),
    errors: ['APIG.3095'],
  }),
] as const
