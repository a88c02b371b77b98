import { isIP } from 'node:net'

import type { BodyOf, OperationById } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { ChannelMember, VpcChannel } from '../../documents/vpc-channel.ts'
import { AdminError, invalid, missing } from '../admin-error.ts'
import { given } from './given.ts'
import { isBackendAddress } from './hosts.ts'

export type MemberBody = BodyOf<OperationById<'addingBackendInstancesV2'>>['members'][number]

/**
 * What is stored of members. One that has the address and the group of a member of the channel passes for it and
 * keeps its id; of several with one address the first counts. Throws AdminError naming the field.
 */
export function membersOf(
  bodies: readonly MemberBody[],
  channel: VpcChannel,
  catalog: Catalog,
  now: number,
): readonly ChannelMember[] {
  // Who has only groups that stand for other channels leaves members to those.
  if (bodies.length > 0 && channel.type === 'reference') throw new AdminError('APIG.3471')
  const previous = new Map(channel.members.map(member => [addressOf(member, channel), member]))
  const members = new Map<string, ChannelMember>()
  for (const [index, body] of bodies.entries()) {
    const member = memberOf(body, `members[${index}]`, channel, catalog, now)
    const address = addressOf(member, channel)
    if (members.has(address)) continue
    const { id, createdAt } = previous.get(address) ?? member
    members.set(address, { ...member, id, createdAt })
  }
  return [...members.values()]
}

/** The members of a channel after these have been added; one with the address of another takes its place. */
export function withMembers(channel: VpcChannel, added: readonly ChannelMember[]): readonly ChannelMember[] {
  const all = new Map([...channel.members, ...added].map(member => [addressOf(member, channel), member]))
  return [...all.values()]
}

/** What tells members apart: one server may stand in two groups, each with a weight of its own. */
function addressOf({ groupId, host, serverId, port }: ChannelMember, channel: VpcChannel): string {
  return `${groupId} ${host?.toLowerCase() ?? serverId} ${port ?? channel.port}`
}

function memberOf(body: MemberBody, at: string, channel: VpcChannel, catalog: Catalog, now: number): ChannelMember {
  return {
    id: hexId(),
    ...(channel.memberType === 'ip' ? byHost(body, at) : byServer(body, at, catalog)),
    ...given({ port: body.port || undefined, weight: body.weight, groupId: groupIdOf(body, at, channel) }),
    isBackup: body.is_backup ?? false,
    enabled: body.status !== 2,
    createdAt: now,
  }
}

function byHost({ host }: MemberBody, at: string): Pick<ChannelMember, 'host'> {
  if (host === undefined) throw missing(`${at}.host`)
  if (!isHost(host)) throw invalid(`${at}.host`)
  return { host }
}

function byServer(body: MemberBody, at: string, catalog: Catalog): Pick<ChannelMember, 'serverId' | 'serverName'> {
  if (body.ecs_id === undefined) throw missing(`${at}.ecs_id`)
  // Nobody but us knows where a server is: an id without an address could never be called.
  if (catalog.get('server', body.ecs_id) === undefined) throw invalid(`${at}.ecs_id`)
  return { serverId: body.ecs_id, ...given({ serverName: body.ecs_name }) }
}

function groupIdOf(body: MemberBody, at: string, channel: VpcChannel): string | undefined {
  if (body.member_group_name === undefined) return undefined
  const group = channel.groups.find(({ name }) => name === body.member_group_name)
  if (!group) throw invalid(`${at}.member_group_name`)
  return group.id
}

/** A host name or an IP address, without a port and without variables. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (/^[^:#[\]]+$/.test(text) && isBackendAddress(text))
}
