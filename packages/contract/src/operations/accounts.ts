import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, listOf, listQuery, params, Time } from '../schema.ts'
import { IamName, NewPassword } from './iam-management.ts'

/** Accounts: users, projects and instances that share an installation and see nothing of each other. */

const family = 'IAM management'
const path = '/pailou/v1/iam/accounts'

export const accounts = [
  op({
    id: 'createAccount',
    method: 'POST',
    path,
    family,
    tier: 1,
    summary: 'Create an account with an administrator, an access key, a project and an instance',
    status: 201,
    body: Type.Object({
      name: IamName,
      user_name: Type.Optional({ ...IamName, default: 'admin' }),
      password: Type.Optional(NewPassword),
      /** The name of its region. Default: that of the first project of all. */
      project_name: Type.Optional(IamName),
    }),
    response: closed({
      id: Id,
      name: Type.String(),
      user_id: Id,
      user_name: Type.String(),
      /** Shown this once, and only when the gateway has chosen it. */
      password: Type.Optional(Type.String()),
      access_key: Id,
      /** Shown this once. */
      secret_key: Type.String(),
      project_id: Id,
      project_name: Type.String(),
      instance_id: Id,
    }),
    errors: ['APIG.1005', 'APIG.3309'],
  }),
  op({
    id: 'listAccounts',
    method: 'GET',
    path,
    family,
    tier: 1,
    summary: 'List accounts',
    status: 200,
    query: listQuery('name', 'precise_search'),
    response: listOf(
      'accounts',
      closed({
        id: Id,
        name: Type.String(),
        users: Type.Integer(),
        instances: Type.Integer(),
        projects: Type.Array(closed({ id: Id, name: Type.String() })),
        create_time: Time,
      }),
    ),
    errors: ['APIG.1005'],
  }),
  op({
    id: 'deleteAccount',
    method: 'DELETE',
    path: `${path}/{account_id}`,
    family,
    tier: 1,
    summary: 'Delete an account that has no instance any more, with its users and projects',
    status: 204,
    params: params('account_id'),
    errors: ['APIG.1005', 'APIG.1107', 'APIG.3007'],
  }),
] as const
