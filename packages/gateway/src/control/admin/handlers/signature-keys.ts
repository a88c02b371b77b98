import { adminMessages } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { SignatureKey } from '../../documents/signature-keys.ts'
import { refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { refuseTakenSignatureKey, signatureSettings } from '../rules/signature-keys.ts'
import { signatureKeyListView, signatureKeyView } from '../views/signature-key.ts'

export function signatureKeyOf(catalog: Catalog, instanceId: string, id: string): SignatureKey {
  const signature = catalog.get('signature-key', id)
  if (signature?.instanceId !== instanceId) throw refused(adminMessages.notExist('Signature key', id))
  return signature
}

export const signatureKeys = {
  createSignatureKeyV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const signature: SignatureKey = {
        id: hexId(),
        instanceId: instance.id,
        ...signatureSettings(body),
        createdAt: now,
        updatedAt: now,
      }
      refuseTakenSignatureKey(catalog, signature)
      return { edits: [{ put: 'signature-key', document: signature }], result: signatureKeyView(signature) }
    })
  },

  listSignatureKeysV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const id = exactly(query.id)
    const name = named(query.name, query.precise_search)
    const found = belongingTo(catalog, 'signature-key', 'instanceId', instance.id).filter(
      signature => id(signature.id) && name(signature.name),
    )
    return listed('signs', found, query, signature => signatureKeyListView(signature, catalog))
  },

  updateSignatureKeyV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = signatureKeyOf(catalog, instance.id, params.sign_id)
      const { id, instanceId, createdAt } = before
      // Nothing but these stays by itself: an algorithm goes with the type that has one.
      const kept = { id, instanceId, createdAt }
      const signature: SignatureKey = { ...kept, ...signatureSettings(body, before), updatedAt: clock.now() }
      refuseTakenSignatureKey(catalog, signature)
      return { edits: [{ put: 'signature-key', document: signature }], result: signatureKeyView(signature) }
    })
  },

  deleteSignatureKeyV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = signatureKeyOf(catalog, instance.id, params.sign_id)
      const bindings = belongingTo(catalog, 'signature-binding', 'signatureKeyId', id)
      return {
        edits: [
          ...bindings.map((binding): Edit => ({ remove: 'signature-binding', id: binding.id })),
          { remove: 'signature-key', id },
        ],
        result: undefined,
      }
    })
  },
} satisfies Partial<Handlers>
