import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { apiOf } from '../lookup.ts'
import {
  bind,
  bindingOf,
  bindingsOf,
  placeOf,
  publishedApiFilter,
  publishedApis,
  unbindMany,
} from '../publication-bindings.ts'
import { aclApiView, aclBindingView, boundAclView } from '../views/acl.ts'
import { environmentName } from '../views/api.ts'
import { unboundApiView } from '../views/app-authorization.ts'
import { aclOf } from './acls.ts'

export const aclBindings = {
  createApiAclBindingV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const { id: aclId, entityType } = aclOf(catalog, instance.id, body.acl_id)
      const { edits, bindings } = bind({
        catalog,
        instanceId: instance.id,
        kind: 'acl-binding',
        publicationIds: body.publish_ids,
        at: clock.now(),
        replaces: before => before.entityType === entityType,
        isSame: before => before.aclId === aclId,
        make: base => ({ ...base, aclId, entityType }),
      })
      return { edits, result: { acl_bindings: bindings.map(aclBindingView) } }
    })
  },

  batchDeleteApiAclBindingV2({ body, instance }, { desk }) {
    return desk.write(catalog => unbindMany(catalog, 'acl-binding', instance.id, body.acl_bindings, 'APIG.3010'))
  },

  listAclPolicyBindedToApiV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, query.api_id)
    const id = exactly(query.acl_id)
    const name = named(query.acl_name)
    const environment = exactly(query.env_id)
    const inEnvironment = named(query.env_name)
    const found = belongingTo(catalog, 'acl-binding', 'apiId', api.id).flatMap(binding => {
      const acl = catalog.get('acl', binding.aclId)
      const { environmentId } = binding
      if (!environment(environmentId) || !inEnvironment(environmentName(catalog, environmentId))) return []
      return acl && id(acl.id) && name(acl.name) ? [{ acl, binding }] : []
    })
    return listed('acls', found, query, ({ acl, binding }) => boundAclView(acl, binding, catalog))
  },

  listApisBindedToAclPolicyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const acl = aclOf(catalog, instance.id, query.acl_id)
    const passes = publishedApiFilter(query)
    const found = belongingTo(catalog, 'acl-binding', 'aclId', acl.id).flatMap(binding => {
      const place = placeOf(catalog, binding)
      return place && passes(place) ? [{ place, binding }] : []
    })
    return listed('apis', found, query, ({ place, binding }) => aclApiView(place, binding, catalog))
  },

  listApisUnbindedToAclPolicyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const acl = aclOf(catalog, instance.id, query.acl_id)
    const passes = publishedApiFilter(query)
    const found = publishedApis(catalog, instance.id).flatMap(place => {
      const binding = bindingsOf(catalog, 'acl-binding', place.publication.id).find(
        ({ entityType }) => entityType === acl.entityType,
      )
      return binding?.aclId !== acl.id && passes(place) ? [{ place, binding }] : []
    })
    return listed('apis', found, query, ({ place: { api, publication }, binding }) => ({
      ...unboundApiView(api, publication, catalog),
      ...(binding && { acl_name: catalog.get('acl', binding.aclId)?.name ?? '' }),
    }))
  },

  deleteApiAclBindingV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = bindingOf(catalog, 'acl-binding', instance.id, params.acl_bindings_id, 'APIG.3010')
      return { edits: [{ remove: 'acl-binding', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
