import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { AccessKey, Account, User } from '../../documents/documents.ts'
import { isActingAdministrator, isEnabled, roleOf } from '../../iam/roles.ts'
import { hashPassword, verifyPassword } from '../../password.ts'
import { base62, randomText, upperCase } from '../../random-text.ts'
import { AdminError, invalid } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { accessKeyView, managedUserView } from '../views/iam-management.ts'

/** One to use, one to follow it, and some for machines. */
const keysPerUser = 5

/** A 404 of what the contract has no word for. */
export const absent = (what: string, id: string): AdminError =>
  new AdminError('APIG.3007', `The configuration does not exist: ${what} ${id.slice(0, 64)}`)

function userOf(catalog: Catalog, account: Account, id: string): User {
  const user = catalog.get('user', id)
  if (user?.accountId !== account.id) throw absent('user', id)
  return user
}

function keyOf(catalog: Catalog, account: Account, id: string): { key: AccessKey; owner: User } {
  const key = catalog.get('access-key', id)
  const owner = key && catalog.get('user', key.userId)
  if (!key || owner?.accountId !== account.id) throw absent('access key', id)
  return { key, owner }
}

function refuseTakenName(catalog: Catalog, user: User): void {
  const taken = catalog
    .all('user')
    .some(other => other.id !== user.id && other.accountId === user.accountId && other.name === user.name)
  if (taken) {
    throw new AdminError('APIG.3309', 'The operation has already been performed: a user of this name already exists')
  }
}

/** Somebody has to be left who can let the others in again. */
function refuseLosingLast(catalog: Catalog, before: User, after?: User): void {
  if (!isActingAdministrator(before) || (after && isActingAdministrator(after))) return
  const another = catalog
    .all('user')
    .some(user => user.id !== before.id && user.accountId === before.accountId && isActingAdministrator(user))
  if (another) return
  throw new AdminError(
    'APIG.1107',
    'No permissions to perform operations on this configuration: it is the last administrator who is enabled',
  )
}

/** The change, and the end of the tokens that were had before it. */
function changed(user: User, change: Partial<User>): User {
  return { ...user, ...change, generation: (user.generation ?? 0) + 1 }
}

/** The schema counts characters; what is hashed is bytes. */
function refuseLong(password: string): void {
  if (Buffer.byteLength(password) > 1024) throw invalid('password')
}

/** The hash of a password, and the password where nobody has chosen it. Throws AdminError 2011. */
export async function chosenOrGenerated(given: string | undefined) {
  if (given !== undefined) refuseLong(given)
  const password = given ?? randomText(base62, 20)
  const passwordHash = secret(await hashPassword(password))
  return { passwordHash, shown: given === undefined ? { password } : {} }
}

export function newAccessKey(userId: string, createdAt: number, description?: string): AccessKey {
  return {
    id: randomText(upperCase, 20),
    userId,
    secretKey: secret(randomText(base62, 40)),
    ...(description !== undefined && { description }),
    createdAt,
  }
}

/** Users and access keys of the caller's account. Whose role allows what is in `iam/roles.ts`. */
export const iamManagement = {
  showOwnUser({ caller }, { desk }) {
    return managedUserView(caller.user, desk.catalog())
  },

  async changeOwnPassword({ body, caller }, { desk }) {
    const { passwordHash: known, id } = caller.user
    if (!(await verifyPassword(body.old_password, known.secret))) throw invalid('old_password')
    const { passwordHash } = await chosenOrGenerated(body.password)
    return desk.write(catalog => {
      const user = userOf(catalog, caller.account, id)
      // Changed while the hashes were computed: what was checked is the old password no more.
      if (user.passwordHash.secret !== known.secret) throw invalid('old_password')
      return { edits: [{ put: 'user', document: changed(user, { passwordHash }) }], result: undefined }
    })
  },

  async createUser({ body, caller }, { desk, clock }) {
    const { passwordHash, shown } = await chosenOrGenerated(body.password)
    return desk.write(catalog => {
      const user: User = {
        id: hexId(),
        accountId: caller.account.id,
        name: body.name,
        passwordHash,
        role: body.role ?? 'viewer',
        createdAt: clock.now(),
      }
      refuseTakenName(catalog, user)
      return { edits: [{ put: 'user', document: user }], result: { ...managedUserView(user, catalog), ...shown } }
    })
  },

  listUsers({ query, caller }, { desk }) {
    const catalog = desk.catalog()
    const name = named(query.name, query.precise_search)
    const role = exactly(query.role)
    const enabled = exactly(query.enabled)
    const found = belongingTo(catalog, 'user', 'accountId', caller.account.id).filter(
      user => name(user.name) && role(roleOf(user)) && enabled(String(isEnabled(user))),
    )
    return listed('users', found, query, user => managedUserView(user, catalog))
  },

  showUser({ params, caller }, { desk }) {
    const catalog = desk.catalog()
    return managedUserView(userOf(catalog, caller.account, params.user_id), catalog)
  },

  updateUser({ params, body, caller }, { desk }) {
    return desk.write(catalog => {
      const before = userOf(catalog, caller.account, params.user_id)
      const { name = before.name, role = roleOf(before), enabled = isEnabled(before) } = body
      if (name === before.name && role === roleOf(before) && enabled === isEnabled(before)) {
        return { edits: [], result: managedUserView(before, catalog) }
      }
      const after = changed(before, { name, role, enabled })
      refuseTakenName(catalog, after)
      refuseLosingLast(catalog, before, after)
      return { edits: [{ put: 'user', document: after }], result: managedUserView(after, catalog) }
    })
  },

  deleteUser({ params, caller }, { desk }) {
    return desk.write(catalog => {
      const user = userOf(catalog, caller.account, params.user_id)
      refuseLosingLast(catalog, user)
      const keys = belongingTo(catalog, 'access-key', 'userId', user.id)
      const left = keys.map((key): Edit => ({ remove: 'access-key', id: key.id }))
      return { edits: [...left, { remove: 'user', id: user.id }], result: undefined }
    })
  },

  async resetPassword({ params, body, caller }, { desk }) {
    const { id } = userOf(desk.catalog(), caller.account, params.user_id)
    if (id === caller.user.id) {
      throw new AdminError(
        'APIG.2000',
        'Parameter error: the own password is changed with the old one, by PUT /pailou/v1/iam/self/password',
      )
    }
    const { passwordHash, shown } = await chosenOrGenerated(body.password)
    return desk.write(catalog => {
      const user = userOf(catalog, caller.account, id)
      return { edits: [{ put: 'user', document: changed(user, { passwordHash }) }], result: shown }
    })
  },

  createAccessKey({ body, caller }, { desk, clock }) {
    return desk.write(catalog => {
      const owner = userOf(catalog, caller.account, body.user_id ?? caller.user.id)
      if (belongingTo(catalog, 'access-key', 'userId', owner.id).length >= keysPerUser) {
        throw new AdminError(
          'APIG.3100',
          `The number of resources exceeds the maximum allowed limit: a user has at most ${keysPerUser} access keys`,
        )
      }
      const key = newAccessKey(owner.id, clock.now(), body.description)
      const result = { ...accessKeyView(key, owner), secret_key: key.secretKey.secret }
      return { edits: [{ put: 'access-key', document: key }], result }
    })
  },

  listAccessKeys({ query, caller }, { desk }) {
    const catalog = desk.catalog()
    const owners = query.user_id
      ? [userOf(catalog, caller.account, query.user_id)]
      : belongingTo(catalog, 'user', 'accountId', caller.account.id)
    const byId = new Map(owners.map(owner => [owner.id, owner]))
    const enabled = exactly(query.enabled)
    const found = catalog.all('access-key').filter(key => byId.has(key.userId) && enabled(String(isEnabled(key))))
    return listed('access_keys', found, query, key => accessKeyView(key, byId.get(key.userId)!))
  },

  updateAccessKey({ params, body, caller }, { desk }) {
    return desk.write(catalog => {
      const { key: before, owner } = keyOf(catalog, caller.account, params.access_key)
      const { enabled = isEnabled(before), description = before.description ?? '' } = body
      const after: AccessKey = { ...before, enabled, description }
      const same = enabled === isEnabled(before) && description === (before.description ?? '')
      return { edits: same ? [] : [{ put: 'access-key', document: after }], result: accessKeyView(after, owner) }
    })
  },

  deleteAccessKey({ params, caller }, { desk }) {
    return desk.write(catalog => {
      const { key } = keyOf(catalog, caller.account, params.access_key)
      return { edits: [{ remove: 'access-key', id: key.id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
