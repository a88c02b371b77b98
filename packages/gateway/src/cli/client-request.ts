import { readFileSync } from 'node:fs'
import { toByteString, type ByteString } from '@pailou/signer'
import type { Command } from 'commander'

/** A request as a person writes it on the command line, understood. */
export interface ClientRequest {
  readonly method: string
  readonly url: URL
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body?: Uint8Array
}

export interface RequestOptions {
  readonly request?: string
  readonly header?: readonly string[]
  readonly data?: string
}

export interface AppCredentials {
  readonly key: string
  readonly secret: string
}

/** What the person who typed the command has to change, in one sentence. */
export class UsageError extends Error {}

/** A command about one request: `[-X METHOD] [-H 'name: value']... [-d BODY|@FILE] URL`. */
export function requestCommand(program: Command, name: string, summary: string): Command {
  return (
    program
      .command(name)
      .summary(summary)
      .argument('<url>', 'http:// or https://, with path and query')
      .option(
        '--app <key:secret>',
        'the key and the secret of an app; better in PAILOU_APP, where other users of the machine do not see it',
      )
      .option('-X, --request <method>', 'default: GET, and POST when there is a body')
      .option('-H, --header <line>', "'name: value'; may be repeated", (line, lines: string[] | undefined) => [
        ...(lines ?? []),
        line,
      ])
      .option('-d, --data <body>', 'the body, or @FILE to read it from there, or @- from standard input')
      // The commander's own complaints would end with 1, which here says that the server refused.
      .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  )
}

/** Runs the action; what it throws on purpose becomes one line on standard error and exit code 2. */
export function act<O>(command: Command, run: (url: string, options: O) => Promise<number>): void {
  command.action(async (url: string, options: O) => {
    try {
      process.exitCode = await run(url, options)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      command.error(`error: ${error.message}`, { exitCode: 2 })
    }
  })
}

export function readRequest(url: string, options: RequestOptions): ClientRequest {
  const headers = (options.header ?? []).map(readHeader)
  const body = options.data === undefined ? undefined : readBody(options.data)
  const method = (options.request ?? (body ? 'POST' : 'GET')).toUpperCase()
  if (!isToken(method)) throw new UsageError(`${JSON.stringify(method)} is not a method: write -X GET, for example.`)
  return { method, url: readUrl(url), headers, ...(body && { body }) }
}

export function readApp(text: string): AppCredentials {
  const colon = text.indexOf(':')
  // The text may be a secret alone, so it is not repeated.
  if (colon < 0) throw new UsageError('The app has no colon: write --app KEY:SECRET, or set PAILOU_APP to KEY:SECRET.')
  const key = text.slice(0, colon)
  const secret = text.slice(colon + 1)
  if (key === '' || secret === '') {
    throw new UsageError(`The app has an empty ${key === '' ? 'key' : 'secret'}: write --app KEY:SECRET.`)
  }
  if (/[\s,]/.test(key))
    throw new UsageError('The key of the app contains a comma or white space: copy it again, it has neither.')
  return { key, secret }
}

/** As the bytes that go onto the wire; a terminal writes UTF-8. */
export function wireHeaders({ headers }: ClientRequest): [name: string, value: ByteString][] {
  return headers.map(({ name, value }) => [name, toByteString(value)])
}

export function hasHeader({ headers }: ClientRequest, name: string): boolean {
  return headers.some(header => header.name.toLowerCase() === name)
}

function readUrl(text: string): URL {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${JSON.stringify(text)} is not a URL: write http://HOST:PORT/PATH, or the same with https.`)
  }
  if (url.username || url.password)
    throw new UsageError('The URL contains a user or a password: give them with -H, or --app.')
  url.hash = ''
  return url
}

function readHeader(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) throw new UsageError(`The header ${JSON.stringify(line)} has no colon: write -H 'name: value'.`)
  const name = line.slice(0, colon).trim()
  const value = line.slice(colon + 1).trim()
  if (!isToken(name)) throw new UsageError(`${JSON.stringify(name)} is not a header name: write -H 'name: value'.`)
  if (/[^\P{Cc}\t]/u.test(value)) throw new UsageError(`The header ${name} contains a control character: remove it.`)
  return { name, value }
}

function readBody(data: string): Uint8Array {
  if (!data.startsWith('@')) return Buffer.from(data)
  const file = data.slice(1)
  return readFile(file === '-' ? 0 : file, `-d ${data}`)
}

/** `option` is what the person wrote, for the error. */
export function readFile(file: string | number, option: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(
      `The file of ${option} cannot be read (${(error as NodeJS.ErrnoException).code}): check its name and its mode.`,
    )
  }
}

function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
}
