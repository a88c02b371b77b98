import { Type } from 'typebox'
import { type Operation, op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, params, Time } from '../schema.ts'

/** What an operation of the table below is made of. */
interface CloudOnly extends Pick<Operation, 'id' | 'method' | 'path' | 'family' | 'status'> {
  /** What only a cloud can do, as the end of "Refused: …". */
  readonly what: string
}

/** An operation that is always refused: no handler sees what it is given, and its answer would have nothing to say. */
function refusal<const C extends CloudOnly>(cloudOnly: C): Omit<C, 'what'> & { tier: 3; summary: string } {
  const { what, ...rest } = cloudOnly
  const place = rest.path.includes('{instance_id}') ? inInstance() : params('project_id')
  const answer = rest.status === 204 ? {} : { response: closed({}) }
  return op({ ...rest, tier: 3, summary: `Refused: ${what}`, params: place, ...answer })
}

const address = 'EIP / bandwidth (cloud)'
const endpoint = 'VPC endpoint (cloud)'
const order = 'ordering (cloud)'

/** What only a cloud can do: every one of these is answered 400 APIG.2000, never 404 and never 500. */
export const cloudOnly = [
  refusal({
    id: 'addEipV2',
    method: 'PUT',
    path: `${instancePath}/eip`,
    family: address,
    status: 200,
    what: 'to bind a public address',
  }),
  refusal({
    id: 'removeEipV2',
    method: 'DELETE',
    path: `${instancePath}/eip`,
    family: address,
    status: 200,
    what: 'to unbind a public address',
  }),
  refusal({
    id: 'addEngressEipV2',
    method: 'POST',
    path: `${instancePath}/nat-eip`,
    family: address,
    status: 200,
    what: 'to open the way out to the internet',
  }),
  refusal({
    id: 'updateEngressEipV2',
    method: 'PUT',
    path: `${instancePath}/nat-eip`,
    family: address,
    status: 200,
    what: 'to change the bandwidth of the way out',
  }),
  refusal({
    id: 'removeEngressEipV2',
    method: 'DELETE',
    path: `${instancePath}/nat-eip`,
    family: address,
    status: 204,
    what: 'to close the way out to the internet',
  }),
  refusal({
    id: 'addIngressEipV2',
    method: 'POST',
    path: `${instancePath}/ingress-eip`,
    family: address,
    status: 202,
    what: 'to open the way in from the internet',
  }),
  refusal({
    id: 'updateIngressEipV2',
    method: 'PUT',
    path: `${instancePath}/ingress-eip`,
    family: address,
    status: 202,
    what: 'to change the bandwidth of the way in',
  }),
  refusal({
    id: 'removeIngressEipV2',
    method: 'DELETE',
    path: `${instancePath}/ingress-eip`,
    family: address,
    status: 204,
    what: 'to close the way in from the internet',
  }),
  refusal({
    id: 'listEndpointConnections',
    method: 'GET',
    path: `${instancePath}/vpc-endpoint/connections`,
    family: endpoint,
    status: 200,
    what: 'to list the connections of an endpoint',
  }),
  refusal({
    id: 'acceptOrRejectEndpointConnections',
    method: 'POST',
    path: `${instancePath}/vpc-endpoint/connections/action`,
    family: endpoint,
    status: 200,
    what: 'to accept the connections of an endpoint',
  }),
  refusal({
    id: 'importMicroservice',
    method: 'POST',
    path: `${instancePath}/microservice/import`,
    family: 'microservice import',
    status: 201,
    what: 'to import the services of a cloud container engine',
  }),
  refusal({
    id: 'createPostPayResizeOrder',
    method: 'POST',
    path: `${instancePath}/postpaid-resize`,
    family: order,
    status: 202,
    what: 'to order another specification, paid afterwards',
  }),
  refusal({
    id: 'createPrepayResize',
    method: 'POST',
    path: `${instancePath}/prepay-resize`,
    family: order,
    status: 200,
    what: 'to order another specification, paid before',
  }),
  refusal({
    id: 'createOrder',
    method: 'POST',
    path: '/v2/{project_id}/apigw/prepay-instances',
    family: order,
    status: 200,
    what: 'to order an instance',
  }),
] as const

const Permission = Type.String({ pattern: '^[A-Za-z0-9:_*-]+$', minLength: 1, maxLength: 128 })
const Permissions = Type.Object({ permissions: Type.Array(Permission, { minItems: 1, maxItems: 100 }) })
const Changed = closed({ permissions: Type.Array(Type.String()) })

/** A list that clients keep, although no endpoint asks for it here. */
export const endpointPermissions = [
  op({
    id: 'listEndpointPermissions',
    method: 'GET',
    path: `${instancePath}/vpc-endpoint/permissions`,
    family: endpoint,
    tier: 3,
    summary: 'List who may connect to the endpoint of an instance',
    status: 200,
    params: inInstance(),
    query: listQuery('permission'),
    response: listOf('permissions', closed({ id: Id, permission: Type.String(), created_at: Time })),
  }),
  op({
    id: 'addEndpointPermissions',
    method: 'POST',
    path: `${instancePath}/vpc-endpoint/permissions/batch-add`,
    family: endpoint,
    tier: 3,
    summary: 'Add to the list of who may connect to the endpoint of an instance',
    status: 200,
    params: inInstance(),
    body: Permissions,
    response: Changed,
  }),
  op({
    id: 'deleteEndpointPermissions',
    method: 'POST',
    path: `${instancePath}/vpc-endpoint/permissions/batch-delete`,
    family: endpoint,
    tier: 3,
    summary: 'Take from the list of who may connect to the endpoint of an instance',
    status: 200,
    params: inInstance(),
    body: Permissions,
    response: Changed,
  }),
] as const

/** Called by a client, and in no published reference. */
export const besideTheContract = [
  op({
    id: 'listExtraElbs',
    method: 'GET',
    path: `${instancePath}/extra-elbs`,
    family: 'beside the contract',
    tier: 3,
    summary: 'List the additional load balancers of an instance: none',
    status: 200,
    params: inInstance(),
    response: Type.Array(Type.Object({})),
  }),
] as const
