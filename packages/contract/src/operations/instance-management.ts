import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, params } from '../schema.ts'
import { Instance } from './instances.ts'

const family = 'instances'

const Name = Type.String({
  pattern: '^[A-Za-z\\u4e00-\\u9fff][A-Za-z0-9_\\-\\u4e00-\\u9fff]*$',
  minLength: 3,
  maxLength: 64,
})
const Optional = Type.Optional(Type.String())

/** Those of a new instance and those that can be changed later. */
const shared = {
  description: Type.Optional(Type.String({ maxLength: 255, pattern: '^[^<>]*$' })),
  /** `22:00:00`. The end is four hours later. */
  maintain_begin: Type.Optional(Type.Enum(['02:00:00', '06:00:00', '10:00:00', '14:00:00', '18:00:00', '22:00:00'])),
  maintain_end: Type.Optional(Type.Enum(['02:00:00', '06:00:00', '10:00:00', '14:00:00', '18:00:00', '22:00:00'])),
  security_group_id: Optional,
  enterprise_project_id: Optional,
  vpcep_service_name: Optional,
  /** A public address: nothing that a gateway of one's own could lend. */
  eip_id: Optional,
}

/** Of an instance. */
export const Tag = {
  key: Type.String({ minLength: 1, maxLength: 128 }),
  value: Type.String({ maxLength: 255 }),
}

export const instanceManagement = [
  op({
    id: 'createInstanceV2',
    method: 'POST',
    path: '/v2/{project_id}/apigw/instances',
    family,
    tier: 3,
    summary: 'Create a logical instance: an empty configuration of its own in this gateway',
    status: 202,
    params: params('project_id'),
    body: Type.Object({
      ...shared,
      instance_name: Name,
      spec_id: Optional,
      vpc_id: Optional,
      subnet_id: Optional,
      loadbalancer_provider: Optional,
      available_zone_ids: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
      ipv6_enable: Type.Optional(Type.Boolean()),
      bandwidth_size: Type.Optional(Type.Integer({ minimum: 0, maximum: 2000 })),
      bandwidth_charging_mode: Optional,
      tags: Type.Optional(Type.Array(Type.Object(Tag), { maxItems: 20 })),
    }),
    response: closed({ instance_id: Id, message: Type.String(), job_id: Type.String() }),
    errors: ['APIC.7500'],
  }),
  op({
    id: 'updateInstanceV2',
    method: 'PUT',
    path: instancePath,
    family,
    tier: 2,
    summary: 'Change what is given of an instance; what is left out stays',
    status: 200,
    params: inInstance(),
    body: Type.Object({ ...shared, instance_name: Type.Optional(Name) }),
    response: Instance,
    errors: ['APIC.7500'],
  }),
  op({
    id: 'deleteInstancesV2',
    method: 'DELETE',
    path: instancePath,
    family,
    tier: 3,
    summary: 'Delete an instance in which no API is published, with everything in it',
    status: 204,
    params: inInstance(),
    errors: ['APIC.7701'],
  }),
  op({
    id: 'showDetailsOfInstanceProgressV2',
    method: 'GET',
    path: `${instancePath}/progress`,
    family,
    tier: 2,
    summary: 'Show how far the creation of an instance has come: it is there as soon as it has an id',
    status: 200,
    params: inInstance(),
    response: closed({
      /** Per cent. */
      progress: Type.Integer(),
      status: Type.Enum(['success', 'failed', 'running']),
      error_code: Type.String(),
      error_msg: Type.String(),
      /** Milliseconds since the epoch, both. */
      start_time: Type.Integer(),
      end_time: Type.Integer(),
    }),
  }),
  op({
    id: 'showRestrictionOfInstanceV2',
    method: 'GET',
    path: `${instancePath}/restriction`,
    family,
    tier: 2,
    summary: 'Show which subnets a backend must not be in: none',
    status: 200,
    params: inInstance(),
    response: closed({ restrict_cidrs: Type.Array(Type.String()), resource_subnet_cidr: Type.String() }),
  }),
  op({
    id: 'listAvailableZonesV2',
    method: 'GET',
    path: '/v2/{project_id}/apigw/available-zones',
    family,
    tier: 2,
    summary: 'List the zones: one, this gateway',
    status: 200,
    params: params('project_id'),
    response: closed({
      available_zones: Type.Array(
        closed({
          id: Type.String(),
          name: Type.String(),
          code: Type.String(),
          port: Type.String(),
          local_name: closed({ en_us: Type.String(), zh_cn: Type.String() }),
          specs: Type.Record(Type.String(), Type.Boolean()),
        }),
      ),
    }),
  }),
] as const
