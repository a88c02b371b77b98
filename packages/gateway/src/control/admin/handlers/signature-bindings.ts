import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { apiOf } from '../lookup.ts'
import { bind, bindingOf, bindingsOf, placeOf, publishedApiFilter, publishedApis } from '../publication-bindings.ts'
import { unboundApiView } from '../views/app-authorization.ts'
import { signatureBindingView } from '../views/signature-key.ts'
import { signatureKeyOf } from './signature-keys.ts'

export const signatureBindings = {
  associateSignatureKeyV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const signature = signatureKeyOf(catalog, instance.id, body.sign_id)
      const { edits, bindings } = bind({
        catalog,
        instanceId: instance.id,
        kind: 'signature-binding',
        publicationIds: body.publish_ids,
        at: clock.now(),
        replaces: () => true,
        isSame: before => before.signatureKeyId === signature.id,
        make: base => ({ ...base, signatureKeyId: signature.id }),
      })
      const views = bindings.flatMap(binding => {
        const place = placeOf(catalog, binding)
        return place ? [signatureBindingView(binding, signature, place, catalog)] : []
      })
      return { edits, result: { bindings: views } }
    })
  },

  listApisBindedToSignatureKeyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const signature = signatureKeyOf(catalog, instance.id, query.sign_id)
    const passes = publishedApiFilter(query)
    const found = belongingTo(catalog, 'signature-binding', 'signatureKeyId', signature.id).flatMap(binding => {
      const place = placeOf(catalog, binding)
      return place && passes(place) ? [{ binding, place }] : []
    })
    return listed('bindings', found, query, ({ binding, place }) =>
      signatureBindingView(binding, signature, place, catalog),
    )
  },

  listSignatureKeysBindedToApiV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, query.api_id)
    const id = exactly(query.sign_id)
    const name = named(query.sign_name)
    const environment = exactly(query.env_id)
    const found = belongingTo(catalog, 'signature-binding', 'apiId', api.id).flatMap(binding => {
      const signature = catalog.get('signature-key', binding.signatureKeyId)
      const place = placeOf(catalog, binding)
      if (!signature || !place || !environment(binding.environmentId)) return []
      return id(signature.id) && name(signature.name) ? [{ binding, signature, place }] : []
    })
    return listed('bindings', found, query, ({ binding, signature, place }) =>
      signatureBindingView(binding, signature, place, catalog),
    )
  },

  listApisNotBoundWithSignatureKeyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const signature = signatureKeyOf(catalog, instance.id, query.sign_id)
    const passes = publishedApiFilter(query)
    const found = publishedApis(catalog, instance.id).flatMap(place => {
      const [binding] = bindingsOf(catalog, 'signature-binding', place.publication.id)
      return binding?.signatureKeyId !== signature.id && passes(place) ? [{ place, binding }] : []
    })
    return listed('apis', found, query, ({ place: { api, publication }, binding }) => ({
      ...unboundApiView(api, publication, catalog),
      ...(binding && { signature_name: catalog.get('signature-key', binding.signatureKeyId)?.name ?? '' }),
    }))
  },

  disassociateSignatureKeyV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = bindingOf(catalog, 'signature-binding', instance.id, params.sign_bindings_id, 'APIG.3018')
      return { edits: [{ remove: 'signature-binding', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
