import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, listOf, listQuery, params, Time } from '../schema.ts'

/** Who may use the admin API: what the contract leaves to its cloud. */

const family = 'IAM management'
const base = '/pailou/v1/iam'

const Role = Type.Enum(['administrator', 'operator', 'viewer'], {
  description: 'A viewer only reads; an operator does everything but IAM management; an administrator does everything.',
})

/** Of users, and of accounts and their projects. */
export const IamName = Type.String({
  pattern: '^[A-Za-z\\u4e00-\\u9fff][-A-Za-z0-9_.@\\u4e00-\\u9fff]*$',
  minLength: 2,
  maxLength: 64,
})

/** At most 1024 bytes in UTF-8. */
export const NewPassword = Type.String({ minLength: 8, maxLength: 1024 })

const Description = Type.String({ maxLength: 255 })

const user = {
  id: Id,
  name: Type.String(),
  role: Role,
  enabled: Type.Boolean(),
  /** How many access keys the user has. */
  access_keys: Type.Integer(),
  create_time: Time,
}

/** Shown this once, and only when the gateway has chosen it. */
const generated = { password: Type.Optional(Type.String()) }

const accessKey = {
  /** The AK. */
  access_key: Id,
  user_id: Id,
  user_name: Type.String(),
  enabled: Type.Boolean(),
  description: Type.String(),
  create_time: Time,
}

export const iamManagement = [
  op({
    id: 'showOwnUser',
    method: 'GET',
    path: `${base}/self`,
    family,
    tier: 1,
    summary: 'Show the user whose credential is used',
    status: 200,
    response: closed(user),
  }),
  op({
    id: 'changeOwnPassword',
    method: 'PUT',
    path: `${base}/self/password`,
    family,
    tier: 1,
    summary: 'Change the own password, which ends the own tokens',
    status: 204,
    body: Type.Object({ old_password: Type.String(), password: NewPassword }),
  }),
  op({
    id: 'createUser',
    method: 'POST',
    path: `${base}/users`,
    family,
    tier: 1,
    summary: 'Create a user; without a password one is chosen and shown this once',
    status: 201,
    body: Type.Object({
      name: IamName,
      role: Type.Optional(Type.Enum(['administrator', 'operator', 'viewer'], { default: 'viewer' })),
      password: Type.Optional(NewPassword),
    }),
    response: closed({ ...user, ...generated }),
    errors: ['APIG.1005', 'APIG.3309'],
  }),
  op({
    id: 'listUsers',
    method: 'GET',
    path: `${base}/users`,
    family,
    tier: 1,
    summary: 'List users',
    status: 200,
    query: listQuery('name', 'role', 'enabled', 'precise_search'),
    response: listOf('users', closed(user)),
  }),
  op({
    id: 'showUser',
    method: 'GET',
    path: `${base}/users/{user_id}`,
    family,
    tier: 1,
    summary: 'Show a user',
    status: 200,
    params: params('user_id'),
    response: closed(user),
    errors: ['APIG.3007'],
  }),
  op({
    id: 'updateUser',
    method: 'PUT',
    path: `${base}/users/{user_id}`,
    family,
    tier: 1,
    summary: "Change the name, the role or the state of a user, which ends the user's tokens; what is left out stays",
    status: 200,
    params: params('user_id'),
    body: Type.Object({
      name: Type.Optional(IamName),
      role: Type.Optional(Role),
      enabled: Type.Optional(Type.Boolean()),
    }),
    response: closed(user),
    errors: ['APIG.1005', 'APIG.1107', 'APIG.3007', 'APIG.3309'],
  }),
  op({
    id: 'deleteUser',
    method: 'DELETE',
    path: `${base}/users/{user_id}`,
    family,
    tier: 1,
    summary: 'Delete a user with all access keys',
    status: 204,
    params: params('user_id'),
    errors: ['APIG.1005', 'APIG.1107', 'APIG.3007'],
  }),
  op({
    id: 'resetPassword',
    method: 'PUT',
    path: `${base}/users/{user_id}/password`,
    family,
    tier: 1,
    summary:
      "Give another user a new password, which ends that user's tokens; without one it is chosen and shown this once",
    status: 200,
    params: params('user_id'),
    body: Type.Object({ password: Type.Optional(NewPassword) }),
    response: closed(generated),
    errors: ['APIG.1005', 'APIG.3007'],
  }),
  op({
    id: 'createAccessKey',
    method: 'POST',
    path: `${base}/access-keys`,
    family,
    tier: 1,
    summary: 'Create an access key for a user, or for oneself; the secret key is shown this once',
    status: 201,
    body: Type.Object({ user_id: Type.Optional(Id), description: Type.Optional(Description) }),
    response: closed({ ...accessKey, secret_key: Type.String() }),
    errors: ['APIG.1005', 'APIG.3007', 'APIG.3100'],
  }),
  op({
    id: 'listAccessKeys',
    method: 'GET',
    path: `${base}/access-keys`,
    family,
    tier: 1,
    summary: 'List access keys, without their secret keys',
    status: 200,
    query: listQuery('user_id', 'enabled'),
    response: listOf('access_keys', closed(accessKey)),
  }),
  op({
    id: 'updateAccessKey',
    method: 'PUT',
    path: `${base}/access-keys/{access_key}`,
    family,
    tier: 1,
    summary: 'Enable, disable or describe an access key; what is left out stays',
    status: 200,
    params: params('access_key'),
    body: Type.Object({ enabled: Type.Optional(Type.Boolean()), description: Type.Optional(Description) }),
    response: closed(accessKey),
    errors: ['APIG.1005', 'APIG.3007'],
  }),
  op({
    id: 'deleteAccessKey',
    method: 'DELETE',
    path: `${base}/access-keys/{access_key}`,
    family,
    tier: 1,
    summary: 'Delete an access key',
    status: 204,
    params: params('access_key'),
    errors: ['APIG.1005', 'APIG.3007'],
  }),
] as const
