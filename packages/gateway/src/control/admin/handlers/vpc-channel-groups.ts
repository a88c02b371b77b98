import type { VpcChannel } from '../../documents/vpc-channel.ts'
import { invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { exactly, listed, named } from '../lists.ts'
import { channelGroupOf, vpcChannelOf } from '../lookup.ts'
import { groupOf, groupsOf } from '../rules/channel-member-groups.ts'
import { refuseUsedGroups } from '../rules/vpc-channels.ts'
import { memberGroupView } from '../views/vpc-channel.ts'

export const vpcChannelGroups = {
  createMemberGroup({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const added = groupsOf(body.member_groups, before, catalog, clock.now())
      const groups = new Map([...before.groups, ...added].map(group => [group.id, group]))
      const channel: VpcChannel = { ...before, groups: [...groups.values()] }
      const member_groups = added.map(memberGroupView)
      const result = { total: member_groups.length, size: member_groups.length, member_groups }
      return { edits: [{ put: 'vpc-channel', document: channel }], result }
    })
  },

  listMemberGroups({ params, query, instance }, { desk }) {
    const channel = vpcChannelOf(desk.catalog(), instance.id, params.vpc_channel_id)
    const name = named(query.member_group_name, query.precise_search, 'member_group_name')
    const dictCode = exactly(query.dict_code)
    const found = channel.groups.filter(group => name(group.name) && dictCode(group.dictCode ?? ''))
    return listed('member_groups', found, query, memberGroupView)
  },

  showDetailsOfMemberGroup({ params, instance }, { desk }) {
    const channel = vpcChannelOf(desk.catalog(), instance.id, params.vpc_channel_id)
    return memberGroupView(channelGroupOf(channel, params.member_group_id))
  },

  /** Members name their group by its id, so a new name changes nothing for them. */
  updateMemberGroup({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const previous = channelGroupOf(before, params.member_group_id)
      const taken = before.groups.some(({ id, name }) => name === body.member_group_name && id !== previous.id)
      if (taken) throw invalid('member_group_name')
      const group = groupOf(body, previous, before, catalog, '', clock.now())
      const groups = before.groups.map(other => (other.id === group.id ? group : other))
      return { edits: [{ put: 'vpc-channel', document: { ...before, groups } }], result: memberGroupView(group) }
    })
  },

  deleteMemberGroup({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const gone = channelGroupOf(before, params.member_group_id)
      const channel: VpcChannel = {
        ...before,
        groups: before.groups.filter(({ id }) => id !== gone.id),
        members: before.members.filter(({ groupId }) => groupId !== gone.id),
      }
      refuseUsedGroups(catalog, before, new Set(channel.groups.map(({ id }) => id)))
      return { edits: [{ put: 'vpc-channel', document: channel }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
