import type { AppAcl } from '../../documents/app-acl.ts'
import { invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { appOf } from '../lookup.ts'
import { isIpEntry } from '../rules/ip-entries.ts'

function appAclView(acl: AppAcl) {
  return { app_id: acl.appId, app_acl_type: acl.type, app_acl_values: [...acl.entries] }
}

export const appAcl = {
  updateAppAcl({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const { id } = appOf(catalog, instance.id, params.app_id)
      const wrong = body.app_acl_values.findIndex(entry => !isIpEntry(entry))
      if (wrong !== -1) throw invalid(`app_acl_values[${wrong}]`)
      const now = clock.now()
      const acl: AppAcl = {
        id,
        instanceId: instance.id,
        appId: id,
        type: body.app_acl_type,
        entries: body.app_acl_values,
        createdAt: catalog.get('app-acl', id)?.createdAt ?? now,
        updatedAt: now,
      }
      return { edits: [{ put: 'app-acl', document: acl }], result: appAclView(acl) }
    })
  },

  /** Clients recognise an app that has none by an object without any field. */
  showDetailsOfAppAcl({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    const acl = catalog.get('app-acl', appOf(catalog, instance.id, params.app_id).id)
    return acl ? appAclView(acl) : {}
  },

  deleteAppAcl({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = appOf(catalog, instance.id, params.app_id)
      return { edits: [{ remove: 'app-acl', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
