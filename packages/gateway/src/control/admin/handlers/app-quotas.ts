import { adminMessages } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { AppQuota, AppQuotaBinding } from '../../documents/app-quotas.ts'
import { AdminError, refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed, named } from '../lists.ts'
import { appOf } from '../lookup.ts'
import { appQuotaSettings, refuseTakenAppQuota } from '../rules/app-quotas.ts'
import { appQuotaBindingView, appQuotaView, boundAppView, quotaAppView } from '../views/app-quota.ts'

function appQuotaOf(catalog: Catalog, instanceId: string, id: string): AppQuota {
  const quota = catalog.get('app-quota', id)
  if (quota?.instanceId !== instanceId) throw refused(adminMessages.notExist('App quota', id))
  return quota
}

function bindingOf(catalog: Catalog, appId: string): AppQuotaBinding | undefined {
  return belongingTo(catalog, 'app-quota-binding', 'appId', appId)[0]
}

export const appQuotas = {
  createAppQuota({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const quota: AppQuota = {
        id: hexId(),
        instanceId: instance.id,
        ...appQuotaSettings(body),
        createdAt: now,
        updatedAt: now,
      }
      refuseTakenAppQuota(catalog, quota)
      return { edits: [{ put: 'app-quota', document: quota }], result: appQuotaView(quota, catalog) }
    })
  },

  listAppQuotas({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const name = named(query.name)
    const found = belongingTo(catalog, 'app-quota', 'instanceId', instance.id).filter(quota => name(quota.name))
    return listed('quotas', found, query, quota => appQuotaView(quota, catalog))
  },

  showAppQuota({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    return appQuotaView(appQuotaOf(catalog, instance.id, params.app_quota_id), catalog)
  },

  updateAppQuota({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const { id, instanceId, createdAt } = appQuotaOf(catalog, instance.id, params.app_quota_id)
      const quota: AppQuota = { id, instanceId, createdAt, ...appQuotaSettings(body), updatedAt: clock.now() }
      refuseTakenAppQuota(catalog, quota)
      return { edits: [{ put: 'app-quota', document: quota }], result: appQuotaView(quota, catalog) }
    })
  },

  deleteAppQuota({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = appQuotaOf(catalog, instance.id, params.app_quota_id)
      const bindings = belongingTo(catalog, 'app-quota-binding', 'appQuotaId', id)
      return {
        edits: [
          ...bindings.map((binding): Edit => ({ remove: 'app-quota-binding', id: binding.id })),
          { remove: 'app-quota', id },
        ],
        result: undefined,
      }
    })
  },

  /** All of these apps or none. One that has this quota already keeps it as it is. */
  associateAppsForAppQuota({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const quota = appQuotaOf(catalog, instance.id, params.app_quota_id)
      const edits: Edit[] = []
      const applies = [...new Set(body.app_ids)].map(id => {
        const app = appOf(catalog, instance.id, id)
        const before = bindingOf(catalog, app.id)
        if (before?.appQuotaId === quota.id) return appQuotaBindingView(before)
        if (before) {
          throw new AdminError(
            'APIG.3309',
            `The operation has already been performed: the app ${app.id} already has an app quota`,
          )
        }
        const binding: AppQuotaBinding = {
          id: hexId(),
          instanceId: instance.id,
          appQuotaId: quota.id,
          appId: app.id,
          createdAt: clock.now(),
        }
        edits.push({ put: 'app-quota-binding', document: binding })
        return appQuotaBindingView(binding)
      })
      return { edits, result: { applies } }
    })
  },

  listAppQuotaBindableApps({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    appQuotaOf(catalog, instance.id, params.app_quota_id)
    const name = named(query.app_name)
    const found = belongingTo(catalog, 'app', 'instanceId', instance.id).filter(
      app => name(app.name) && !bindingOf(catalog, app.id),
    )
    return listed('apps', found, query, quotaAppView)
  },

  listAppQuotaBoundApps({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const quota = appQuotaOf(catalog, instance.id, params.app_quota_id)
    const name = named(query.app_name)
    const found = belongingTo(catalog, 'app-quota-binding', 'appQuotaId', quota.id).flatMap(binding => {
      const app = catalog.get('app', binding.appId)
      return app && name(app.name) ? [{ app, binding }] : []
    })
    return listed('apps', found, query, ({ app, binding }) => boundAppView(app, binding, quota))
  },

  disassociateAppQuotaWithApp({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const quota = appQuotaOf(catalog, instance.id, params.app_quota_id)
      const app = appOf(catalog, instance.id, params.app_id)
      const binding = bindingOf(catalog, app.id)
      if (binding?.appQuotaId !== quota.id) throw new AdminError('APIG.3007')
      return { edits: [{ remove: 'app-quota-binding', id: binding.id }], result: undefined }
    })
  },

  showAppBoundAppQuota({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, params.app_id)
    const quota = catalog.get('app-quota', bindingOf(catalog, app.id)?.appQuotaId ?? '')
    return quota ? appQuotaView(quota, catalog) : {}
  },
} satisfies Partial<Handlers>
