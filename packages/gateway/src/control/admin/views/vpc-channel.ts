import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type {
  ChannelHealth,
  ChannelMember,
  ChannelMemberGroup,
  Server,
  VpcChannel,
} from '../../documents/vpc-channel.ts'
import { given } from '../rules/given.ts'

/** A channel without its parts, as creating, updating and listing show it. */
export function channelView(channel: VpcChannel) {
  return {
    id: channel.id,
    name: channel.name,
    port: channel.port,
    balance_strategy: channel.balanceStrategy,
    member_type: channel.memberType,
    type: 2 as const,
    vpc_channel_type: channel.type,
    ...given({ dict_code: channel.dictCode }),
    status: 1 as const,
    create_time: rfc3339(channel.createdAt),
  }
}

export function channelDetailView(channel: VpcChannel, catalog: Catalog) {
  return {
    ...channelView(channel),
    member_groups: channel.groups.map(memberGroupView),
    members: channel.members.map(member => memberView(member, channel, catalog)),
    ...(channel.health && { vpc_health_config: healthView(channel.health, channel) }),
  }
}

export function memberView(member: ChannelMember, channel: VpcChannel, catalog: Catalog) {
  const host = hostOf(member, catalog)
  const group = channel.groups.find(({ id }) => id === member.groupId)
  return {
    id: member.id,
    vpc_channel_id: channel.id,
    host,
    ecs_id: member.serverId ?? host,
    ecs_name: member.serverId === undefined ? host : (member.serverName ?? ''),
    weight: member.weight ?? group?.weight ?? 1,
    is_backup: member.isBackup,
    member_group_name: group?.name ?? '',
    member_group_id: member.groupId ?? '',
    status: member.enabled ? (1 as const) : (2 as const),
    port: member.port ?? channel.port,
    // Nobody probes yet.
    health_status: 'unknown' as const,
    create_time: rfc3339(member.createdAt),
  }
}

function hostOf({ host, serverId }: ChannelMember, catalog: Catalog): string {
  return host ?? (serverId === undefined ? '' : (catalog.get('server', serverId)?.address ?? ''))
}

export function memberGroupView(group: ChannelMemberGroup) {
  return {
    member_group_id: group.id,
    member_group_name: group.name,
    member_group_remark: group.remark,
    ...given({
      member_group_weight: group.weight,
      dict_code: group.dictCode,
      microservice_version: group.microserviceVersion,
      microservice_port: group.microservicePort,
      microservice_labels: group.microserviceLabels,
      reference_vpc_channel_id: group.channelId,
    }),
    create_time: rfc3339(group.createdAt),
    update_time: rfc3339(group.updatedAt),
  }
}

export function healthView(health: ChannelHealth, channel: VpcChannel) {
  return {
    protocol: health.protocol,
    threshold_normal: health.thresholdNormal,
    threshold_abnormal: health.thresholdAbnormal,
    time_interval: health.interval,
    ...given({
      timeout: health.timeout,
      path: health.path,
      method: health.method,
      port: health.port,
      http_code: health.statusCodes,
      enable_client_ssl: health.clientCertificate,
    }),
    status: health.enabled ? (1 as const) : (2 as const),
    id: health.id,
    vpc_channel_id: channel.id,
    create_time: rfc3339(health.createdAt),
  }
}

export function serverView({ id, address, createdAt }: Server) {
  return { server_id: id, address, create_time: rfc3339(createdAt) }
}
