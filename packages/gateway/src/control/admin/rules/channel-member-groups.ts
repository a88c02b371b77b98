import type { BodyOf, OperationById } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { ChannelMemberGroup, VpcChannel } from '../../documents/vpc-channel.ts'
import { invalid, missing } from '../admin-error.ts'
import { vpcChannelOf } from '../lookup.ts'
import { given } from './given.ts'

export type MemberGroupBody = BodyOf<OperationById<'updateMemberGroup'>>

/** What is stored of groups. One that has the name of a group of the channel keeps its id. Throws AdminError naming the field. */
export function groupsOf(
  bodies: readonly MemberGroupBody[],
  channel: VpcChannel,
  catalog: Catalog,
  now: number,
): readonly ChannelMemberGroup[] {
  const names = new Set<string>()
  return bodies.map((body, index) => {
    const at = `member_groups[${index}].`
    const name = body.member_group_name
    if (names.has(name)) throw invalid(`${at}member_group_name`)
    names.add(name)
    const previous = channel.groups.find(group => group.name === name)
    return groupOf(body, previous, channel, catalog, at, now)
  })
}

/** What is stored of one group, which takes the place of `previous`. */
export function groupOf(
  body: MemberGroupBody,
  previous: ChannelMemberGroup | undefined,
  channel: VpcChannel,
  catalog: Catalog,
  at: string,
  now: number,
): ChannelMemberGroup {
  refuseWrongReference(body.reference_vpc_channel_id, channel, catalog, at)
  return {
    id: previous?.id ?? hexId(),
    name: body.member_group_name,
    remark: body.member_group_remark ?? '',
    ...given({
      weight: body.member_group_weight || undefined,
      dictCode: body.dict_code,
      microserviceVersion: body.microservice_version,
      microservicePort: body.microservice_port || undefined,
      microserviceLabels: labelsOf(body),
      channelId: body.reference_vpc_channel_id,
    }),
    createdAt: previous?.createdAt ?? now,
    updatedAt: now,
  }
}

function labelsOf({ microservice_labels: labels = [] }: MemberGroupBody): ChannelMemberGroup['microserviceLabels'] {
  if (labels.length === 0) return undefined
  return labels.map(({ label_name, label_value }) => ({ label_name, label_value }))
}

/** The groups of a reference channel stand for channels of servers; other groups stand for themselves. */
function refuseWrongReference(id: string | undefined, channel: VpcChannel, catalog: Catalog, at: string): void {
  const field = `${at}reference_vpc_channel_id`
  if (channel.type === 'reference' && id === undefined) throw missing(field)
  if (id === undefined) return
  if (channel.type !== 'reference' || id === channel.id) throw invalid(field)
  if (vpcChannelOf(catalog, channel.instanceId, id).type !== 'builtin') throw invalid(field)
}
