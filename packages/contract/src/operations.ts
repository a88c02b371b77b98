import { aclBindings } from './operations/acl-bindings.ts'
import { acls } from './operations/acls.ts'
import { accounts } from './operations/accounts.ts'
import { apiGroups, groupDomains } from './operations/api-groups.ts'
import { apis } from './operations/apis.ts'
import { appAcl } from './operations/app-acl.ts'
import { appAuthorization } from './operations/app-authorization.ts'
import { appQuotas } from './operations/app-quotas.ts'
import { appCodes, apps } from './operations/apps.ts'
import { authorizers } from './operations/authorizers.ts'
import { debug } from './operations/debug.ts'
import { environmentVariables } from './operations/environment-variables.ts'
import { environments } from './operations/environments.ts'
import { gatewayResponses } from './operations/gateway-responses.ts'
import { iam } from './operations/iam.ts'
import { instanceManagement } from './operations/instance-management.ts'
import { instanceTags } from './operations/instance-tags.ts'
import { quotas } from './operations/quotas.ts'
import { ingressPorts } from './operations/ingress-ports.ts'
import { aiApiKeys } from './operations/ai-api-keys.ts'
import { certificates } from './operations/certificates.ts'
import { cloudOnly, endpointPermissions, besideTheContract } from './operations/cloud-only.ts'
import { instanceFeatures, apiTags } from './operations/instance-features.ts'
import { iamManagement } from './operations/iam-management.ts'
import { instances, resourceOutline } from './operations/instances.ts'
import { openapiFiles } from './operations/openapi-files.ts'
import { pailou } from './operations/pailou.ts'
import { orchestrations } from './operations/orchestrations.ts'
import { plugins } from './operations/plugins.ts'
import { publish } from './operations/publish.ts'
import { servers } from './operations/servers.ts'
import { vpcChannelMembers } from './operations/vpc-channel-members.ts'
import { vpcChannels } from './operations/vpc-channels.ts'
import { signatureBindings, signatureKeys } from './operations/signature-keys.ts'
import { statistics } from './operations/statistics.ts'
import { throttleBindings } from './operations/throttle-bindings.ts'
import { throttles, throttleSpecials } from './operations/throttles.ts'

const table = [
  ...instances,
  ...apiGroups,
  ...groupDomains,
  ...certificates,
  ...environments,
  ...environmentVariables,
  ...apis,
  ...publish,
  ...debug,
  ...statistics,
  ...apps,
  ...appCodes,
  ...appAuthorization,
  ...appQuotas,
  ...appAcl,
  ...throttles,
  ...throttleSpecials,
  ...throttleBindings,
  ...acls,
  ...aclBindings,
  ...signatureKeys,
  ...signatureBindings,
  ...authorizers,
  ...orchestrations,
  ...plugins,
  ...vpcChannels,
  ...vpcChannelMembers,
  ...resourceOutline,
  ...gatewayResponses,
  ...instanceFeatures,
  ...apiTags,
  ...instanceManagement,
  ...instanceTags,
  ...quotas,
  ...ingressPorts,
  ...aiApiKeys,
  ...cloudOnly,
  ...endpointPermissions,
  ...besideTheContract,
  ...openapiFiles,
  ...iam,
  ...iamManagement,
  ...accounts,
  ...pailou,
  ...servers,
] as const

type Described = (typeof table)[number]

/** The admin API, by operation id: what routes, validation, handler types, the OpenAPI document and clients come from. */
export const operations = Object.fromEntries(table.map(operation => [operation.id, operation])) as unknown as {
  readonly [Id in OperationId]: Extract<Described, { readonly id: Id }>
}

export type OperationId = Described['id']
export type Operations = typeof operations
export type OperationById<Id extends OperationId> = Operations[Id]
