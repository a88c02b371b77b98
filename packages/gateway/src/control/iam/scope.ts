import type { Catalog } from '../catalog.ts'
import type { Account, User } from '../documents/documents.ts'
import { KeystoneError } from './keystone-error.ts'
import type { Scope } from './tokens.ts'

/** How Keystone's bodies name a thing: by id, or by name. */
export interface Named {
  readonly id?: string | undefined
  readonly name?: string | undefined
}

export interface WantedScope {
  readonly project?: (Named & { readonly domain?: Named | undefined }) | undefined
  readonly domain?: Named | undefined
}

/** The scope that a token is asked for; without one, the user's account. Throws KeystoneError 401 when it is not the user's. */
export function scopeFor(wanted: WantedScope | undefined, account: Account, catalog: Catalog): Scope {
  if (wanted?.project) {
    const { project } = wanted
    if (project.domain && !isNamed(account, project.domain)) throw outside()
    const found = catalog
      .all('project')
      .find(candidate => candidate.accountId === account.id && isNamed(candidate, project))
    if (!found) throw outside()
    return { project: found }
  }
  if (wanted?.domain && !isNamed(account, wanted.domain)) throw outside()
  return { account }
}

/** A user by id, or by name within the account that is named beside it. */
export function userNamed(wanted: Named & { readonly domain?: Named | undefined }, catalog: Catalog): User | undefined {
  if (wanted.id) return catalog.get('user', wanted.id)
  const account = wanted.domain && catalog.all('account').find(candidate => isNamed(candidate, wanted.domain!))
  return account && catalog.all('user').find(({ accountId, name }) => accountId === account.id && name === wanted.name)
}

function isNamed(thing: { readonly id: string; readonly name: string }, { id, name }: Named): boolean {
  if (!id && !name) return false
  return (!id || thing.id === id) && (!name || thing.name === name)
}

function outside(): KeystoneError {
  return new KeystoneError(401, 'The requested scope does not exist or is not open to this user.')
}
