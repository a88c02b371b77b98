import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Remark, Time } from '../schema.ts'
import { Ids } from './published-api.ts'

const family = 'app quotas'

const Limit = Type.Integer({ minimum: 1, maximum: 2147483647 })
const TimeUnit = Type.Enum(['SECOND', 'MINUTE', 'HOUR', 'DAY'])

/** `YYYY-MM-DD HH:MM:SS`: when the first cycle begins; without one, with the first call. */
const ResetTime = Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$' }))

const QuotaBody = Type.Object({
  name: Type.String({
    pattern: '^[A-Za-z\\u4e00-\\u9fff][A-Za-z0-9_\\u4e00-\\u9fff]*$',
    minLength: 3,
    maxLength: 255,
  }),
  call_limits: Limit,
  time_unit: TimeUnit,
  time_interval: Limit,
  reset_time: ResetTime,
  remark: Remark,
})

const quota = {
  app_quota_id: Id,
  name: Type.String(),
  call_limits: Limit,
  time_unit: TimeUnit,
  time_interval: Limit,
  reset_time: ResetTime,
  remark: Type.String(),
  create_time: Time,
  bound_app_num: Type.Integer({ minimum: 0 }),
}

const Quota = closed(quota)

const app = {
  app_id: Id,
  name: Type.String(),
  /** 1: valid. */
  status: Type.Integer(),
  app_key: Type.String(),
  remark: Type.String(),
  register_time: Time,
  update_time: Time,
}

export const appQuotas = [
  op({
    id: 'createAppQuota',
    method: 'POST',
    path: `${instancePath}/app-quotas`,
    family,
    tier: 1,
    summary: 'Create an app quota: so many calls of an app in each cycle',
    status: 201,
    params: inInstance(),
    body: QuotaBody,
    response: Quota,
    errors: ['APIG.3325'],
  }),
  op({
    id: 'listAppQuotas',
    method: 'GET',
    path: `${instancePath}/app-quotas`,
    family,
    tier: 1,
    summary: 'List app quotas',
    status: 200,
    params: inInstance(),
    query: listQuery('name'),
    response: listOf('quotas', Quota),
  }),
  op({
    id: 'showAppQuota',
    method: 'GET',
    path: `${instancePath}/app-quotas/{app_quota_id}`,
    family,
    tier: 1,
    summary: 'Show an app quota',
    status: 200,
    params: inInstance('app_quota_id'),
    response: Quota,
    errors: ['APIG.3093'],
  }),
  op({
    id: 'updateAppQuota',
    method: 'PUT',
    path: `${instancePath}/app-quotas/{app_quota_id}`,
    family,
    tier: 1,
    summary: 'Replace an app quota; its apps stay bound',
    status: 200,
    params: inInstance('app_quota_id'),
    body: QuotaBody,
    response: Quota,
    errors: ['APIG.3093', 'APIG.3325'],
  }),
  op({
    id: 'deleteAppQuota',
    method: 'DELETE',
    path: `${instancePath}/app-quotas/{app_quota_id}`,
    family,
    tier: 1,
    summary: 'Delete an app quota; its apps are without one afterwards',
    status: 204,
    params: inInstance('app_quota_id'),
    errors: ['APIG.3093'],
  }),
  op({
    id: 'associateAppsForAppQuota',
    method: 'POST',
    path: `${instancePath}/app-quotas/{app_quota_id}/binding-apps`,
    family,
    tier: 1,
    summary: 'Bind an app quota to apps, each of which must have no other',
    status: 201,
    params: inInstance('app_quota_id'),
    body: Type.Object({ app_ids: Ids }),
    response: closed({ applies: Type.Array(closed({ app_quota_id: Id, app_id: Id, bound_time: Time })) }),
    errors: ['APIG.3004', 'APIG.3093', 'APIG.3309'],
  }),
  op({
    id: 'listAppQuotaBindableApps',
    method: 'GET',
    path: `${instancePath}/app-quotas/{app_quota_id}/bindable-apps`,
    family,
    tier: 1,
    summary: 'List the apps that have no app quota',
    status: 200,
    params: inInstance('app_quota_id'),
    query: listQuery('app_name'),
    response: listOf('apps', closed(app)),
    errors: ['APIG.3093'],
  }),
  op({
    id: 'listAppQuotaBoundApps',
    method: 'GET',
    path: `${instancePath}/app-quotas/{app_quota_id}/bound-apps`,
    family,
    tier: 1,
    summary: 'List the apps to which an app quota is bound',
    status: 200,
    params: inInstance('app_quota_id'),
    query: listQuery('app_name'),
    response: listOf('apps', closed({ ...app, app_quota_id: Id, app_quota_name: Type.String(), bound_time: Time })),
    errors: ['APIG.3093'],
  }),
  op({
    id: 'disassociateAppQuotaWithApp',
    method: 'DELETE',
    path: `${instancePath}/app-quotas/{app_quota_id}/bound-apps/{app_id}`,
    family,
    tier: 1,
    summary: 'Unbind an app quota from an app',
    status: 204,
    params: inInstance('app_quota_id', 'app_id'),
    errors: ['APIG.3004', 'APIG.3007', 'APIG.3093'],
  }),
  op({
    id: 'showAppBoundAppQuota',
    method: 'GET',
    path: `${instancePath}/apps/{app_id}/bound-quota`,
    family,
    tier: 1,
    summary: 'Show the app quota of an app: an empty object when it has none',
    status: 200,
    params: inInstance('app_id'),
    response: Type.Partial(Quota, { additionalProperties: false }),
    errors: ['APIG.3004'],
  }),
] as const
