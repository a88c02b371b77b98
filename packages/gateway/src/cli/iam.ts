import type { OperationById, OperationId, ResponseOf } from '@pailou/contract'
import { Argument, Option, type Command } from 'commander'
import {
  ask,
  askForAll,
  connection,
  type Connection,
  type ConnectionOptions,
  ending,
  print,
  shownOnce,
  table,
  withConnection,
} from './admin-client.ts'
import { UsageError } from './client-request.ts'
import { addAccountCommands } from './iam-accounts.ts'
import { readSecrets } from './read-secrets.ts'

type AnswerOf<Id extends OperationId> = ResponseOf<OperationById<Id>>
type User = AnswerOf<'showUser'>
type AccessKey = AnswerOf<'updateAccessKey'>

interface PasswordOptions extends ConnectionOptions {
  readonly passwordStdin?: true
}

const users = '/pailou/v1/iam/users'
const keys = '/pailou/v1/iam/access-keys'
const roles = ['administrator', 'operator', 'viewer']
const userColumns = ['name', 'role', 'enabled', 'access_keys', 'create_time', 'id'] as const
const keyColumns = ['access_key', 'user_name', 'enabled', 'create_time', 'description'] as const

/** `pailou iam`: who may use the admin API. */
export function addIam(program: Command): void {
  const iam = program.command('iam').description('manage users, roles and access keys of the admin API')
  addUserCommands(iam.command('user').description('users, their roles and passwords'))
  addKeyCommands(iam.command('key').description('access keys: the AK and SK that sign calls'))
  addAccountCommands(iam.command('account').description('accounts: users, projects and instances of their own'))
}

function addUserCommands(group: Command): void {
  withConnection(group.command('list').description('list users')).action((options: ConnectionOptions) =>
    ending(async () => {
      const found = await askForAll<User>(connection(options), users, 'users')
      print(options, found, table(found, userColumns))
    }),
  )

  withPassword(
    withConnection(
      group
        .command('create <name>')
        .description('create a user; the password is chosen and shown once, unless you give one'),
    ),
  )
    .addOption(new Option('--role <role>', 'what the user may do').choices(roles).default('viewer'))
    .action((name: string, options: PasswordOptions & { role: string }) =>
      ending(async () => {
        const to = connection(options)
        const password = options.passwordStdin ? (await readSecrets(['the password'], true))[0] : undefined
        const created = await ask<AnswerOf<'createUser'>>(to, 'POST', users, { name, role: options.role, password })
        print(options, created, `${table([created], userColumns)}${shownOnce(created.password)}`)
      }),
    )

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    const does = enabled ? 'let a user enter again' : "keep a user out; the user's tokens end at once"
    changing(group.command(`${verb} <user>`).description(does), () => ({ enabled }))
  }
  changing(
    group
      .command('role <user>')
      .description("change what a user may do; the user's tokens end at once")
      .addArgument(new Argument('<role>').choices(roles)),
    role => ({ role }),
  )

  withPassword(
    withConnection(
      group.command('password [user]').description('change your own password, or give another user a new one'),
    ),
  ).action((name: string | undefined, options: PasswordOptions) => ending(() => changePassword(name, options)))

  withConnection(group.command('delete <user>').description('delete a user with all access keys')).action(
    (name: string, options: ConnectionOptions) =>
      ending(async () => {
        const to = connection(options)
        const user = await userNamed(to, name)
        await ask(to, 'DELETE', `${users}/${user.id}`)
        print(options, { id: user.id }, `The user ${user.name} is deleted.`)
      }),
  )
}

/** A command that changes one user and shows how the user is now. */
function changing(command: Command, change: (argument: string) => object): void {
  withConnection(command).action(async (...given: unknown[]) => {
    const [name, argument = ''] = given as [string, string?]
    const [options] = given.slice(-2) as [ConnectionOptions]
    await ending(async () => {
      const to = connection(options)
      const { id } = await userNamed(to, name)
      const user = await ask<User>(to, 'PUT', `${users}/${id}`, change(argument))
      print(options, user, table([user], userColumns))
    })
  })
}

async function changePassword(name: string | undefined, options: PasswordOptions): Promise<void> {
  const to = connection(options)
  const self = await ask<User>(to, 'GET', '/pailou/v1/iam/self')
  const user = name === undefined ? self : await userNamed(to, name)
  if (user.id === self.id) {
    const wanted = ['the old password', 'the new password']
    const [old_password, password] = await readSecrets(wanted, options.passwordStdin === true)
    await ask(to, 'PUT', '/pailou/v1/iam/self/password', { old_password, password })
    print(options, { id: user.id }, `Your password (${user.name}) is changed; your tokens have ended.`)
    return
  }
  const password = options.passwordStdin ? (await readSecrets(['the new password'], true))[0] : undefined
  const given = await ask<AnswerOf<'resetPassword'>>(to, 'PUT', `${users}/${user.id}/password`, { password })
  print(options, { id: user.id, ...given }, `The user ${user.name} has a new password.${shownOnce(given.password)}`)
}

function addKeyCommands(group: Command): void {
  withConnection(group.command('list [user]').description('list the access keys of a user, or all')).action(
    (name: string | undefined, options: ConnectionOptions) =>
      ending(async () => {
        const to = connection(options)
        const query: Record<string, string> = name === undefined ? {} : { user_id: (await userNamed(to, name)).id }
        const found = await askForAll<AccessKey>(to, keys, 'access_keys', query)
        print(options, found, table(found, keyColumns))
      }),
  )

  withConnection(
    group
      .command('create [user]')
      .description('create an access key for a user, or for yourself; the SK is shown once'),
  )
    .option('--description <text>', 'what it is for')
    .action((name: string | undefined, options: ConnectionOptions & { description?: string }) =>
      ending(async () => {
        const to = connection(options)
        const user_id = name === undefined ? undefined : (await userNamed(to, name)).id
        const { description } = options
        const created = await ask<AnswerOf<'createAccessKey'>>(to, 'POST', keys, { user_id, description })
        const { access_key, secret_key, user_name } = created
        print(
          options,
          created,
          `AK ${access_key}\nSK ${secret_key}\nFor the user ${user_name}. The SK is shown this once.`,
        )
      }),
    )

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    withConnection(group.command(`${verb} <access-key>`).description(`${verb} an access key, at once`)).action(
      (key: string, options: ConnectionOptions) =>
        ending(async () => {
          const changed = await ask<AccessKey>(connection(options), 'PUT', pathOfKey(key), { enabled })
          print(options, changed, table([changed], keyColumns))
        }),
    )
  }

  withConnection(group.command('delete <access-key>').description('delete an access key')).action(
    (key: string, options: ConnectionOptions) =>
      ending(async () => {
        await ask(connection(options), 'DELETE', pathOfKey(key))
        print(options, { access_key: key }, `The access key ${key} is deleted.`)
      }),
  )
}

function withPassword(command: Command): Command {
  return command.option('--password-stdin', 'read the password from the standard input')
}

const pathOfKey = (key: string): string => `${keys}/${encodeURIComponent(key)}`

/** People know names; a name that looks like an id is one all the same. */
async function userNamed(to: Connection, name: string): Promise<User> {
  const found = await askForAll<User>(to, users, 'users', { name, precise_search: 'name' })
  const user = found[0] ?? (await askForAll<User>(to, users, 'users')).find(({ id }) => id === name)
  if (!user) throw new UsageError(`There is no user ${JSON.stringify(name)}: "pailou iam user list" shows them all.`)
  return user
}
