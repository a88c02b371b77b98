import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { DocumentKind, Documents, Instance } from '../../documents/documents.ts'
import { versionsKept } from '../../publish.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed } from '../lists.ts'
import { parameterLimit } from '../rules/parameters.ts'
import { codesPerApp } from './app-codes.ts'
import { variablesPerPlace } from './environment-variables.ts'
import { responsesPerGroup } from './gateway-responses.ts'
import { domainsPerGroup } from './group-domains.ts'

/** What stands where this gateway sets no limit: clients want a number. */
const unlimited = 2_147_483_647

type Count = (catalog: Catalog, instance: Instance) => number

interface Quota {
  readonly name: string
  readonly remark: string
  readonly value: string
  readonly used: Count
}

type OfInstance = {
  [K in DocumentKind]: Documents[K] extends { readonly instanceId: string } ? K : never
}[DocumentKind]

function documents(catalog: Catalog, kind: OfInstance, instance: Instance) {
  return belongingTo(catalog, kind, 'instanceId' as never, instance.id)
}

/** How many of a kind an instance has. */
const all =
  (kind: OfInstance): Count =>
  (catalog, instance) =>
    documents(catalog, kind, instance).length

/** How many of a kind the fullest of what they belong to has. */
const most =
  (kind: OfInstance, ...fields: readonly string[]): Count =>
  (catalog, instance) => {
    const owner = (document: object) => fields.map(field => (document as Record<string, unknown>)[field]).join('/')
    const counts = [...Map.groupBy(documents(catalog, kind, instance), owner).values()].map(({ length }) => length)
    return Math.max(0, ...counts)
  }

const none: Count = () => 0

const limit = (name: string, remark: string, value: number, used: Count = none): Quota => {
  return { name, remark, value: String(value), used }
}

const turned = (name: string, remark: string, on: boolean): Quota => {
  return { name, remark: `${remark} 1: on, 2: off.`, value: on ? '1' : '2', used: none }
}

const longestParameters: Count = (catalog, instance) =>
  Math.max(0, ...belongingTo(catalog, 'api', 'instanceId', instance.id).map(api => api.definition.req_params.length))

const mostTags: Count = (catalog, instance) =>
  Math.max(0, ...belongingTo(catalog, 'api', 'instanceId', instance.id).map(api => api.definition.tags.length))

/** Every quota that the contract knows. Those of what this gateway does not have are unlimited, or off. */
const quotasOfInstance: readonly Quota[] = [
  limit('API_NUM_LIMIT', 'APIs', unlimited, all('api')),
  limit('APP_NUM_LIMIT', 'Apps', unlimited, all('app')),
  limit('APIGROUP_NUM_LIMIT', 'API groups', unlimited, all('api-group')),
  limit('ENVIRONMENT_NUM_LIMIT', 'Environments', unlimited, all('environment')),
  limit(
    'VARIABLE_NUM_LIMIT',
    'Variables of an API group in an environment',
    variablesPerPlace,
    most('environment-variable', 'groupId', 'environmentId'),
  ),
  limit('SIGN_NUM_LIMIT', 'Signature keys', unlimited, all('signature-key')),
  limit('THROTTLE_NUM_LIMIT', 'Request throttling policies', unlimited, all('throttle')),
  limit('APIGROUP_DOMAIN_NUM_LIMIT', 'Independent domains of an API group', domainsPerGroup, most('domain', 'groupId')),
  limit(
    'API_VERSION_NUM_LIMIT',
    'Versions that are kept of an API in an environment',
    versionsKept,
    most('api-version', 'apiId', 'environmentId'),
  ),
  limit('VPC_NUM_LIMIT', 'Channels', unlimited, all('vpc-channel')),
  limit('VPC_INSTANCE_NUM_LIMIT', 'Members of a channel', unlimited),
  limit('API_PARAM_NUM_LIMIT', 'Request parameters of an API', parameterLimit, longestParameters),
  limit('API_USER_CALL_LIMIT', 'Requests to an API without a throttling policy', unlimited),
  limit('ACL_NUM_LIMIT', 'Access control policies', unlimited, all('acl')),
  limit('APP_THROTTLE_LIMIT', 'Excluded apps of a throttling policy', unlimited),
  limit('USER_THROTTLE_LIMIT', 'Excluded users of a throttling policy', unlimited),
  limit('API_NUM_LIMIT_PER_GROUP', 'APIs of an API group', unlimited, most('api', 'groupId')),
  limit('API_POLICY_NUM_LIMIT', 'Backend policies of an API', unlimited),
  limit('API_CONDITION_NUM_LIMIT', 'Conditions of a backend policy', unlimited),
  limit('SL_DOMAIN_CALL_LIMIT', 'Requests to a debugging domain', unlimited),
  turned('ELB_SWITCH', 'Channels of a load balancer.', false),
  limit('AUTHORIZER_NUM_LIMIT', 'Custom authorizers', unlimited, all('authorizer')),
  limit('AUTHORIZER_IDENTITY_NUM_LIMIT', 'Identity sources of a custom authorizer', unlimited),
  limit('APP_CODE_NUM_LIMIT', 'AppCodes of an app', codesPerApp, most('app-code', 'appId')),
  { name: 'REGION_MANAGER_WHITELIST_SERVICES', remark: 'Of a cloud; empty here', value: '', used: none },
  limit('API_SWAGGER_NUM_LIMIT', 'Documents of an API group', unlimited),
  limit('API_TAG_NUM_LIMIT', 'Tags of an API', 10, mostTags),
  turned('LTS_SWITCH', 'Log tank service.', false),
  turned('APP_KEY_SECRET_SWITCH', 'Keys and secrets of apps that their owner chooses.', true),
  limit(
    'RESPONSE_NUM_LIMIT',
    'Gateway responses of an API group besides the default one',
    responsesPerGroup,
    most('gateway-response', 'groupId'),
  ),
  limit('CONFIG_NUM_LIMIT_PER_APP', 'Configurations of an app', unlimited),
  turned('BACKEND_TOKEN_ALLOW_SWITCH', 'Tokens that travel on to the backend.', false),
  turned('APP_TOKEN_SWITCH', 'Authentication by app token.', false),
  turned('API_DESIGNER_SWITCH', 'API designer.', false),
  turned('APP_API_KEY_SWITCH', 'Authentication by API key.', false),
  turned('APP_BASIC_SWITCH', 'Basic authentication of apps.', false),
  turned('APP_JWT_SWITCH', 'Authentication of apps by JWT.', false),
  turned('APP_ROUTE_SWITCH', 'Access by IP address.', false),
  turned('PUBLIC_KEY_SWITCH', 'Backend signatures of the type public_key.', false),
  turned('APP_SECRET_SWITCH', 'Authentication by app secret.', false),
  turned('CASCADE_SWITCH', 'Cascaded gateways.', false),
  turned('IS_INIT_API_PATH_HASH', 'A migration of a cloud.', false),
  limit('PLUGIN_NUM_LIMIT', 'Plug-ins', unlimited, all('plugin')),
]

export const quotas = {
  listInstanceConfigsV2({ query, project }, { desk }) {
    const instances = belongingTo(desk.catalog(), 'instance', 'projectId', project.id).length
    const config = {
      config_id: '1',
      config_name: 'INSTANCE_NUM_LIMIT',
      config_value: String(unlimited),
      config_time: project.createdAt,
      remark: 'Instances',
      used: instances,
    }
    return listed('configs', [config], query, one => one)
  },

  listProjectCofigsV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const numbered = quotasOfInstance.map((quota, index) => ({ quota, id: String(index + 1) }))
    return listed('configs', numbered, query, ({ quota: { name, remark, value, used }, id }) => ({
      config_id: id,
      config_name: name,
      config_value: value,
      config_time: rfc3339(instance.createdAt),
      remark,
      used: used(catalog, instance),
    }))
  },
} satisfies Partial<Handlers>
