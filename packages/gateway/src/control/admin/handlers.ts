import { iam } from '../iam/handlers.ts'
import type { Handlers } from './handler.ts'
import { aclBindings } from './handlers/acl-bindings.ts'
import { acls } from './handlers/acls.ts'
import { accounts } from './handlers/accounts.ts'
import { apiGroups } from './handlers/api-groups.ts'
import { apis } from './handlers/apis.ts'
import { appAcl } from './handlers/app-acl.ts'
import { appAuthorization } from './handlers/app-authorization.ts'
import { appCodes } from './handlers/app-codes.ts'
import { appQuotas } from './handlers/app-quotas.ts'
import { appFreezing } from './handlers/app-freezing.ts'
import { apps } from './handlers/apps.ts'
import { authorizers } from './handlers/authorizers.ts'
import { debug } from './handlers/debug.ts'
import { environmentVariables } from './handlers/environment-variables.ts'
import { environments } from './handlers/environments.ts'
import { gatewayResponses } from './handlers/gateway-responses.ts'
import { instanceManagement } from './handlers/instance-management.ts'
import { instanceTags } from './handlers/instance-tags.ts'
import { quotas } from './handlers/quotas.ts'
import { ingressPorts } from './handlers/ingress-ports.ts'
import { aiApiKeys } from './handlers/ai-api-keys.ts'
import { certificateBindings } from './handlers/certificate-bindings.ts'
import { certificates } from './handlers/certificates.ts'
import { cloudOnly, endpointPermissions, besideTheContract } from './handlers/cloud-only.ts'
import { instanceFeatures, apiTags } from './handlers/instance-features.ts'
import { groupDomains } from './handlers/group-domains.ts'
import { iamManagement } from './handlers/iam-management.ts'
import { instances, resourceOutline } from './handlers/instances.ts'
import { openapiFiles } from './handlers/openapi-files.ts'
import { pailou } from './handlers/pailou.ts'
import { orchestrations } from './handlers/orchestrations.ts'
import { pluginBindings } from './handlers/plugin-bindings.ts'
import { plugins } from './handlers/plugins.ts'
import { publish } from './handlers/publish.ts'
import { servers } from './handlers/servers.ts'
import { vpcChannelGroups } from './handlers/vpc-channel-groups.ts'
import { vpcChannelMembers } from './handlers/vpc-channel-members.ts'
import { vpcChannels } from './handlers/vpc-channels.ts'
import { signatureBindings } from './handlers/signature-bindings.ts'
import { signatureKeys } from './handlers/signature-keys.ts'
import { statistics } from './handlers/statistics.ts'
import { throttleBindings } from './handlers/throttle-bindings.ts'
import { throttles, throttleSpecials } from './handlers/throttles.ts'

/** A handler for every operation of the table. */
export const handlers: Handlers = {
  ...instances,
  ...apiGroups,
  ...groupDomains,
  ...certificates,
  ...certificateBindings,
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
  ...pluginBindings,
  ...vpcChannels,
  ...vpcChannelMembers,
  ...vpcChannelGroups,
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
  ...appFreezing,
  ...servers,
}
