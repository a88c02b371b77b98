import { signWithDetails, type SigningDetails } from '@pailou/signer'
import type { Command } from 'commander'
import {
  act,
  hasHeader,
  readApp,
  readRequest,
  requestCommand,
  UsageError,
  wireHeaders,
  type AppCredentials,
  type ClientRequest,
  type RequestOptions,
} from './client-request.ts'

interface SignOptions extends RequestOptions {
  readonly app?: string
  readonly curl?: true
  readonly json?: true
  readonly explain?: true
}

/** `pailou sign`: prints what has to be added to a request, and sends nothing. */
export function addSign(program: Command): void {
  const command = requestCommand(
    program,
    'sign',
    'sign a request with the key and secret of an app, and print the headers to add',
  )
  command
    .addOption(command.createOption('--curl', 'print a command that sends the signed request').conflicts('json'))
    .option('--json', 'print method, URL and headers as JSON')
    .option('--explain', 'also print the canonical request and the string to sign')
  act(command, async (url, options: SignOptions) => {
    const app = options.app ?? process.env['PAILOU_APP']
    if (!app)
      throw new UsageError('There is nothing to sign with: give --app KEY:SECRET, or set PAILOU_APP to KEY:SECRET.')
    const credentials = readApp(app)
    const request = readRequest(url, options)
    process.stdout.write(print(request, signRequest(request, credentials), options))
    return 0
  })
}

export function signRequest(request: ClientRequest, credentials: AppCredentials): SigningDetails {
  const { method, url, body } = request
  try {
    return signWithDetails({ method, url, headers: wireHeaders(request), ...(body && { body }) }, credentials)
  } catch (error) {
    throw new UsageError(`The request cannot be signed: ${(error as Error).message}.`)
  }
}

function print(request: ClientRequest, details: SigningDetails, options: SignOptions): string {
  const { headers } = details
  const canonicalRequest = readable(details.canonicalRequest)
  const { stringToSign } = details
  if (options.json) {
    const shown = { method: request.method, url: request.url.href, headers }
    return `${JSON.stringify(options.explain ? { ...shown, canonicalRequest, stringToSign } : shown, null, 2)}\n`
  }
  const first = options.curl
    ? curlLine(request, headers, options.data)
    : Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')
  if (!options.explain) return `${first}\n`
  return `${first}\n\n# Canonical request\n${canonicalRequest}\n\n# String to sign\n${stringToSign}\n`
}

/** A command for a POSIX shell. `data` is the body as it was written, so that a file stays a file. */
function curlLine(request: ClientRequest, added: Readonly<Record<string, string>>, data?: string): string {
  const { method, url } = request
  const words = ['curl']
  // Brackets and braces would be taken for patterns.
  if (/[[\]{}]/.test(url.pathname + url.search)) words.push('--globoff')
  if (method === 'HEAD') words.push('--head')
  else if (method !== 'GET' || data !== undefined) words.push('-X', method)
  for (const { name, value } of request.headers) words.push('-H', value === '' ? `${name};` : `${name}: ${value}`)
  // The name in the URL gives the same Host.
  for (const [name, value] of Object.entries(added)) if (name !== 'Host') words.push('-H', `${name}: ${value}`)
  if (data !== undefined) {
    // Curl would call every body a form.
    if (!hasHeader(request, 'content-type')) words.push('-H', 'Content-Type:')
    words.push(data.startsWith('@') ? '--data-binary' : '--data-raw', data)
  }
  return [...words, url.href].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Byte strings hold UTF-8; a terminal wants the text. */
function readable(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
