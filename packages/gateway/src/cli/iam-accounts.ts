import type { OperationById, ResponseOf } from '@pailou/contract'
import type { Command } from 'commander'
import {
  ask,
  askForAll,
  connection,
  ending,
  print,
  shownOnce,
  table,
  withConnection,
  type ConnectionOptions,
} from './admin-client.ts'
import { UsageError } from './client-request.ts'

type Account = ResponseOf<OperationById<'listAccounts'>>['accounts'][number]
type Created = ResponseOf<OperationById<'createAccount'>>

const accounts = '/pailou/v1/iam/accounts'

/** `pailou iam account`: for the administrators of the first account. */
export function addAccountCommands(group: Command): void {
  withConnection(group.command('list').description('list accounts')).action((options: ConnectionOptions) =>
    ending(async () => {
      const found = await askForAll<Account>(connection(options), accounts, 'accounts')
      print(options, found, table(found, ['name', 'users', 'instances', 'create_time', 'id']))
    }),
  )

  withConnection(group.command('create <name>').description('create an account; its secrets are shown once'))
    .option('--user <name>', 'its administrator', 'admin')
    .option('--project <name>', 'its project, named as its region; without it as the first project of all')
    .action((name: string, options: ConnectionOptions & { user: string; project?: string }) =>
      ending(async () => {
        const body = { name, user_name: options.user, project_name: options.project }
        const created = await ask<Created>(connection(options), 'POST', accounts, body)
        print(options, created, told(created))
      }),
    )

  withConnection(
    group.command('delete <account>').description('delete an account that has no instance any more'),
  ).action((name: string, options: ConnectionOptions) =>
    ending(async () => {
      const to = connection(options)
      const found = await askForAll<Account>(to, accounts, 'accounts')
      const account = found.find(each => each.name === name) ?? found.find(({ id }) => id === name)
      if (!account) {
        throw new UsageError(`There is no account ${JSON.stringify(name)}: "pailou iam account list" shows them all.`)
      }
      await ask(to, 'DELETE', `${accounts}/${account.id}`)
      print(options, { id: account.id }, `The account ${account.name} is deleted.`)
    }),
  )
}

function told(created: Created): string {
  return [
    `account ${created.name}   user ${created.user_name}`,
    `AK ${created.access_key}\nSK ${created.secret_key}`,
    `instance ${created.instance_id}   project ${created.project_id} (${created.project_name})`,
    `The SK is shown this once.${shownOnce(created.password)}`,
  ].join('\n')
}
