import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sign, type Credentials } from '@pailou/signer'
import type { Command } from 'commander'
import { UsageError } from './client-request.ts'

/** Where the admin API is, and with what it is called. */
export interface Connection {
  readonly origin: string
  readonly credentials: Credentials
}

export interface ConnectionOptions {
  readonly endpoint: string
  readonly dataDir: string
  readonly json?: true
}

/** The admin API said no. */
class Refused extends Error {}

/** Adds what every command of the admin API has. */
export function withConnection(command: Command): Command {
  return (
    command
      .option('--endpoint <url>', 'the admin API', 'http://127.0.0.1:8001')
      .option(
        '--data-dir <directory>',
        'whose admin-credentials.json is used, unless PAILOU_ADMIN_AK and PAILOU_ADMIN_SK are set',
        process.env['PAILOU_DATA_DIR'] || './pailou-data',
      )
      .option('--json', 'print JSON')
      // The commander's own complaints would end with 1, which here says that the admin API refused.
      .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  )
}

/**
 * Runs an action; exit code 0 when it went well, 1 when the admin API refused, 2 when it was never asked or did not answer.
 */
export async function ending(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Refused)) throw error
    console.error(`error: ${error.message}`)
    process.exitCode = error instanceof Refused ? 1 : 2
  }
}

/** @throws UsageError */
export function connection({ endpoint, dataDir }: ConnectionOptions): Connection {
  const url = URL.parse(endpoint)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new UsageError('--endpoint is not the URL of an admin API: write http://HOST:PORT, or the same with https.')
  }
  return { origin: url.origin + url.pathname.replace(/\/+$/, ''), credentials: credentials(dataDir) }
}

function credentials(dataDir: string): Credentials {
  const [key, secret] = [process.env['PAILOU_ADMIN_AK'], process.env['PAILOU_ADMIN_SK']]
  if (key && secret) return checked(key, secret, 'PAILOU_ADMIN_AK')
  const file = join(resolve(dataDir), 'admin-credentials.json')
  if (key || secret) {
    const [set, absent] = key ? ['AK', 'SK'] : ['SK', 'AK']
    // The key of the one with the secret of the other would only give a puzzling refusal.
    throw new UsageError(`PAILOU_ADMIN_${set} is set and PAILOU_ADMIN_${absent} is not: set both, or neither.`)
  }
  const { access_key, secret_key } = fieldsOf(file)
  if (typeof access_key !== 'string' || access_key === '') {
    throw new UsageError(`${file} holds no access key: set PAILOU_ADMIN_AK and PAILOU_ADMIN_SK.`)
  }
  if (typeof secret_key !== 'string' || secret_key === '') {
    throw new UsageError(`${file} holds no secret key, because it was chosen: set PAILOU_ADMIN_AK and PAILOU_ADMIN_SK.`)
  }
  return checked(access_key, secret_key, file)
}

function checked(key: string, secret: string, source: string): Credentials {
  if (!/^[!-+.-~]+$/.test(key)) throw new UsageError(`${source}: the access key contains a comma or white space.`)
  return { key, secret }
}

function fieldsOf(file: string): { readonly access_key?: unknown; readonly secret_key?: unknown } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
    throw new UsageError(
      `There is no credential: ${file} ${why}. Name the data directory with --data-dir, or set PAILOU_ADMIN_AK and PAILOU_ADMIN_SK.`,
    )
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    throw new UsageError(`${file} is not what Pailou has written there: restore it, or set PAILOU_ADMIN_AK and _SK.`)
  }
}

/**
 * Calls the admin API and answers with the parsed body, undefined for none.
 * @throws Refused when it said no, UsageError when it could not be asked
 */
export async function ask<T>(
  { origin, credentials }: Connection,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const url = `${origin}${path}`
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = { 'Content-Type': 'application/json' }
  const added = sign({ method, url, headers, ...(text !== undefined && { body: text }) }, credentials)
  let status: number
  let answer: string
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...added },
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
      ...(text !== undefined && { body: text }),
    })
    status = response.status
    answer = await response.text()
  } catch (error) {
    throw new UsageError(problemOf(error as Error, origin))
  }
  const value = parsed(answer, origin)
  if (status >= 200 && status < 300) return value as T
  throw new Refused(refusalOf(status, value, origin))
}

/** All pages of a list. */
export async function askForAll<T>(
  to: Connection,
  path: string,
  key: string,
  query: Record<string, string> = {},
): Promise<T[]> {
  const items: T[] = []
  for (;;) {
    const search = new URLSearchParams({ ...query, offset: String(items.length), limit: '500' })
    const page = await ask<Readonly<Record<string, readonly T[]>>>(to, 'GET', `${path}?${search.toString()}`)
    const found = page[key] ?? []
    items.push(...found)
    if (found.length < 500) return items
  }
}

function parsed(text: string, origin: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${origin} did not answer like an admin API: check --endpoint.`)
  }
}

function refusalOf(status: number, value: unknown, origin: string): string {
  const { error_code, error_msg, request_id } = (value ?? {}) as Record<string, unknown>
  if (typeof error_code !== 'string') return `${origin} answered ${status}: check --endpoint.`
  const hint =
    status === 401
      ? ' The credential is not known there, is disabled, or the clocks differ by more than 15 minutes.'
      : ''
  return `${String(error_msg)} (${status} ${error_code}, request ${String(request_id)}).${hint}`
}

function problemOf(error: Error, origin: string): string {
  const { code = '' } = (error.cause ?? error) as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${origin}: start the gateway, or name its admin API with --endpoint.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The name in ${origin} cannot be resolved: check --endpoint.`
  if (error.name === 'TimeoutError') return `${origin} did not answer within 30 seconds.`
  return `${origin} cannot be called${code === '' ? '' : ` (${code})`}: check --endpoint.`
}

/** Columns under their names, as wide as their widest cell. */
export function table<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  const cells = [
    columns.map(name => name.replaceAll('_', ' ').toUpperCase()),
    ...rows.map(row => columns.map(cell(row))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map(line => line[at]!.length)))
  return cells
    .map(line =>
      line
        .map((text, at) => text.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const cell =
  <T extends object>(row: T) =>
  (name: keyof T & string): string => {
    const value = row[name]
    if (typeof value === 'boolean') return value ? 'yes' : 'no'
    return String(value).replaceAll(/\s+/g, ' ')
  }

export function print({ json }: ConnectionOptions, value: unknown, text: string): void {
  console.log(json ? JSON.stringify(value, null, 2) : text)
}

/** A line to follow what is printed, empty when the password was chosen by the caller. */
export function shownOnce(password: string | undefined): string {
  return password === undefined ? '' : `\nThe password, shown this once: ${password}`
}
