import type { AccessList, AccountList, PolicyPlan } from '../../seam/plans.ts'
import type { Account } from '../../seam/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import type { Acl } from '../documents/acls.ts'
import type { ApiDefinition, App, Publication } from '../documents/documents.ts'
import type { Refuse } from './rehearsal-error.ts'

/** The plans of the access control policies that are bound to a publication, and of the apps' own. */
export type AccessControl = (
  publication: Publication,
  definition: ApiDefinition,
  appIds: readonly string[],
  refuse: Refuse,
) => readonly PolicyPlan[]

export function accessControlOf(catalog: Catalog): AccessControl {
  const bindings = Map.groupBy(catalog.all('acl-binding'), ({ publicationId }) => publicationId)
  // One object for all routes that share a policy, so that traffic makes it ready once.
  const lists = new Map<Acl, AccessList>()
  const listOf = (acl: Acl): AccessList => {
    let list = lists.get(acl)
    if (list === undefined) lists.set(acl, (list = accessList(acl)))
    return list
  }
  return (publication, { auth_type }, appIds, refuse) => {
    const acls = (bindings.get(publication.id) ?? []).map(
      ({ aclId }) => catalog.get('acl', aclId) ?? refuse('acl_id', `there is no access control policy ${aclId}`),
    )
    const plans: PolicyPlan[] = []
    for (const acl of acls) if (acl.entityType === 'IP') plans.push({ kind: 'ip-acl', settings: listOf(acl) })
    // Who calls without a credential has no account that could be on a list.
    if (auth_type !== 'NONE') {
      const lists = acls.flatMap(accountList)
      if (lists.length > 0) plans.push({ kind: 'account-acl', settings: { lists } })
      const limited = appIds.some(id => catalog.get('app-acl', id) !== undefined)
      if (limited) plans.push({ kind: 'app-acl', settings: {} })
    }
    return plans
  }
}

function accessList({ id, name, type, entries }: Acl): AccessList {
  return { id, name, type, entries }
}

function accountList(acl: Acl): AccountList[] {
  return acl.entityType === 'IP' ? [] : [{ ...accessList(acl), entityType: acl.entityType }]
}

/** The account that owns an app: that of the project in which its instance lies. */
export function ownerOf(catalog: Catalog, { instanceId }: App): Account | undefined {
  const instance = catalog.get('instance', instanceId)
  const project = instance && catalog.get('project', instance.projectId)
  const account = project && catalog.get('account', project.accountId)
  return account && { id: account.id, name: account.name }
}
