import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { parseAuthorization, prepareKey, sha256Hex, verify, type Verification } from '@pailou/signer'

export const app = { key: 'TESTKEY', secret: 'planted:secret-with-colon' }
export const appText = `${app.key}:${app.secret}`
const key = prepareKey(app.secret)

/** Runs a command as a process of its own, through a program which has just that one. */
export async function run(
  command: 'sign' | 'call',
  args: readonly string[],
  given: { env?: Record<string, string>; input?: string } = {},
) {
  const add = command === 'sign' ? 'addSign' : 'addCall'
  const program = `
    import { Command } from 'commander'
    import { ${add} } from ${JSON.stringify(new URL(`${command}.ts`, import.meta.url).href)}
    const program = new Command('pailou')
    ${add}(program)
    await program.parseAsync(process.argv.slice(1), { from: 'user' })
  `
  const { PAILOU_APP: _, ...env } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', command, ...args], {
    cwd: import.meta.dirname,
    env: { ...env, ...given.env },
  })
  child.stdin.end(given.input ?? '')
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise(ended => child.on('close', ended)),
  ])
  return { code, stdout, stderr }
}

/** What a server received, and whether its signature is good. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headersDistinct']
  readonly body: string
  /** Undefined when there is no readable Authorization. */
  readonly verification: Verification | undefined
}

export async function receive(request: IncomingMessage): Promise<Received> {
  const body = await buffer(request)
  const { method = '', url = '', headersDistinct: headers } = request
  const [path = '', query = ''] = url.split('?')
  const authorization = parseAuthorization(headers['authorization']?.[0] ?? '')
  const received = { method, path, query, headers: (name: string) => headers[name], bodyHash: sha256Hex(body) }
  const verification =
    'access' in authorization && authorization.access === app.key
      ? verify(received, authorization, key, { now: Date.now(), strict: true })
      : undefined
  return { method, url, headers, body: body.toString(), verification }
}

/** A server on a port of its own, with TLS when there is a certificate. */
export async function listen(listener: RequestListener, tls?: { readonly key: string; readonly cert: string }) {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await new Promise(listening => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}
