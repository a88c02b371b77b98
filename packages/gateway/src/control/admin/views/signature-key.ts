import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { SignatureBinding, SignatureKey } from '../../documents/signature-keys.ts'
import { belongingTo } from '../index-of.ts'
import type { PublishedApi } from '../publication-bindings.ts'
import { boundApiView } from './bound-api.ts'

/** A key with its secret: the contract shows it to whoever may manage the key, and clients store what they read. */
export function signatureKeyView(signature: SignatureKey) {
  return {
    id: signature.id,
    name: signature.name,
    sign_type: signature.type,
    sign_key: signature.key.secret,
    sign_secret: signature.secret.secret,
    sign_algorithm: signature.algorithm ?? '',
    create_time: rfc3339(signature.createdAt),
    update_time: rfc3339(signature.updatedAt),
  }
}

export function signatureKeyListView(signature: SignatureKey, catalog: Catalog) {
  return {
    ...signatureKeyView(signature),
    bind_num: belongingTo(catalog, 'signature-binding', 'signatureKeyId', signature.id).length,
    ldapi_bind_num: 0,
  }
}

/** A binding with both that it joins. */
export function signatureBindingView(
  binding: SignatureBinding,
  signature: SignatureKey,
  published: PublishedApi,
  catalog: Catalog,
) {
  return {
    ...boundApiView(published, catalog),
    id: binding.id,
    binding_time: rfc3339(binding.createdAt),
    sign_id: signature.id,
    sign_name: signature.name,
    sign_type: signature.type,
    sign_key: signature.key.secret,
    sign_secret: signature.secret.secret,
  }
}
