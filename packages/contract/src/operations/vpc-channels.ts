import { Type, type TProperties } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Time } from '../schema.ts'
import {
  BalanceStrategy,
  ChannelName,
  ChannelType,
  DictCode,
  Health,
  HealthBody,
  Member,
  MemberBody,
  MemberGroup,
  MemberGroupBody,
  MemberType,
  Port,
} from './vpc-channel-model.ts'

const family = 'VPC channels'

const ChannelBody = Type.Object({
  name: ChannelName,
  /** The port of every member that has none of its own. */
  port: Port,
  balance_strategy: BalanceStrategy,
  member_type: Type.Optional(MemberType),
  /** 2 servers, 3 microservice. `vpc_channel_type` counts more. */
  type: Type.Optional(Type.Enum([2, 3], { default: 2 })),
  vpc_channel_type: Type.Optional(ChannelType),
  dict_code: DictCode,
  member_groups: Type.Optional(Type.Array(MemberGroupBody)),
  members: Type.Optional(Type.Array(MemberBody)),
  vpc_health_config: Type.Optional(HealthBody),
  microservice_info: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

const channel = {
  id: Id,
  name: Type.String(),
  port: Type.Integer(),
  balance_strategy: BalanceStrategy,
  member_type: MemberType,
  type: Type.Integer(),
  vpc_channel_type: ChannelType,
  dict_code: DictCode,
  /** 1: normal. */
  status: Type.Integer(),
  create_time: Time,
} satisfies TProperties

const Channel = closed(channel)

export const vpcChannels = [
  op({
    id: 'createVpcChannelV2',
    method: 'POST',
    path: `${instancePath}/vpc-channels`,
    family,
    tier: 1,
    summary: 'Create a VPC channel, with its members, groups and health checks if given',
    status: 201,
    params: inInstance(),
    body: ChannelBody,
    response: Channel,
    errors: ['APIG.3023', 'APIG.3208', 'APIG.3458'],
  }),
  op({
    id: 'listVpcChannelsV2',
    method: 'GET',
    path: `${instancePath}/vpc-channels`,
    family,
    tier: 1,
    summary: 'List VPC channels',
    status: 200,
    params: inInstance(),
    query: listQuery(
      'id',
      'name',
      'dict_code',
      'precise_search',
      'member_host',
      'member_port',
      'member_group_name',
      'member_group_id',
      'vpc_channel_type',
    ),
    response: listOf('vpc_channels', Channel),
  }),
  op({
    id: 'showDetailsOfVpcChannelV2',
    method: 'GET',
    path: `${instancePath}/vpc-channels/{vpc_channel_id}`,
    family,
    tier: 1,
    summary: 'Show a VPC channel with its members, groups and health checks',
    status: 200,
    params: inInstance('vpc_channel_id'),
    response: closed({
      ...channel,
      member_groups: Type.Array(MemberGroup),
      members: Type.Array(Member),
      vpc_health_config: Type.Optional(Health),
    }),
    errors: ['APIG.3023'],
  }),
  op({
    id: 'updateVpcChannelV2',
    method: 'PUT',
    path: `${instancePath}/vpc-channels/{vpc_channel_id}`,
    family,
    tier: 1,
    summary: 'Replace a VPC channel with all its members, groups and health checks',
    status: 200,
    params: inInstance('vpc_channel_id'),
    body: ChannelBody,
    response: Channel,
    errors: ['APIG.3023', 'APIG.3208', 'APIG.3414', 'APIG.3458', 'APIG.3719'],
  }),
  op({
    id: 'deleteVpcChannelV2',
    method: 'DELETE',
    path: `${instancePath}/vpc-channels/{vpc_channel_id}`,
    family,
    tier: 1,
    summary: 'Delete a VPC channel that nothing uses',
    status: 204,
    params: inInstance('vpc_channel_id'),
    errors: ['APIG.3023', 'APIG.3414', 'APIG.3710', 'APIG.3719'],
  }),
  op({
    id: 'updateHealthCheck',
    method: 'PUT',
    path: `${instancePath}/vpc-channels/{vpc_channel_id}/health-config`,
    family,
    tier: 1,
    summary: 'Replace the health checks of a VPC channel',
    status: 200,
    params: inInstance('vpc_channel_id'),
    body: HealthBody,
    response: Health,
    errors: ['APIG.3023'],
  }),
] as const
