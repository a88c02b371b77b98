import { randomBytes } from 'node:crypto'

import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { AppCode } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers, Tools } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed } from '../lists.ts'
import { appCodeOf, appOf } from '../lookup.ts'
import { appCodeView } from '../views/app.ts'

export const codesPerApp = 5

function addCode(instanceId: string, appId: string, value: string, { desk, clock }: Tools) {
  return desk.write(catalog => {
    const app = appOf(catalog, instanceId, appId)
    if (belongingTo(catalog, 'app-code', 'appId', app.id).length >= codesPerApp) throw new AdminError('APIG.3131')
    // A code alone tells traffic which app calls, so no two apps may share one.
    if (catalog.all('app-code').some(({ code }) => code.secret === value)) {
      throw new AdminError('APIG.3309', 'The operation has already been performed: the APP code already exists')
    }
    const code: AppCode = { id: hexId(), instanceId, appId: app.id, code: secret(value), createdAt: clock.now() }
    return { edits: [{ put: 'app-code', document: code }], result: appCodeView(code) }
  })
}

export const appCodes = {
  createAppCodeV2({ params, body, instance }, tools) {
    return addCode(instance.id, params.app_id, body.app_code, tools)
  },

  createAppCodeAutoV2({ params, instance }, tools) {
    return addCode(instance.id, params.app_id, randomBytes(48).toString('base64'), tools)
  },

  listAppCodesV2({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, params.app_id)
    return listed('app_codes', belongingTo(catalog, 'app-code', 'appId', app.id), query, appCodeView)
  },

  showDetailsOfAppCodeV2({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, params.app_id)
    return appCodeView(appCodeOf(catalog, app.id, params.app_code_id))
  },

  deleteAppCodeV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const app = appOf(catalog, instance.id, params.app_id)
      const { id } = appCodeOf(catalog, app.id, params.app_code_id)
      return { edits: [{ remove: 'app-code', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
