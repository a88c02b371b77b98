import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import { groupBelongings } from '../../documents/bindings.ts'
import type { ApiGroup } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { groupOf } from '../lookup.ts'
import { apiGroupView } from '../views/api-group.ts'

function refuseTaken(catalog: Catalog, instanceId: string, name: string, besides?: ApiGroup): void {
  const taken = belongingTo(catalog, 'api-group', 'instanceId', instanceId).some(
    group => group.name === name && group.id !== besides?.id,
  )
  if (taken) throw new AdminError('APIG.3201')
}

export const apiGroups = {
  createApiGroupV2({ body, instance }, { desk, clock, domainSuffix }) {
    return desk.write(catalog => {
      refuseTaken(catalog, instance.id, body.name)
      const now = clock.now()
      const group: ApiGroup = {
        id: hexId(),
        instanceId: instance.id,
        name: body.name,
        remark: body.remark ?? '',
        isDefault: false,
        debuggingDomainEnabled: true,
        createdAt: now,
        updatedAt: now,
      }
      return { edits: [{ put: 'api-group', document: group }], result: apiGroupView(group, catalog, domainSuffix) }
    })
  },

  listApiGroupsV2({ query, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    const id = exactly(query.id)
    const name = named(query.name, query.precise_search)
    const groups = belongingTo(catalog, 'api-group', 'instanceId', instance.id).filter(
      group => id(group.id) && name(group.name),
    )
    return listed('groups', groups, query, group => apiGroupView(group, catalog, domainSuffix))
  },

  showDetailsOfApiGroupV2({ params, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    return apiGroupView(groupOf(catalog, instance.id, params.group_id), catalog, domainSuffix)
  },

  updateApiGroupV2({ params, body, instance }, { desk, clock, domainSuffix }) {
    return desk.write(catalog => {
      const before = groupOf(catalog, instance.id, params.group_id)
      if (before.isDefault && body.name !== before.name) throw new AdminError('APIG.1101')
      refuseTaken(catalog, instance.id, body.name, before)
      const group: ApiGroup = { ...before, name: body.name, remark: body.remark ?? '', updatedAt: clock.now() }
      return { edits: [{ put: 'api-group', document: group }], result: apiGroupView(group, catalog, domainSuffix) }
    })
  },

  deleteApiGroupV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const group = groupOf(catalog, instance.id, params.group_id)
      if (group.isDefault) throw new AdminError('APIG.1101')
      if (belongingTo(catalog, 'api', 'groupId', group.id).length > 0) throw new AdminError('APIG.3415')
      const left = groupBelongings.flatMap(kind =>
        belongingTo(catalog, kind, 'groupId', group.id).map(({ id }): Edit => ({ remove: kind, id })),
      )
      return { edits: [...left, { remove: 'api-group', id: group.id }], result: undefined }
    })
  },

  checkApiGroupsV2({ body, instance }, { desk }) {
    refuseTaken(desk.catalog(), instance.id, body.group_name)
  },
} satisfies Partial<Handlers>
