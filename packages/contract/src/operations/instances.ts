import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, params } from '../schema.ts'

const Optional = Type.Optional(Type.String())
const Texts = Type.Optional(Type.Array(Type.String()))
/** Of a cloud: their shape is not the gateway's. */
const Objects = Type.Optional(Type.Array(Type.Object({})))

const instance = {
  id: Id,
  project_id: Id,
  instance_name: Type.String(),
  status: Type.String(),
  /** 6: running. */
  instance_status: Type.Integer(),
  type: Type.String(),
  spec: Type.String(),
  /** Milliseconds since the epoch: a number, unlike every other time of the contract. */
  create_time: Type.Integer(),
  enterprise_project_id: Type.String(),
  eip_address: Optional,
  charging_mode: Type.Integer(),
  cbc_metadata: Optional,
  loadbalancer_provider: Optional,
  cbc_operation_locks: Objects,
  description: Optional,
  vpc_id: Optional,
  subnet_id: Optional,
  security_group_id: Optional,
  instance_version: Optional,
  supported_features: Texts,
}

export const Instance = closed(instance)

const InstanceDetail = closed({
  ...instance,
  maintain_begin: Optional,
  maintain_end: Optional,
  ingress_ip: Optional,
  ingress_ip_v6: Optional,
  user_id: Optional,
  nat_eip_address: Optional,
  nat_eip_ipv6_cidr: Optional,
  eip_ipv6_address: Optional,
  bandwidth_size: Type.Optional(Type.Integer()),
  bandwidth_charging_mode: Optional,
  /** A list in text, such as `[az1]`. */
  available_zone_ids: Optional,
  node_ips: Type.Optional(closed({ livedata: Texts, shubao: Texts })),
  publicips: Objects,
  privateips: Objects,
  endpoint_service: Type.Optional(Type.Object({})),
  endpoint_services: Objects,
  is_releasable: Type.Optional(Type.Boolean()),
})

const Count = Type.Integer({ minimum: 0 })

export const instances = [
  op({
    id: 'listInstancesV2',
    method: 'GET',
    path: '/v2/{project_id}/apigw/instances',
    family: 'instances',
    tier: 1,
    summary: 'List the instances of a project',
    status: 200,
    params: params('project_id'),
    query: listQuery('instance_id', 'instance_name', 'status'),
    response: listOf('instances', Instance),
  }),
  op({
    id: 'showDetailsOfInstanceV2',
    method: 'GET',
    path: instancePath,
    family: 'instances',
    tier: 1,
    summary: 'Show an instance',
    status: 200,
    params: inInstance(),
    response: InstanceDetail,
  }),
] as const

export const resourceOutline = [
  op({
    id: 'listApiGroupsQuantitiesV2',
    method: 'GET',
    path: `${instancePath}/resources/outline/groups`,
    family: 'resource outline',
    tier: 1,
    summary: 'Count the API groups',
    status: 200,
    params: inInstance(),
    response: closed({ onsell_nums: Count, offsell_nums: Count }),
  }),
  op({
    id: 'listApiQuantitiesV2',
    method: 'GET',
    path: `${instancePath}/resources/outline/apis`,
    family: 'resource outline',
    tier: 1,
    summary: 'Count the APIs: all, those published in RELEASE, and the others',
    status: 200,
    params: inInstance(),
    response: closed({ instance_num: Count, nums_on_release: Count, nums_off_release: Count }),
  }),
  op({
    id: 'listAppQuantitiesV2',
    method: 'GET',
    path: `${instancePath}/resources/outline/apps`,
    family: 'resource outline',
    tier: 1,
    summary: 'Count the apps: those that may call some API, and the others',
    status: 200,
    params: inInstance(),
    response: closed({ authed_nums: Count, unauthed_nums: Count }),
  }),
] as const
