import { adminMessages } from '@pailou/contract'

import type { Catalog } from '../catalog.ts'
import type { Certificate } from '../documents/certificate.ts'
import type { Authorizer } from '../documents/authorizer.ts'
import type { Orchestration } from '../documents/orchestration.ts'
import type { Plugin } from '../documents/plugin.ts'
import type { ChannelMember, ChannelMemberGroup, VpcChannel } from '../documents/vpc-channel.ts'
import type { Api, ApiGroup, ApiVersion, App, AppCode, Domain, Environment } from '../documents/documents.ts'
import { AdminError, refused } from './admin-error.ts'

/** Finds what an id names inside an instance, or throws the 404 that the contract has for it. */

export function groupOf(catalog: Catalog, instanceId: string, id: string): ApiGroup {
  const group = catalog.get('api-group', id)
  if (group?.instanceId !== instanceId) throw refused(adminMessages.notExist('API group', id))
  return group
}

export function apiOf(catalog: Catalog, instanceId: string, id: string): Api {
  const api = catalog.get('api', id)
  if (api?.instanceId !== instanceId) throw refused(adminMessages.notExist('API', id))
  return api
}

export function environmentOf(catalog: Catalog, instanceId: string, id: string): Environment {
  const environment = catalog.get('environment', id)
  if (environment?.instanceId !== instanceId) throw refused(adminMessages.notExist('Environment', id))
  return environment
}

export function appOf(catalog: Catalog, instanceId: string, id: string): App {
  const app = catalog.get('app', id)
  if (app?.instanceId !== instanceId) throw refused(adminMessages.notExist('App', id))
  return app
}

export function versionOf(catalog: Catalog, instanceId: string, id: string): ApiVersion {
  const version = catalog.get('api-version', id)
  if (version?.instanceId !== instanceId) throw refused(adminMessages.versionNotExist(id))
  return version
}

export function appCodeOf(catalog: Catalog, appId: string, id: string): AppCode {
  const code = catalog.get('app-code', id)
  if (code?.appId !== appId) throw new AdminError('APIG.3082')
  return code
}

/** A domain of a group; 3474 when it belongs to another group of the same instance. */
export function domainOf(catalog: Catalog, group: ApiGroup, id: string): Domain {
  const domain = catalog.get('domain', id)
  if (domain?.instanceId !== group.instanceId) throw new AdminError('APIG.3020')
  if (domain.groupId !== group.id) throw new AdminError('APIG.3474')
  return domain
}

/** Certificates belong to a project and not to an instance. */
export function certificateOf(catalog: Catalog, projectId: string, id: string): Certificate {
  const certificate = catalog.get('certificate', id)
  if (certificate?.projectId !== projectId) throw refused(adminMessages.certificateNotFound(id))
  return certificate
}

export function authorizerOf(catalog: Catalog, instanceId: string, id: string): Authorizer {
  const authorizer = catalog.get('authorizer', id)
  if (authorizer?.instanceId !== instanceId) throw refused(adminMessages.authorizerNotFound(id))
  return authorizer
}

export function vpcChannelOf(catalog: Catalog, instanceId: string, id: string): VpcChannel {
  const channel = catalog.get('vpc-channel', id)
  if (channel?.instanceId !== instanceId) throw refused(adminMessages.vpcChannelNotExist(id))
  return channel
}

export function channelMemberOf(channel: VpcChannel, id: string): ChannelMember {
  const member = channel.members.find(member => member.id === id)
  if (!member) throw refused(adminMessages.memberNotExist(id))
  return member
}

/** The contract has no code for a missing group; 3007 is its "no such configuration". */
export function channelGroupOf(channel: VpcChannel, id: string): ChannelMemberGroup {
  const group = channel.groups.find(group => group.id === id)
  if (!group) throw new AdminError('APIG.3007', `The member group of the VPC channel does not exist,id:${id}`)
  return group
}

export function pluginOf(catalog: Catalog, instanceId: string, id: string): Plugin {
  const plugin = catalog.get('plugin', id)
  if (plugin?.instanceId !== instanceId) throw refused(adminMessages.notExist('Plugin', id))
  return plugin
}

export function orchestrationOf(catalog: Catalog, instanceId: string, id: string): Orchestration {
  const orchestration = catalog.get('orchestration', id)
  if (orchestration?.instanceId !== instanceId) throw refused(adminMessages.orchestrationNotExist())
  return orchestration
}
