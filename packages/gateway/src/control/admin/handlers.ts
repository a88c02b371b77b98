import { iam } from '../iam/handlers.ts'
import type { Handlers } from './handler.ts'
import { apiGroups } from './handlers/api-groups.ts'
import { apis } from './handlers/apis.ts'
import { appAuthorization } from './handlers/app-authorization.ts'
import { appCodes } from './handlers/app-codes.ts'
import { apps } from './handlers/apps.ts'
import { environments } from './handlers/environments.ts'
import { groupDomains } from './handlers/group-domains.ts'
import { instances, resourceOutline } from './handlers/instances.ts'
import { pailou } from './handlers/pailou.ts'
import { publish } from './handlers/publish.ts'

/** A handler for every operation of the table. */
export const handlers: Handlers = {
  ...instances,
  ...apiGroups,
  ...groupDomains,
  ...environments,
  ...apis,
  ...publish,
  ...apps,
  ...appCodes,
  ...appAuthorization,
  ...resourceOutline,
  ...iam,
  ...pailou,
}
