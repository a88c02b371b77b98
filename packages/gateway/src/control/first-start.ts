import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { hexId } from '../base/ids.ts'
import { type Secret, secret } from '../base/secret.ts'
import type { Catalog, Desk, Edit } from './catalog.ts'
import { newInstance } from './new-instance.ts'
import { hashPassword } from './password.ts'
import { createDirectory, writePrivate } from './private-file.ts'
import { base62, randomText, upperCase } from './random-text.ts'

/** The built-in environment of the first instance has the id that clients of the contract know. */
const releaseEnvironmentId = 'DEFAULT_ENVIRONMENT_RELEASE_ID'
export const credentialsFile = 'admin-credentials.json'

/** What the operator may choose; the rest is generated. */
export interface GivenCredentials {
  /** PAILOU_ADMIN_AK: 8–64 characters A–Z, 0–9. */
  readonly accessKey?: string | undefined
  /** PAILOU_ADMIN_SK: at least 16 printable characters without spaces. */
  readonly secretKey?: string | undefined
  /** PAILOU_ADMIN_PASSWORD: at least 8 characters. */
  readonly password?: string | undefined
}

/** What opens the admin API. A secret is absent when the operator chose it: then only the operator has it. */
export interface AdminCredentials {
  readonly accountName: string
  readonly userName: string
  readonly projectName: string
  readonly accessKey: string
  readonly secretKey?: Secret
  readonly password?: Secret
}

/** A chosen credential that breaks its rule. Names the variable, never its value. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}

export interface FirstStartOptions {
  readonly desk: Desk
  /** The data directory. */
  readonly directory: string
  readonly given: GivenCredentials
  readonly clock: Clock
}

export interface FirstStart {
  /** Whether the store was empty. */
  readonly fresh: boolean
  /** Undefined when the file that held them has been taken away or spoilt. */
  readonly credentials: AdminCredentials | undefined
  readonly projectId: string
  readonly instanceId: string
}

/**
 * Fills an empty store, in one commit: an account, its administrator, a project, an instance with its group DEFAULT and
 * its environment RELEASE. What it generates is in `admin-credentials.json` before it is in the store, so that a kill in
 * between leaves no store that nobody can enter. A store that is not empty stays as it is. Throws CredentialsError.
 */
export async function firstStart({ desk, directory, given, clock }: FirstStartOptions): Promise<FirstStart> {
  const file = join(directory, credentialsFile)
  if (!isEmpty(desk.catalog())) return { fresh: false, credentials: remembered(file), ...firstIds(desk.catalog()) }

  refuseUnfit(given)
  // Left over when the process ended before the commit: nobody has seen them in vain.
  const kept = readCredentials(file)
  const credentials: AdminCredentials = {
    accountName: 'pailou',
    userName: 'admin',
    projectName: 'pailou-1',
    accessKey: given.accessKey ?? kept?.accessKey ?? randomText(upperCase, 20),
    ...(given.secretKey ? {} : { secretKey: kept?.secretKey ?? secret(randomText(base62, 40)) }),
    ...(given.password ? {} : { password: kept?.password ?? secret(randomText(base62, 20)) }),
  }
  createDirectory(directory)
  writePrivate(file, `${JSON.stringify(asText(credentials), null, 2)}\n`)

  const secretKey = credentials.secretKey ?? secret(given.secretKey!)
  const passwordHash = secret(await hashPassword(given.password ?? credentials.password!.secret))
  const fresh = await desk.write(catalog =>
    isEmpty(catalog)
      ? { edits: beginning(credentials, secretKey, passwordHash, clock.now()), result: true }
      : { edits: [], result: false },
  )
  // Another process that shares the store was first: what was generated here opens nothing.
  if (!fresh) rmSync(file, { force: true })
  return { fresh, credentials: fresh ? credentials : undefined, ...firstIds(desk.catalog()) }
}

/** For printing only, so a file that somebody has spoilt stops nobody. */
function remembered(file: string): AdminCredentials | undefined {
  try {
    return readCredentials(file)
  } catch {
    return undefined
  }
}

/** The first instance and its project: the oldest ones. */
function firstIds(catalog: Catalog): { projectId: string; instanceId: string } {
  const instance = catalog.all('instance').at(-1)
  const projectId = instance?.projectId ?? catalog.all('project').at(-1)?.id ?? ''
  return { projectId, instanceId: instance?.id ?? '' }
}

function isEmpty(catalog: Catalog): boolean {
  return catalog.all('account').length === 0
}

function beginning(names: AdminCredentials, secretKey: Secret, passwordHash: Secret, at: number): readonly Edit[] {
  const [accountId, userId, projectId, instanceId] = [hexId(), hexId(), hexId(), hexId()]
  const createdAt = at
  return [
    { put: 'account', document: { id: accountId, name: names.accountName, createdAt } },
    { put: 'user', document: { id: userId, accountId, name: names.userName, passwordHash, createdAt } },
    { put: 'access-key', document: { id: names.accessKey, userId, secretKey, createdAt } },
    { put: 'project', document: { id: projectId, accountId, name: names.projectName, createdAt } },
    ...newInstance({ id: instanceId, projectId, name: 'pailou', description: '', createdAt }, releaseEnvironmentId),
  ]
}

function refuseUnfit({ accessKey, secretKey, password }: GivenCredentials): void {
  if (accessKey !== undefined && !/^[A-Z0-9]{8,64}$/.test(accessKey)) {
    throw new CredentialsError('PAILOU_ADMIN_AK has to be 8–64 characters A–Z and 0–9')
  }
  if (secretKey !== undefined && !/^[\x21-\x7e]{16,256}$/.test(secretKey)) {
    throw new CredentialsError('PAILOU_ADMIN_SK has to be 16–256 printable ASCII characters without spaces')
  }
  if (password !== undefined && (password.length < 8 || Buffer.byteLength(password) > 1024)) {
    throw new CredentialsError('PAILOU_ADMIN_PASSWORD has to have at least 8 characters, and at most 1024 bytes')
  }
}

/** Undefined when there is no such file. Throws CredentialsError when it cannot be read as what it is. */
function readCredentials(file: string): AdminCredentials | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CredentialsError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error })
  }
  const fields = parsed(text)
  const { account, user, project, access_key, secret_key, password } = fields ?? {}
  if (!account || !user || !project || !access_key) {
    throw new CredentialsError(`${file} is not what Pailou has written there: restore it, or move it away`)
  }
  return {
    accountName: account,
    userName: user,
    projectName: project,
    accessKey: access_key,
    ...(secret_key ? { secretKey: secret(secret_key) } : {}),
    ...(password ? { password: secret(password) } : {}),
  }
}

function parsed(text: string): Record<string, string | undefined> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    return Object.values(fields).every(field => typeof field === 'string')
      ? (fields as Record<string, string>)
      : undefined
  } catch {
    return undefined
  }
}

/** The file's own words, as the clients' settings call them. */
function asText(credentials: AdminCredentials): Record<string, string> {
  const { accountName, userName, projectName, accessKey, secretKey, password } = credentials
  return {
    account: accountName,
    user: userName,
    ...(password ? { password: password.secret } : {}),
    project: projectName,
    access_key: accessKey,
    ...(secretKey ? { secret_key: secretKey.secret } : {}),
  }
}
