import { randomBytes } from 'node:crypto'

import { rfc3339 } from '../../../base/clock.ts'
import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog } from '../../catalog.ts'
import type { AiApiKey } from '../../documents/ai-api-key.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed } from '../lists.ts'
import { appOf } from '../lookup.ts'

function keyOf(catalog: Catalog, appId: string, id: string): AiApiKey {
  const key = catalog.get('ai-api-key', id)
  if (key?.appId !== appId) throw new AdminError('APIG.3007', `AI API key ${id} does not exist`)
  return key
}

function keyView({ id, appId, key, alias, createdAt }: AiApiKey) {
  return { id, app_id: appId, ai_api_key: key.secret, alias, create_time: rfc3339(createdAt) }
}

export const aiApiKeys = {
  listAiApiKeys({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const app = appOf(catalog, instance.id, params.app_id)
    return listed('ai_api_keys', belongingTo(catalog, 'ai-api-key', 'appId', app.id), query, keyView)
  },

  createAiApiKey({ params, body, instance }, { desk, clock }) {
    const value = body.ai_api_key ?? randomBytes(48).toString('base64url')
    return desk.write(catalog => {
      const app = appOf(catalog, instance.id, params.app_id)
      // A key alone says which app calls, so no two apps may share one.
      if (catalog.all('ai-api-key').some(({ key }) => key.secret === value)) {
        throw new AdminError('APIG.3309', 'The operation has already been performed: the AI API key already exists')
      }
      const key: AiApiKey = {
        id: hexId(),
        instanceId: instance.id,
        appId: app.id,
        key: secret(value),
        alias: body.alias ?? '',
        createdAt: clock.now(),
      }
      return { edits: [{ put: 'ai-api-key', document: key }], result: keyView(key) }
    })
  },

  showDetailsOfAiApiKey({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    return keyView(keyOf(catalog, appOf(catalog, instance.id, params.app_id).id, params.ai_api_key_id))
  },

  deleteAiApiKey({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = keyOf(catalog, appOf(catalog, instance.id, params.app_id).id, params.ai_api_key_id)
      return { edits: [{ remove: 'ai-api-key', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
