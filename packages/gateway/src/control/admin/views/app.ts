import { rfc3339 } from '../../../base/clock.ts'
import type { App, AppCode } from '../../documents/documents.ts'

/** An app with its secret: the contract shows it to whoever may manage the app, and clients store what they read. */
export function appView(app: App) {
  return {
    id: app.id,
    name: app.name,
    remark: app.remark,
    creator: 'USER' as const,
    status: 1 as const,
    app_key: app.key,
    app_secret: app.secret.secret,
    app_type: 'apig' as const,
    register_time: rfc3339(app.createdAt),
    update_time: rfc3339(app.updatedAt),
  }
}

export function appCodeView(code: AppCode) {
  return { id: code.id, app_id: code.appId, app_code: code.code.secret, create_time: rfc3339(code.createdAt) }
}
