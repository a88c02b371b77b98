import { apiGroups, groupDomains } from './operations/api-groups.ts'
import { apis } from './operations/apis.ts'
import { appAuthorization } from './operations/app-authorization.ts'
import { appCodes, apps } from './operations/apps.ts'
import { environments } from './operations/environments.ts'
import { iam } from './operations/iam.ts'
import { instances, resourceOutline } from './operations/instances.ts'
import { pailou } from './operations/pailou.ts'
import { publish } from './operations/publish.ts'

const table = [
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
] as const

type Described = (typeof table)[number]

/** The admin API, by operation id: what routes, validation, handler types, the OpenAPI document and clients come from. */
export const operations = Object.fromEntries(table.map(operation => [operation.id, operation])) as unknown as {
  readonly [Id in OperationId]: Extract<Described, { readonly id: Id }>
}

export type OperationId = Described['id']
export type Operations = typeof operations
export type OperationById<Id extends OperationId> = Operations[Id]
