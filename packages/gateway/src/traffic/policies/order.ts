import type { PolicyKind } from '../../seam/plans.ts'
import type { Policy } from '../policy.ts'
import { appAuthorization } from './app-authorization.ts'
import { appCode } from './app-code.ts'
import { appSignature } from './app-signature.ts'
import { parameters } from './parameters.ts'
import { protocol } from './protocol.ts'

/** Every policy, in the order in which they speak. This list is the order: there are no priorities anywhere else. */
export const policies: { readonly [K in PolicyKind]: Policy<K> } = {
  'protocol': protocol, // before anything is read of a credential: over the wrong scheme it should not have been sent
  'app-signature': appSignature, // the stronger credential first, should both be there
  'app-code': appCode, // after it, and only where the API allows it
  'app-authorization': appAuthorization, // after it is known who calls
  'parameters': parameters, // last of those that refuse: a stranger learns nothing of an API's parameters
}
