import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Account, Project, User } from '../../documents/documents.ts'
import { isFirst } from '../../iam/roles.ts'
import { newInstance } from '../../new-instance.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed, named } from '../lists.ts'
import { accountView } from '../views/iam-management.ts'
import { absent, chosenOrGenerated, newAccessKey } from './iam-management.ts'

function refuse(why: string): AdminError {
  return new AdminError('APIG.1107', `No permissions to perform operations on this configuration: ${why}`)
}

function instancesOf(catalog: Catalog, account: Account) {
  return belongingTo(catalog, 'project', 'accountId', account.id).flatMap(({ id }) =>
    belongingTo(catalog, 'instance', 'projectId', id),
  )
}

/** Accounts of the installation. Only the administrators of the first one come here: see `iam/roles.ts`. */
export const accounts = {
  async createAccount({ body, caller }, { desk, clock }) {
    const { passwordHash, shown } = await chosenOrGenerated(body.password)
    return desk.write(catalog => {
      if (catalog.all('account').some(({ name }) => name === body.name)) {
        const why = 'an account of this name already exists'
        throw new AdminError('APIG.3309', `The operation has already been performed: ${why}`)
      }
      const createdAt = clock.now()
      const account: Account = { id: hexId(), name: body.name, createdBy: caller.user.id, createdAt }
      const name = body.user_name ?? 'admin'
      const user: User = { id: hexId(), accountId: account.id, name, passwordHash, role: 'administrator', createdAt }
      const key = newAccessKey(user.id, createdAt)
      const region = body.project_name ?? catalog.all('project').at(-1)?.name ?? 'pailou-1'
      const project: Project = { id: hexId(), accountId: account.id, name: region, createdAt }
      const instance = { id: hexId(), projectId: project.id, name: account.name, description: '', createdAt }
      const edits: Edit[] = [
        { put: 'account', document: account },
        { put: 'user', document: user },
        { put: 'access-key', document: key },
        { put: 'project', document: project },
        ...newInstance(instance, hexId()),
      ]
      const result = {
        id: account.id,
        name: account.name,
        user_id: user.id,
        user_name: user.name,
        ...shown,
        access_key: key.id,
        secret_key: key.secretKey.secret,
        project_id: project.id,
        project_name: project.name,
        instance_id: instance.id,
      }
      return { edits, result }
    })
  },

  listAccounts({ query }, { desk }) {
    const catalog = desk.catalog()
    const name = named(query.name, query.precise_search)
    const found = catalog.all('account').filter(account => name(account.name))
    return listed('accounts', found, query, account =>
      accountView(account, catalog, instancesOf(catalog, account).length),
    )
  },

  deleteAccount({ params }, { desk }) {
    return desk.write(catalog => {
      const account = catalog.get('account', params.account_id)
      if (!account) throw absent('account', params.account_id)
      if (isFirst(account)) throw refuse('the first account stays')
      const instances = instancesOf(catalog, account).length
      if (instances > 0) throw refuse(`the account still has instances, ${instances} in all`)
      const users = belongingTo(catalog, 'user', 'accountId', account.id)
      const keys = users.flatMap(({ id }) => belongingTo(catalog, 'access-key', 'userId', id))
      const projects = belongingTo(catalog, 'project', 'accountId', account.id)
      const edits: Edit[] = [
        ...keys.map(({ id }): Edit => ({ remove: 'access-key', id })),
        ...users.map(({ id }): Edit => ({ remove: 'user', id })),
        ...projects.map(({ id }): Edit => ({ remove: 'project', id })),
        { remove: 'account', id: account.id },
      ]
      return { edits, result: undefined }
    })
  },
} satisfies Partial<Handlers>
