import type { Operation } from '@pailou/contract'

import type { Account, User } from '../documents/documents.ts'

export type Role = NonNullable<User['role']>

/** Who was stored before there were roles could do everything, and still can. */
export function roleOf({ role }: User): Role {
  return role ?? 'administrator'
}

/** Of a user or an access key. */
export function isEnabled({ enabled }: { readonly enabled?: boolean }): boolean {
  return enabled !== false
}

/** Whether this user can put things right when nobody else can. */
export function isActingAdministrator(user: User): boolean {
  return roleOf(user) === 'administrator' && isEnabled(user)
}

/** Whether this is the account of the first start, whose users see to the installation. */
export function isFirst({ createdBy }: Account): boolean {
  return createdBy === undefined
}

/** What shows or changes more than one account has: everything of our own but what every account needs for itself. */
function ofInstallation(path: string): boolean {
  return path.startsWith('/pailou/v1/') && !/^\/pailou\/v1\/(errors|iam\/(self|users|access-keys))(\/|$)/.test(path)
}

/** What everybody may do about oneself. The table of operations says whom the rest is for. */
const ofOneself: readonly string[] = ['changeOwnPassword']

/** Why somebody may not ask for an operation, undefined when it is allowed. */
export function whyNotFor(
  { user, account }: { readonly user: User; readonly account: Account },
  { id, method, path }: Operation,
): string | undefined {
  const role = roleOf(user)
  if (ofInstallation(path) && !isFirst(account)) return 'it is for users of the first account'
  if (role === 'administrator' || method === 'GET' || ofOneself.includes(id)) return undefined
  if (role === 'viewer') return 'the role viewer only reads'
  return path.startsWith('/pailou/v1/iam/') ? 'IAM management is for the role administrator' : undefined
}
