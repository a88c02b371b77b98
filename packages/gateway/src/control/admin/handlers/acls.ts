import { adminMessages } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Acl } from '../../documents/acls.ts'
import { AdminError, invalid, refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { aclSettings, refuseTakenAcl } from '../rules/acls.ts'
import { aclListView, aclView } from '../views/acl.ts'

export function aclOf(catalog: Catalog, instanceId: string, id: string): Acl {
  const acl = catalog.get('acl', id)
  if (acl?.instanceId !== instanceId) throw refused(adminMessages.notExist('Access control policy', id))
  return acl
}

/** The edit that deletes a policy. Throws AdminError 3447 while it is bound. */
function deletion(catalog: Catalog, { id }: Acl): Edit {
  if (belongingTo(catalog, 'acl-binding', 'aclId', id).length > 0) throw new AdminError('APIG.3447')
  return { remove: 'acl', id }
}

export const acls = {
  createAclStrategyV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const acl: Acl = { id: hexId(), instanceId: instance.id, ...aclSettings(body), createdAt: now, updatedAt: now }
      refuseTakenAcl(catalog, acl)
      return { edits: [{ put: 'acl', document: acl }], result: aclView(acl) }
    })
  },

  listAclStrategiesV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const id = exactly(query.id)
    const name = named(query.name, query.precise_search)
    const type = exactly(query.acl_type)
    const entityType = exactly(query.entity_type)
    const found = belongingTo(catalog, 'acl', 'instanceId', instance.id).filter(
      acl => id(acl.id) && name(acl.name) && type(acl.type) && entityType(acl.entityType),
    )
    return listed('acls', found, query, acl => aclListView(acl, catalog))
  },

  batchDeleteAclV2({ body, instance }, { desk }) {
    return desk.write(catalog => {
      const edits: Edit[] = []
      const failure = [...new Set(body.acls)].flatMap(id => {
        try {
          edits.push(deletion(catalog, aclOf(catalog, instance.id, id)))
          return []
        } catch (error) {
          if (!(error instanceof AdminError)) throw error
          const acl_name = error.code === 'APIG.3447' ? (catalog.get('acl', id)?.name ?? '') : ''
          return [{ acl_id: id, acl_name, error_code: error.code, error_msg: error.message }]
        }
      })
      return { edits, result: { success_count: edits.length, failure } }
    })
  },

  showDetailsOfAclPolicyV2({ params, instance }, { desk }) {
    return aclView(aclOf(desk.catalog(), instance.id, params.acl_id))
  },

  updateAclStrategyV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = aclOf(catalog, instance.id, params.acl_id)
      if (body.entity_type !== before.entityType) throw invalid('entity_type')
      const acl: Acl = { ...before, ...aclSettings(body), updatedAt: clock.now() }
      refuseTakenAcl(catalog, acl)
      return { edits: [{ put: 'acl', document: acl }], result: aclView(acl) }
    })
  },

  deleteAclV2({ params, instance }, { desk }) {
    return desk.write(catalog => ({
      edits: [deletion(catalog, aclOf(catalog, instance.id, params.acl_id))],
      result: undefined,
    }))
  },
} satisfies Partial<Handlers>
