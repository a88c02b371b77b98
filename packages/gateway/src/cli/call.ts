import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions as SendOptions } from 'node:https'
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import {
  act,
  hasHeader,
  readApp,
  readFile,
  readRequest,
  requestCommand,
  UsageError,
  wireHeaders,
  type ClientRequest,
  type RequestOptions,
} from './client-request.ts'
import { signRequest } from './sign.ts'

interface CallOptions extends RequestOptions {
  readonly app?: string
  readonly appCode?: string
  readonly include?: true
  readonly insecure?: true
  readonly cacert?: string
}

/** `pailou call`: sends a request with the credential of an app. Exit code 0 below 400, 1 from there on, 2 when there was no answer. */
export function addCall(program: Command): void {
  const command = requestCommand(program, 'call', 'send a request with the credential of an app, and print the answer')
  command
    .addOption(command.createOption('--app-code <code>', 'an AppCode instead of a signature').conflicts('app'))
    .option('-i, --include', 'also print the status line and the headers')
    .option('-k, --insecure', 'accept any certificate')
    .option('--cacert <file>', 'trust the certificates in this PEM file')
  act(command, async (url, options: CallOptions) => {
    const request = readRequest(url, options)
    const headers = [...wireHeaders(request), ...credentialHeaders(request, options)]
    const response = await send(request, headers, trust(options))
    if (options.include) process.stdout.write(headOf(response))
    await printBody(response, request.url)
    return (response.statusCode ?? 0) < 400 ? 0 : 1
  })
}

function credentialHeaders(
  request: ClientRequest,
  { app = process.env['PAILOU_APP'], appCode }: CallOptions,
): [string, string][] {
  if (appCode !== undefined) {
    if (!/^[!-~]+$/.test(appCode)) throw new UsageError('The AppCode is empty or contains white space: copy it again.')
    return [['X-Apig-AppCode', appCode]]
  }
  if (!app)
    throw new UsageError(
      'There is no credential: give --app KEY:SECRET or --app-code CODE, or set PAILOU_APP to KEY:SECRET.',
    )
  return Object.entries(signRequest(request, readApp(app)).headers)
}

function trust({ insecure, cacert }: CallOptions): SendOptions {
  return {
    ...(insecure && { rejectUnauthorized: false }),
    ...(cacert !== undefined && { ca: readCertificates(cacert) }),
  }
}

function readCertificates(file: string): Buffer {
  const pem = readFile(file, `--cacert ${file}`)
  // Node would take anything, and later say that the server is not trusted.
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new UsageError(`The file of --cacert ${file} holds no certificate: give one in PEM form.`)
  }
  return pem
}

/** Names below `localhost` are this machine's by definition, but not every resolver knows. */
const lookupLocally: LookupFunction = (hostname, options, callback) => {
  if (!/(^|\.)localhost$/i.test(hostname)) return lookup(hostname, options, callback)
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  if (options.all) callback(null, addresses)
  else callback(null, '127.0.0.1', 4)
}

function send(
  request: ClientRequest,
  headers: readonly [string, string][],
  options: SendOptions,
): Promise<IncomingMessage> {
  const { method, url, body } = request
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    let outgoing
    try {
      outgoing = start(url, { method, lookup: lookupLocally, agent: false, ...options })
      const values = new Map<string, { name: string; all: string[] }>()
      for (const [name, value] of headers) {
        const entry = values.get(name.toLowerCase())
        if (entry) entry.all.push(value)
        else values.set(name.toLowerCase(), { name, all: [value] })
      }
      for (const { name, all } of values.values()) outgoing.setHeader(name, all.length === 1 ? all[0]! : all)
      // Node leaves it out for the methods that seldom have a body.
      if (body && !hasHeader(request, 'content-length') && !hasHeader(request, 'transfer-encoding')) {
        outgoing.setHeader('Content-Length', body.length)
      }
    } catch (error) {
      outgoing?.on('error', () => {}).destroy()
      return reject(new UsageError(`The request cannot be sent: ${(error as Error).message}.`))
    }
    outgoing.on('response', resolve)
    outgoing.on('error', error => reject(new UsageError(problemOf(error, url))))
    outgoing.end(body)
  })
}

function headOf(response: IncomingMessage): string {
  const lines = [`HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}`]
  const { rawHeaders } = response
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${Buffer.from(rawHeaders[i + 1]!, 'latin1').toString()}`)
  return `${lines.join('\n')}\n\n`
}

async function printBody(response: IncomingMessage, url: URL): Promise<void> {
  try {
    await pipeline(response, process.stdout, { end: false })
  } catch (error) {
    // Whoever reads our output may stop early.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
    throw new UsageError(
      `${url.host} closed the connection before its answer was complete: look into its log, or try again.`,
    )
  }
}

function problemOf(error: NodeJS.ErrnoException, { protocol, host, hostname }: URL): string {
  const code = error.code ?? ''
  if (code === 'ECONNREFUSED') return `Nothing listens on ${host}: start the gateway there, or check the port.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The name ${hostname} cannot be resolved: check the URL, or add the name to your hosts file.`
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return `${host} cannot be reached (${code}): check the address and the network.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `The certificate of ${host} is for another name: check the URL, or give -k to accept it.`
  if (code === 'CERT_HAS_EXPIRED') return `The certificate of ${host} has expired: renew it, or give -k to accept it.`
  if (/CERT|UNABLE_TO/.test(code))
    return `The certificate of ${host} is not trusted: give its issuer with --cacert FILE, or -k to accept it.`
  if (code === 'EPROTO' || /SSL/.test(code)) return `${host} does not speak TLS: write http:// instead of https://.`
  if (code === 'ECONNRESET' || code.startsWith('HPE_')) {
    const other = protocol === 'http:' ? 'https' : 'http'
    return `${host} did not answer with HTTP: check the port, or write ${other}://.`
  }
  return `${host} cannot be called: ${error.message}.`
}
