import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { App } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { appOf } from '../lookup.ts'
import { appView } from '../views/app.ts'
import { appBelongings } from '../../documents/bindings.ts'

/** A name is taken inside the instance; a key everywhere, since it alone tells traffic which app calls. */
function refuseTaken(catalog: Catalog, app: App): void {
  for (const other of catalog.all('app')) {
    if (other.id === app.id) continue
    if (other.instanceId === app.instanceId && other.name === app.name) throw new AdminError('APIG.3203')
    if (other.key === app.key) throw new AdminError('APIG.3310')
  }
}

export const apps = {
  createAnAppV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const app: App = {
        id: hexId(),
        instanceId: instance.id,
        name: body.name,
        remark: body.remark ?? '',
        key: body.app_key ?? hexId(),
        secret: secret(body.app_secret ?? hexId()),
        createdAt: now,
        updatedAt: now,
      }
      refuseTaken(catalog, app)
      return { edits: [{ put: 'app', document: app }], result: appView(app) }
    })
  },

  listAppsV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const id = exactly(query.id)
    const name = named(query.name, query.precise_search)
    const key = exactly(query.app_key)
    const status = exactly(query.status)
    const creator = exactly(query.creator)
    const found = belongingTo(catalog, 'app', 'instanceId', instance.id).filter(
      app => id(app.id) && name(app.name) && key(app.key) && status(1) && creator('USER'),
    )
    return listed('apps', found, query, app => ({
      ...appView(app),
      bind_num: belongingTo(catalog, 'app-authorization', 'appId', app.id).length,
    }))
  },

  showDetailsOfAppV2({ params, instance }, { desk }) {
    return appView(appOf(desk.catalog(), instance.id, params.app_id))
  },

  /** Replaces the name and the remark. A key or a secret that is left out stays: to lose it would lock callers out. */
  updateAppV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = appOf(catalog, instance.id, params.app_id)
      const app: App = {
        ...before,
        name: body.name,
        remark: body.remark ?? '',
        key: body.app_key ?? before.key,
        secret: body.app_secret ? secret(body.app_secret) : before.secret,
        updatedAt: clock.now(),
      }
      refuseTaken(catalog, app)
      return { edits: [{ put: 'app', document: app }], result: appView(app) }
    })
  },

  deleteAppV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = appOf(catalog, instance.id, params.app_id)
      const left = appBelongings.flatMap(kind =>
        belongingTo(catalog, kind, 'appId', id).map((document): Edit => ({ remove: kind, id: document.id })),
      )
      return { edits: [...left, { remove: 'app', id }], result: undefined }
    })
  },

  resettingAppSecretV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = appOf(catalog, instance.id, params.app_id)
      const app: App = { ...before, secret: secret(body.app_secret ?? hexId()), updatedAt: clock.now() }
      return { edits: [{ put: 'app', document: app }], result: appView(app) }
    })
  },

  checkAppV2({ params, instance }, { desk }) {
    const { id, name, remark } = appOf(desk.catalog(), instance.id, params.app_id)
    return { id, name, remark }
  },
} satisfies Partial<Handlers>
