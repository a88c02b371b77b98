import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { VpcChannel } from '../../documents/vpc-channel.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { vpcChannelOf } from '../lookup.ts'
import { healthOf } from '../rules/channel-health.ts'
import { apisWith } from '../rules/references.ts'
import { channelOf, refusePluginUses, refuseReferenced, refuseUsedGroups } from '../rules/vpc-channels.ts'
import { channelDetailView, channelView, healthView, memberView } from '../views/vpc-channel.ts'

export const vpcChannels = {
  createVpcChannelV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const bare = { id: hexId(), instanceId: instance.id, createdAt: now, groups: [], members: [] }
      const channel = channelOf(body, bare, catalog, now)
      return { edits: [{ put: 'vpc-channel', document: channel }], result: channelView(channel) }
    })
  },

  listVpcChannelsV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const passes = filterOf(query, catalog)
    const found = belongingTo(catalog, 'vpc-channel', 'instanceId', instance.id).filter(passes)
    return listed('vpc_channels', found, query, channelView)
  },

  showDetailsOfVpcChannelV2({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    return channelDetailView(vpcChannelOf(catalog, instance.id, params.vpc_channel_id), catalog)
  },

  updateVpcChannelV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const channel = channelOf(body, before, catalog, clock.now())
      if (channel.type !== 'builtin') refuseReferenced(catalog, before)
      refuseUsedGroups(catalog, before, new Set(channel.groups.map(({ id }) => id)))
      return { edits: [{ put: 'vpc-channel', document: channel }], result: channelView(channel) }
    })
  },

  deleteVpcChannelV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const channel = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      refuseReferenced(catalog, channel)
      refuseUsedGroups(catalog, channel, new Set())
      if (apisWith(catalog, instance.id, 'vpc_channel_id', channel.id).length > 0) throw new AdminError('APIG.3414')
      refusePluginUses(catalog, channel)
      return { edits: [{ remove: 'vpc-channel', id: channel.id }], result: undefined }
    })
  },

  updateHealthCheck({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const health = healthOf(body, before.health, '', clock.now())
      const channel = { ...before, health }
      return { edits: [{ put: 'vpc-channel', document: channel }], result: healthView(health, channel) }
    })
  },
} satisfies Partial<Handlers>

interface ChannelFilters {
  readonly id?: string
  readonly name?: string
  readonly dict_code?: string
  readonly precise_search?: string
  readonly member_host?: string
  readonly member_port?: string
  readonly member_group_name?: string
  readonly member_group_id?: string
  readonly vpc_channel_type?: string
}

/** A channel passes when it, one of its members, and one of its groups do. */
function filterOf(query: ChannelFilters, catalog: Catalog): (channel: VpcChannel) => boolean {
  const id = exactly(query.id)
  const name = named(query.name, query.precise_search)
  const dictCode = exactly(query.dict_code)
  const type = exactly(query.vpc_channel_type)
  const groupName = named(query.member_group_name, query.precise_search, 'member_group_name')
  const groupId = exactly(query.member_group_id)
  const host = named(query.member_host, query.precise_search, 'member_host')
  const port = exactly(query.member_port)
  const ofMembers = Boolean(query.member_host ?? query.member_port)
  const ofGroups = Boolean(query.member_group_name ?? query.member_group_id)
  return channel =>
    id(channel.id) &&
    name(channel.name) &&
    dictCode(channel.dictCode ?? '') &&
    type(channel.type) &&
    (!ofGroups || channel.groups.some(group => groupName(group.name) && groupId(group.id))) &&
    (!ofMembers ||
      channel.members.some(member => {
        const shown = memberView(member, channel, catalog)
        return host(shown.host) && port(shown.port)
      }))
}
