import { Type, type TProperties } from 'typebox'
import { closed, Flag, Id, Time } from '../schema.ts'

/** What a VPC channel is made of, as requests carry it and as answers do. */

/** As most names, but also `-` and `.`. */
export const ChannelName = Type.String({
  pattern: '^[A-Za-z\\u4e00-\\u9fff][-A-Za-z0-9_.\\u4e00-\\u9fff]*$',
  minLength: 3,
  maxLength: 64,
})

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const Port = Type.Integer({ minimum: 1, maximum: 65535 })
export const DictCode = Type.Optional(Type.String({ pattern: '^[-A-Za-z0-9_.]+$', minLength: 3, maxLength: 64 }))

export const MemberType = Type.Enum(['ip', 'ecs'], { default: 'ecs' })
/** builtin: servers. microservice: found by a registry of the cloud. reference: groups that stand for other channels. */
export const ChannelType = Type.Enum(['builtin', 'microservice', 'reference'], { default: 'builtin' })
/** 1 weighted round robin, 2 weighted least connections, 3 hash of the caller's address, 4 hash of the URI. */
export const BalanceStrategy = Type.Enum([1, 2, 3, 4])

const member = {
  /** The address of a member of type ip. */
  host: Text(255),
  /** The id and the name of a member of type ecs. */
  ecs_id: Text(255),
  ecs_name: Text(255),
  /** What is not given is the weight of the group, or 1. Members that all have 0 are equal. */
  weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 10000 })),
  /** Serves only while no other member can. */
  is_backup: Type.Optional(Type.Boolean({ default: false })),
  member_group_name: Text(64),
  /** 1: in service, 2: out of service. */
  status: Type.Optional(Type.Enum([1, 2], { default: 1 })),
  /** What is not given, or 0, is the channel's port. */
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
} satisfies TProperties

export const MemberBody = Type.Object(member)

export const Member = closed({
  id: Id,
  vpc_channel_id: Id,
  host: Type.String(),
  /** Of a member of type ip: its host. */
  ecs_id: Type.String(),
  ecs_name: Type.String(),
  weight: Type.Integer(),
  is_backup: Type.Boolean(),
  /** Both are empty outside a group. */
  member_group_name: Type.String(),
  member_group_id: Type.String(),
  status: Flag,
  port: Type.Integer(),
  health_status: Type.Enum(['healthy', 'unhealthy', 'unknown']),
  create_time: Time,
})

const label = { label_name: Type.String({ maxLength: 63 }), label_value: Type.String({ maxLength: 63 }) }

const group = {
  member_group_name: ChannelName,
  member_group_remark: Text(255),
  /** 1–100. What is not given, or 0, leaves each member its own weight. */
  member_group_weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  dict_code: DictCode,
  microservice_version: Text(64),
  microservice_port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  /** Of a reference channel: the channel that the group stands for. */
  reference_vpc_channel_id: Type.Optional(Type.String()),
} satisfies TProperties

export const MemberGroupBody = Type.Object({
  ...group,
  microservice_labels: Type.Optional(Type.Array(Type.Object(label))),
})

export const MemberGroup = closed({
  ...group,
  member_group_remark: Type.String(),
  microservice_labels: Type.Optional(Type.Array(closed(label))),
  member_group_id: Id,
  create_time: Time,
  update_time: Time,
})

const health = {
  protocol: Type.Enum(['TCP', 'HTTP', 'HTTPS']),
  /** How many checks in a row have to succeed, or fail, before it counts. */
  threshold_normal: Type.Integer({ minimum: 1, maximum: 10 }),
  threshold_abnormal: Type.Integer({ minimum: 1, maximum: 10 }),
  /** Seconds between two checks. */
  time_interval: Type.Integer({ minimum: 1, maximum: 300 }),
  /** Seconds; not more than `time_interval`. */
  timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
  path: Type.Optional(Type.String({ pattern: '^/[^\\s]*$', maxLength: 512 })),
  method: Type.Optional(Type.Enum(['GET', 'HEAD'])),
  /** What is not given, or 0, is the port of the member. */
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  /** `200,201,210-299` */
  http_code: Text(64),
  enable_client_ssl: Type.Optional(Type.Boolean()),
  /** 1: checks are made, 2: they are not. */
  status: Type.Optional(Type.Enum([1, 2], { default: 1 })),
} satisfies TProperties

export const HealthBody = Type.Object(health)

export const Health = closed({ ...health, status: Flag, id: Id, vpc_channel_id: Id, create_time: Time })
