import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { AppQuota, AppQuotaBinding } from '../../documents/app-quotas.ts'
import type { App } from '../../documents/documents.ts'
import { belongingTo } from '../index-of.ts'
import { appView } from './app.ts'

export function appQuotaView(quota: AppQuota, catalog: Catalog) {
  return {
    app_quota_id: quota.id,
    name: quota.name,
    call_limits: quota.callLimit,
    time_unit: quota.timeUnit,
    time_interval: quota.timeInterval,
    ...(quota.resetTime !== undefined && { reset_time: quota.resetTime }),
    remark: quota.remark,
    create_time: rfc3339(quota.createdAt),
    bound_app_num: belongingTo(catalog, 'app-quota-binding', 'appQuotaId', quota.id).length,
  }
}

export function appQuotaBindingView(binding: AppQuotaBinding) {
  return { app_quota_id: binding.appQuotaId, app_id: binding.appId, bound_time: rfc3339(binding.createdAt) }
}

/** An app without its secret: lists of quotas are no place for it. */
export function quotaAppView(app: App) {
  const { id, name, status, app_key, remark, register_time, update_time } = appView(app)
  return { app_id: id, name, status, app_key, remark, register_time, update_time }
}

export function boundAppView(app: App, binding: AppQuotaBinding, quota: AppQuota) {
  return { ...quotaAppView(app), ...appQuotaBindingView(binding), app_quota_name: quota.name }
}
