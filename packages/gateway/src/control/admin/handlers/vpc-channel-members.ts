import type { Desk } from '../../catalog.ts'
import type { VpcChannel } from '../../documents/vpc-channel.ts'
import { invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { exactly, listed, named } from '../lists.ts'
import { channelMemberOf, vpcChannelOf } from '../lookup.ts'
import { membersOf, withMembers, type MemberBody } from '../rules/channel-members.ts'
import { memberView } from '../views/vpc-channel.ts'

export const vpcChannelMembers = {
  addingBackendInstancesV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const added = membersOf(body.members, before, catalog, clock.now())
      const channel: VpcChannel = { ...before, members: withMembers(before, added) }
      const members = added.map(member => memberView(member, channel, catalog))
      const result = { total: members.length, size: members.length, members }
      return { edits: [{ put: 'vpc-channel', document: channel }], result }
    })
  },

  listBackendInstancesV2({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const channel = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
    const name = named(query.name, query.precise_search)
    const groupName = named(query.member_group_name, query.precise_search, 'member_group_name')
    const groupId = exactly(query.member_group_id)
    const found = channel.members
      .map(member => memberView(member, channel, catalog))
      .filter(member => name(member.ecs_name) && groupName(member.member_group_name) && groupId(member.member_group_id))
    return listed('members', found, query, member => member)
  },

  /** With the name of a group, the members of the others stay as they are, whatever the body says of them. */
  updateBackendInstancesV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const group = body.member_group_name
      const replaced = membersOf(ofGroup(body.members, group), before, catalog, clock.now())
      const stay = { ...before, members: group === undefined ? [] : outside(before, group) }
      const channel: VpcChannel = { ...before, members: withMembers(stay, replaced) }
      const members = channel.members.map(member => memberView(member, channel, catalog))
      const result = { total: members.length, size: members.length, members }
      return { edits: [{ put: 'vpc-channel', document: channel }], result }
    })
  },

  deleteBackendInstanceV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const before = vpcChannelOf(catalog, instance.id, params.vpc_channel_id)
      const gone = channelMemberOf(before, params.member_id)
      const channel: VpcChannel = { ...before, members: before.members.filter(({ id }) => id !== gone.id) }
      return { edits: [{ put: 'vpc-channel', document: channel }], result: undefined }
    })
  },

  batchEnableMembers({ params, body, instance }, { desk }) {
    return setEnabled(desk, instance.id, params.vpc_channel_id, body.member_ids, true)
  },

  batchDisableMembers({ params, body, instance }, { desk }) {
    return setEnabled(desk, instance.id, params.vpc_channel_id, body.member_ids, false)
  },
} satisfies Partial<Handlers>

function ofGroup(members: readonly MemberBody[], group: string | undefined): readonly MemberBody[] {
  if (group === undefined) return members
  return members
    .filter(({ member_group_name }) => member_group_name === undefined || member_group_name === group)
    .map(member => ({ ...member, member_group_name: group }))
}

function outside(channel: VpcChannel, groupName: string): VpcChannel['members'] {
  const group = channel.groups.find(({ name }) => name === groupName)
  if (!group) throw invalid('member_group_name')
  return channel.members.filter(({ groupId }) => groupId !== group.id)
}

/** All of them or, when one is not there, none. */
function setEnabled(
  desk: Desk,
  instanceId: string,
  channelId: string,
  memberIds: readonly string[],
  enabled: boolean,
): Promise<void> {
  return desk.write(catalog => {
    const before = vpcChannelOf(catalog, instanceId, channelId)
    const ids = new Set(memberIds.map(id => channelMemberOf(before, id).id))
    const members = before.members.map(member => (ids.has(member.id) ? { ...member, enabled } : member))
    return { edits: [{ put: 'vpc-channel', document: { ...before, members } }], result: undefined }
  })
}
