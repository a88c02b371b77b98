import type { BodyOf, OperationById } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { VpcChannel } from '../../documents/vpc-channel.ts'
import { AdminError, unsupported } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'
import { groupsOf } from './channel-member-groups.ts'
import { healthOf } from './channel-health.ts'
import { membersOf } from './channel-members.ts'
import { given } from './given.ts'
import { channelsIn } from './plugins/plugin-content.ts'
import { apisWith } from './references.ts'

export type ChannelBody = BodyOf<OperationById<'createVpcChannelV2'>>

/** As much of a channel as there is before anybody has said anything of it. */
export type Bare = Pick<VpcChannel, 'id' | 'instanceId' | 'createdAt' | 'groups' | 'members' | 'health'>

/**
 * What is stored of a channel: the body, checked, in the place of `previous`. Groups and members that stay keep their
 * ids; what the body leaves out is gone. Throws AdminError naming the field.
 */
export function channelOf(body: ChannelBody, previous: Bare, catalog: Catalog, now: number): VpcChannel {
  const outline: VpcChannel = {
    id: previous.id,
    instanceId: previous.instanceId,
    name: body.name,
    type: typeOf(body),
    memberType: body.member_type ?? 'ecs',
    port: body.port,
    balanceStrategy: body.balance_strategy,
    ...given({ dictCode: body.dict_code }),
    groups: previous.groups,
    members: previous.members,
    createdAt: previous.createdAt,
  }
  const taken = belongingTo(catalog, 'vpc-channel', 'instanceId', outline.instanceId).some(
    other => other.name === outline.name && other.id !== outline.id,
  )
  if (taken) throw new AdminError('APIG.3208')
  const health = body.vpc_health_config && healthOf(body.vpc_health_config, previous.health, 'vpc_health_config.', now)
  const grouped = {
    ...outline,
    ...given({ health }),
    groups: groupsOf(body.member_groups ?? [], outline, catalog, now),
  }
  return { ...grouped, members: membersOf(body.members ?? [], grouped, catalog, now) }
}

/** Registries of microservices are the cloud's. */
function typeOf(body: ChannelBody): VpcChannel['type'] {
  if (body.vpc_channel_type === 'microservice') throw unsupported('vpc_channel_type')
  if (body.vpc_channel_type === undefined && body.type === 3) throw unsupported('type')
  if (Object.keys(body.microservice_info ?? {}).length > 0) throw unsupported('microservice_info')
  return body.vpc_channel_type ?? 'builtin'
}

/** Throws when a group of another channel stands for this one. */
export function refuseReferenced(catalog: Catalog, channel: VpcChannel): void {
  const referenced = belongingTo(catalog, 'vpc-channel', 'instanceId', channel.instanceId).some(({ groups }) =>
    groups.some(({ channelId }) => channelId === channel.id),
  )
  if (referenced) throw new AdminError('APIG.3719')
}

/** Throws when one of these groups is going while an API names it. */
export function refuseUsedGroups(catalog: Catalog, channel: VpcChannel, kept: ReadonlySet<string>): void {
  const going = channel.groups.filter(({ id }) => !kept.has(id))
  if (going.some(({ id }) => apisWith(catalog, channel.instanceId, 'member_group_id', id).length > 0))
    throw new AdminError('APIG.3414')
}

/** Throws when a plug-in calls through the channel. Contents have been read once already, so they can be read again. */
export function refusePluginUses(catalog: Catalog, channel: VpcChannel): void {
  const user = belongingTo(catalog, 'plugin', 'instanceId', channel.instanceId).find(({ content }) =>
    channelsIn(JSON.parse(content.secret)).includes(channel.id),
  )
  if (user) throw new AdminError('APIG.3710', `The VPC channel is being used by another ${user.type} plugin`)
}
