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
import { boundThrottleView, throttleBindingView, throttledApiView } from '../views/throttle.ts'
import { throttleOf } from './throttles.ts'

export const throttleBindings = {
  associateRequestThrottlingPolicyV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const throttle = throttleOf(catalog, instance.id, body.strategy_id)
      const { edits, bindings } = bind({
        catalog,
        instanceId: instance.id,
        kind: 'throttle-binding',
        publicationIds: body.publish_ids,
        at: clock.now(),
        replaces: () => true,
        isSame: before => before.throttleId === throttle.id,
        make: base => ({ ...base, throttleId: throttle.id }),
      })
      return { edits, result: { throttle_applys: bindings.map(throttleBindingView) } }
    })
  },

  batchDisassociateThrottlingPolicyV2({ body, instance }, { desk }) {
    return desk.write(catalog =>
      unbindMany(catalog, 'throttle-binding', instance.id, body.throttle_bindings, 'APIG.3012'),
    )
  },

  listApisBindedToRequestThrottlingPolicyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const throttle = throttleOf(catalog, instance.id, query.throttle_id)
    const passes = publishedApiFilter(query)
    const found = belongingTo(catalog, 'throttle-binding', 'throttleId', throttle.id).flatMap(binding => {
      const place = placeOf(catalog, binding)
      return place && passes(place) ? [{ place, binding }] : []
    })
    return listed('apis', found, query, ({ place, binding }) => throttledApiView(place, binding, catalog))
  },

  listApisUnbindedToRequestThrottlingPolicyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const throttle = throttleOf(catalog, instance.id, query.throttle_id)
    const passes = publishedApiFilter(query)
    const found = publishedApis(catalog, instance.id).flatMap(place => {
      const [binding] = bindingsOf(catalog, 'throttle-binding', place.publication.id)
      return binding?.throttleId !== throttle.id && passes(place) ? [{ place, binding }] : []
    })
    return listed('apis', found, query, ({ place, binding }) => throttledApiView(place, binding, catalog))
  },

  listRequestThrottlingPoliciesBindedToApiV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, query.api_id)
    const id = exactly(query.throttle_id)
    const name = named(query.throttle_name)
    const environment = exactly(query.env_id)
    const found = belongingTo(catalog, 'throttle-binding', 'apiId', api.id).flatMap(binding => {
      const throttle = catalog.get('throttle', binding.throttleId)
      return throttle && id(throttle.id) && name(throttle.name) && environment(binding.environmentId)
        ? [{ throttle, binding }]
        : []
    })
    return listed('throttles', found, query, ({ throttle, binding }) => boundThrottleView(throttle, binding, catalog))
  },

  disassociateRequestThrottlingPolicyV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { throttle_binding_id } = params
      const { id } = bindingOf(catalog, 'throttle-binding', instance.id, throttle_binding_id, 'APIG.3012')
      return { edits: [{ remove: 'throttle-binding', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
