import { Type, type TObject, type TOptional, type TSchema } from 'typebox'
import { gatewayResponseTypes, type GatewayResponseType } from '../gateway-response-types.ts'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Time } from '../schema.ts'

const family = 'gateway responses'
const path = `${instancePath}/api-groups/{group_id}/gateway-responses` as const

const types = Object.keys(gatewayResponseTypes) as GatewayResponseType[]

/** One optional field for each type. */
function ofTypes<S extends TSchema>(schema: S): TObject<{ [T in GatewayResponseType]: TOptional<S> }> {
  const fields = Object.fromEntries(types.map(type => [type, Type.Optional(schema)]))
  return closed(fields as { [T in GatewayResponseType]: TOptional<S> })
}

const Header = { key: Type.String(), value: Type.String() }

/** What a client writes: how one type of refusal is to be answered. */
const Rule = Type.Object({
  /** 444 is not possible. Without one the refusal keeps its own. */
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
  /** JSON in which `$context.error.code` and its like stand for what they say. */
  body: Type.String({ minLength: 1 }),
  headers: Type.Optional(
    Type.Array(
      Type.Object({
        key: Type.String({ pattern: '^[A-Za-z0-9_-]+$', minLength: 1, maxLength: 128 }),
        value: Type.String({ minLength: 1, maxLength: 1024 }),
      }),
      { maxItems: 10 },
    ),
  ),
})

/** What a client reads: `default` says that nobody has worded this type. */
const Answer = closed({
  status: Type.Optional(Type.Integer()),
  body: Type.String(),
  headers: Type.Optional(Type.Array(closed(Header))),
  default: Type.Boolean(),
})

const GatewayResponse = closed({
  id: Id,
  name: Type.String(),
  /** Whether it is the one that APIs of the group have unless they name another. */
  default: Type.Boolean(),
  responses: ofTypes(Answer),
  create_time: Time,
  update_time: Time,
})

const Body = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z0-9_-]+$', minLength: 1, maxLength: 64 }),
  /** Types that are left out have their default. */
  responses: Type.Optional(ofTypes(Rule)),
})

const OneType = ofTypes(Answer)
const typePath = `${path}/{response_id}/{response_type}` as const
const ofOneType = inInstance('group_id', 'response_id', 'response_type')

export const gatewayResponses = [
  op({
    id: 'createGatewayResponseV2',
    method: 'POST',
    path,
    family,
    tier: 1,
    summary: 'Create a gateway response: how the APIs of a group that name it word their refusals',
    status: 201,
    params: inInstance('group_id'),
    body: Body,
    response: GatewayResponse,
    errors: ['APIG.3001', 'APIG.3136', 'APIG.3216'],
  }),
  op({
    id: 'listGatewayResponsesV2',
    method: 'GET',
    path,
    family,
    tier: 1,
    summary: 'List the gateway responses of a group, the default one last',
    status: 200,
    params: inInstance('group_id'),
    query: listQuery(),
    response: listOf('responses', GatewayResponse),
    errors: ['APIG.3001'],
  }),
  op({
    id: 'showDetailsOfGatewayResponseV2',
    method: 'GET',
    path: `${path}/{response_id}`,
    family,
    tier: 1,
    summary: 'Show a gateway response',
    status: 200,
    params: inInstance('group_id', 'response_id'),
    response: GatewayResponse,
    errors: ['APIG.3001', 'APIG.3007'],
  }),
  op({
    id: 'updateGatewayResponseV2',
    method: 'PUT',
    path: `${path}/{response_id}`,
    family,
    tier: 1,
    summary: 'Replace a gateway response. Types that are left out go back to their default',
    status: 200,
    params: inInstance('group_id', 'response_id'),
    body: Body,
    response: GatewayResponse,
    errors: ['APIG.3001', 'APIG.3007', 'APIG.3216', 'APIG.3492'],
  }),
  op({
    id: 'deleteGatewayResponseV2',
    method: 'DELETE',
    path: `${path}/{response_id}`,
    family,
    tier: 1,
    summary: 'Delete a gateway response',
    status: 204,
    params: inInstance('group_id', 'response_id'),
    errors: ['APIG.3001', 'APIG.3007', 'APIG.3491'],
  }),
  op({
    id: 'showDetailsOfGatewayResponseTypeV2',
    method: 'GET',
    path: typePath,
    family,
    tier: 1,
    summary: 'Show one type of a gateway response',
    status: 200,
    params: ofOneType,
    response: OneType,
    errors: ['APIG.3001', 'APIG.3007'],
  }),
  op({
    id: 'updateGatewayResponseTypeV2',
    method: 'PUT',
    path: typePath,
    family,
    tier: 1,
    summary: 'Word one type of a gateway response',
    status: 200,
    params: ofOneType,
    body: Rule,
    response: OneType,
    errors: ['APIG.3001', 'APIG.3007'],
  }),
  op({
    id: 'deleteGatewayResponseTypeV2',
    method: 'DELETE',
    path: typePath,
    family,
    tier: 1,
    summary: 'Give one type of a gateway response its default back',
    status: 204,
    params: ofOneType,
    errors: ['APIG.3001', 'APIG.3007'],
  }),
] as const
