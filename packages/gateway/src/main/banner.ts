import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { Running } from './start.ts'

type Configured = Awaited<Running['configured']>

/** What the person at the keyboard needs to begin: where everything is, how to get in, and three calls to paste. */
export function banner(running: Running, { first, demo }: Configured): string {
  const { settings, httpPort, httpsPort, adminPort } = running
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const file = (path: string) => {
    const near = relative(process.cwd(), path)
    return near === '' || near.startsWith('..') ? path : near
  }
  const title = (text: string) => styleText('bold', text)
  const lines = [
    '',
    `${title('Pailou 牌楼')} is serving.`,
    '',
    `  gateway      http://${host}:${httpPort}   https://${host}:${httpsPort}`,
    `  admin API    http://${host}:${adminPort}   (its operations: http://${host}:${adminPort}/openapi.json)`,
    `  instance     ${first.instanceId}   project ${first.projectId}`,
    `  data         ${file(settings.dataDir)}   log ${file(running.logFile)}`,
    '',
    ...credentials(running, first, file),
  ]
  if (demo !== undefined) lines.push('', ...demoLines(running, demo, file))
  if (!['127.0.0.1', '::1', 'localhost'].includes(settings.host)) {
    lines.push(
      '',
      `  The gateway and the admin API can be reached from other machines, because the host is ${settings.host}.`,
    )
  }
  lines.push('', 'Ctrl-C lets running requests finish and stops.', '')
  return lines.join('\n')
}

function credentials(
  running: Running,
  { fresh, credentials }: Configured['first'],
  file: (path: string) => string,
): string[] {
  if (credentials === undefined)
    return [
      `  The administrator's credentials were shown at the first start; ${file(running.credentialsFile)} is not there.`,
    ]
  if (!fresh) return [`  The administrator's credentials are in ${file(running.credentialsFile)}.`]
  const { accountName, userName, accessKey, secretKey, password } = credentials
  return [
    `  ${styleText('bold', 'Administrator')} (shown this once, kept in ${file(running.credentialsFile)}, which only you can read)`,
    `    account ${accountName}   user ${userName}   password ${password?.secret ?? 'the one you chose'}`,
    `    AK ${accessKey}   SK ${secretKey?.secret ?? 'the one you chose'}`,
  ]
}

function demoLines(
  running: Running,
  { groupId, app, code }: NonNullable<Configured['demo']>,
  file: (path: string) => string,
): string[] {
  const { settings, httpPort, httpsPort, certificateFile } = running
  const domain = `${groupId}.${settings.domainSuffix}`
  const http = httpPort === 80 ? domain : `${domain}:${httpPort}`
  const https = httpsPort === 443 ? domain : `${domain}:${httpsPort}`
  // Whoever listens elsewhere or has another suffix has to say where the name leads.
  const at = ['127.0.0.1', '::1', 'localhost'].includes(settings.host) && /(^|\.)localhost$/.test(settings.domainSuffix)
  const address = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const lead = (name: string, port: number) =>
    at ? '' : `--connect-to ${shellWord(`${name}:${port}:${address}:${port}`)} `
  return [
    `  ${styleText('bold', 'Three APIs to try')}, in the group "demo":`,
    '',
    '    open, a mock backend',
    `      curl -i ${lead(domain, httpPort)}http://${http}/hello`,
    '',
    '    with an AppCode, over HTTPS',
    `      curl -i ${lead(domain, httpsPort)}--cacert ${shellWord(file(certificateFile))} -H 'X-Apig-AppCode: ${code.code.secret}' https://${https}/code`,
    '',
    '    signed with an app key, to a small echo server',
    `      npx pailou call -i --app ${app.key}:${app.secret.secret} http://${http}/echo/anything?x=1`,
  ]
}

/** What stands in a line to paste has to stay one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
