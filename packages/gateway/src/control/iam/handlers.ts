import type { BodyOf, OperationById } from '@pailou/contract'

import { AdminError } from '../admin/admin-error.ts'
import type { Handlers, Tools } from '../admin/handler.ts'
import { exactly } from '../admin/lists.ts'
import type { Catalog } from '../catalog.ts'
import type { Account, Project, User } from '../documents/documents.ts'
import { hashPassword, verifyPassword } from '../password.ts'
import { KeystoneError } from './keystone-error.ts'
import { isEnabled } from './roles.ts'
import { scopeFor, userNamed } from './scope.ts'
import type { Bearer } from './tokens.ts'
import { domainView, projectView, regionView, tokenView, userView } from './views.ts'

type TokenRequest = BodyOf<OperationById<'keystoneCreateToken'>>

/** Checked in place of an unknown user's password, so that the answer takes as long. Made by the first who asks, whoever it is. */
let nobodysHash: Promise<string> | undefined

async function byPassword({ auth: { identity } }: TokenRequest, catalog: Catalog): Promise<User> {
  const wanted = identity.password?.user
  if (!wanted) throw new KeystoneError(400, 'auth.identity.password.user is missing')
  const nobodys = await (nobodysHash ??= hashPassword('nobody'))
  const user = userNamed(wanted, catalog)
  const right = await verifyPassword(wanted.password, user?.passwordHash.secret ?? nobodys)
  if (!user || !right || !isEnabled(user)) throw new KeystoneError(401, 'The username or password is wrong.')
  return user
}

async function byToken({ auth: { identity } }: TokenRequest, catalog: Catalog, tools: Tools): Promise<Bearer> {
  if (!identity.token) throw new KeystoneError(400, 'auth.identity.token is missing')
  return checked(identity.token.id, catalog, tools)
}

async function checked(token: string, catalog: Catalog, { tokens }: Tools): Promise<Bearer> {
  const bearer = await tokens.check(token, catalog)
  if (bearer === 'expired') throw new KeystoneError(401, 'The token has expired.')
  if (bearer === 'invalid') throw new KeystoneError(401, 'The token is not valid.')
  return bearer
}

function accountOf(user: User, catalog: Catalog): Account {
  const account = catalog.get('account', user.accountId)
  if (!account) throw new AdminError('APIG.1008')
  return account
}

/** The subset of Keystone by which clients learn who they are and what they may enter. */
export const iam = {
  async keystoneCreateToken(call, tools) {
    const { body, answerHeader } = call
    const catalog = tools.desk.catalog()
    const { methods } = body.auth.identity
    // One method decides: with both, the password, which proves more.
    const before = methods.includes('password') ? undefined : await byToken(body, catalog, tools)
    const user = before?.user ?? (await byPassword(body, catalog))
    const account = accountOf(user, catalog)
    const scope = scopeFor(body.auth.scope, account, catalog)
    const { token, bearer } = await tools.tokens.issue(user, account, scope, [...new Set(methods)], before?.expiresAt)
    answerHeader('X-Subject-Token', token)
    return tokenView(bearer)
  },

  async keystoneValidateToken({ headers, answerHeader, caller }, tools) {
    const value = headers('x-subject-token')
    const token = typeof value === 'string' ? value : value?.[0]
    if (!token) throw new KeystoneError(400, 'The header X-Subject-Token is missing.')
    const bearer = await tools.tokens.check(token, tools.desk.catalog())
    // As Keystone has it: a token that is not valid, or not the caller's to see, is not found.
    if (typeof bearer === 'string' || bearer.account.id !== caller.account.id) {
      throw new KeystoneError(404, 'The token could not be found.')
    }
    answerHeader('X-Subject-Token', token)
    return tokenView(bearer)
  },

  keystoneListProjects({ query, caller }, { desk }) {
    const name = exactly(query.name)
    const domain = exactly(query.domain_id)
    const parent = exactly(query.parent_id)
    const enabled = exactly(query.enabled)
    const found = projectsOf(desk.catalog(), caller.account).filter(
      project => name(project.name) && domain(project.accountId) && parent(project.accountId) && enabled('true'),
    )
    return { projects: found.map(projectView), links: {} }
  },

  keystoneListAuthProjects({ caller }, { desk }) {
    return { projects: projectsOf(desk.catalog(), caller.account).map(projectView), links: {} }
  },

  keystoneListAuthDomains({ caller }) {
    return { domains: [domainView(caller.account)], links: {} }
  },

  keystoneListUsers({ query, caller }, { desk }) {
    const name = exactly(query.name)
    const domain = exactly(query.domain_id)
    const enabled = exactly(query.enabled)
    const found = desk
      .catalog()
      .all('user')
      .filter(
        user =>
          user.accountId === caller.account.id &&
          name(user.name) &&
          domain(user.accountId) &&
          enabled(String(isEnabled(user))),
      )
    return { users: found.map(userView), links: {} }
  },

  /** A project's name is the name of its region. */
  keystoneListRegions({ caller }, { desk }) {
    return { regions: projectsOf(desk.catalog(), caller.account).map(({ name }) => regionView(name)), links: {} }
  },
} satisfies Partial<Handlers>

function projectsOf(catalog: Catalog, account: Account): readonly Project[] {
  return catalog.all('project').filter(({ accountId }) => accountId === account.id)
}
