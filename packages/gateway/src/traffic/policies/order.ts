import type { PolicyKind } from '../../seam/plans.ts'
import type { Policy } from '../policy.ts'
import { accountAcl } from './account-acl.ts'
import { appAcl } from './app-acl.ts'
import { appAuthorization } from './app-authorization.ts'
import { appCode } from './app-code.ts'
import { appSignature } from './app-signature.ts'
import { frozenApp } from './frozen-app.ts'
import { ipAcl } from './ip-acl.ts'
import { limits } from './limits.ts'
import { parameters } from './parameters.ts'
import { protocol } from './protocol.ts'

/** Every policy, in the order in which they speak. This list is the order: there are no priorities anywhere else. */
export const policies: { readonly [K in PolicyKind]: Policy<K> } = {
  'protocol': protocol, // before anything is read of a credential: over the wrong scheme it should not have been sent
  'ip-acl': ipAcl, // before anything is computed for a caller who may not call from there at all
  'app-signature': appSignature, // the stronger credential first, should both be there
  'app-code': appCode, // after it, and only where the API allows it
  'app-authorization': appAuthorization, // after it is known who calls
  'account-acl': accountAcl, // the policies of the API come before the app's own
  'app-acl': appAcl, // before anything of the app's is used up
  'frozen-app': frozenApp, // a state comes before what would use something up
  'limits': limits, // after all that can refuse a caller for who it is: such calls are not counted
  'parameters': parameters, // last of those that refuse: a stranger learns nothing of an API's parameters
}
