import { adminMessages, type OperationId } from '@pailou/contract'

import { rfc3339 } from '../../../base/clock.ts'
import { hexId } from '../../../base/ids.ts'
import type { Edit } from '../../catalog.ts'
import { refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed, named } from '../lists.ts'

/** What only a cloud can do. */
const refusedIds = [
  'addEipV2',
  'removeEipV2',
  'addEngressEipV2',
  'updateEngressEipV2',
  'removeEngressEipV2',
  'addIngressEipV2',
  'updateIngressEipV2',
  'removeIngressEipV2',
  'listEndpointConnections',
  'acceptOrRejectEndpointConnections',
  'importMicroservice',
  'createPostPayResizeOrder',
  'createPrepayResize',
  'createOrder',
] as const satisfies readonly OperationId[]

function refusing(id: OperationId): () => never {
  return () => {
    throw refused(adminMessages.notSelfHosted(id))
  }
}

export const cloudOnly = Object.fromEntries(refusedIds.map(id => [id, refusing(id)])) as {
  readonly [Id in (typeof refusedIds)[number]]: () => never
}

export const endpointPermissions = {
  listEndpointPermissions({ query, instance }, { desk }) {
    const wanted = named(query.permission)
    const found = belongingTo(desk.catalog(), 'endpoint-permission', 'instanceId', instance.id).filter(one =>
      wanted(one.permission),
    )
    return listed('permissions', found, query, ({ id, permission, createdAt }) => ({
      id,
      permission,
      created_at: rfc3339(createdAt),
    }))
  },

  /** What is there already stays as it is. */
  addEndpointPermissions({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const there = belongingTo(catalog, 'endpoint-permission', 'instanceId', instance.id).map(one => one.permission)
      const permissions = [...new Set(body.permissions)]
      const edits = permissions
        .filter(permission => !there.includes(permission))
        .map((permission): Edit => {
          const document = { id: hexId(), instanceId: instance.id, permission, createdAt: clock.now() }
          return { put: 'endpoint-permission', document }
        })
      return { edits, result: { permissions } }
    })
  },

  /** What is not there is no error. */
  deleteEndpointPermissions({ body, instance }, { desk }) {
    return desk.write(catalog => {
      const permissions = [...new Set(body.permissions)]
      const edits = belongingTo(catalog, 'endpoint-permission', 'instanceId', instance.id)
        .filter(({ permission }) => permissions.includes(permission))
        .map(({ id }): Edit => ({ remove: 'endpoint-permission', id }))
      return { edits, result: { permissions } }
    })
  },
} satisfies Partial<Handlers>

export const besideTheContract = {
  listExtraElbs() {
    return []
  },
} satisfies Partial<Handlers>
