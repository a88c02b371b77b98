import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

/** What a process is told at its start. */
export interface Settings {
  readonly host: string
  readonly httpPort: number
  readonly httpsPort: number
  readonly adminPort: number
  /** Absolute. */
  readonly dataDir: string
  /** `postgres://…`: the configuration is kept there, and shared with whoever else keeps it there. */
  readonly databaseUrl: string | undefined
  readonly workers: number
  /** Lower case: a group's debugging domain is `<group id>.<suffix>`. */
  readonly domainSuffix: string
  readonly adminAk: string | undefined
  readonly adminSk: string | undefined
  readonly adminPassword: string | undefined
  readonly masterKey: string | undefined
  readonly demo: boolean
  /** Where the log goes: a file, or `-` for the standard output. */
  readonly log: string | undefined
}

type Read<T> = (text: string) => T | undefined

/** One setting: an environment variable `PAILOU_<NAME>`, a flag `--<name>`, a key of the configuration file. */
export interface Setting<T = unknown> {
  readonly name: string
  /** What stands behind the flag in the help. */
  readonly value: string
  readonly help: string
  /** What is allowed, for the error. */
  readonly rule: string
  readonly read: Read<T>
  readonly fallback: string | undefined
  /** A secret is not taken from the command line, where every user of the machine can read it. */
  readonly secret?: true
}

const port: Read<number> = text => (/^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined)
const portRule = 'a port, 0 to 65535; 0 lets the system choose'
const anyText: Read<string> = text => text
const workersOf: Read<number> = text =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 256 ? Number(text) : undefined
function postgresUrl(text: string): string | undefined {
  const { protocol = '', pathname = '', username = '', password = '' } = URL.parse(text) ?? {}
  // The driver decodes them, and would fail at each connection where that cannot be done.
  const encoded = [pathname, username, password].every(part => /^([^%]|%[0-9a-fA-F]{2})*$/.test(part))
  return encoded && /^postgres(ql)?:$/.test(protocol) && /^\/[^/]+$/.test(pathname) ? text : undefined
}
const labels = /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

/** Every setting there is. The reader of the environment, the command line and the help are all made from it. */
export const settingTable = {
  host: {
    name: 'host',
    value: '<address>',
    help: 'the address to listen on',
    rule: 'an IP address or a host name',
    read: (text: string) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
    fallback: '127.0.0.1',
  },
  httpPort: {
    name: 'http-port',
    value: '<port>',
    help: 'the gateway, HTTP',
    rule: portRule,
    read: port,
    fallback: '8000',
  },
  httpsPort: {
    name: 'https-port',
    value: '<port>',
    help: 'the gateway, HTTPS',
    rule: portRule,
    read: port,
    fallback: '8443',
  },
  adminPort: {
    name: 'admin-port',
    value: '<port>',
    help: 'the admin API',
    rule: portRule,
    read: port,
    fallback: '8001',
  },
  dataDir: {
    name: 'data-dir',
    value: '<directory>',
    help: 'where everything is kept',
    rule: 'a directory',
    read: (text: string) => (text === '' ? undefined : resolve(text)),
    fallback: './pailou-data',
  },
  databaseUrl: {
    name: 'database-url',
    value: '<url>',
    help: 'a PostgreSQL database for several gateways to share; without it a file in the data directory',
    rule: 'a URL as postgres://user:password@host:5432/database',
    read: postgresUrl,
    fallback: undefined,
    secret: true,
  },
  workers: {
    name: 'workers',
    value: '<number>',
    help: 'traffic threads; without it one for each core',
    rule: 'a number from 1 to 256',
    read: workersOf,
    fallback: String(Math.min(availableParallelism(), 256)),
  },
  domainSuffix: {
    name: 'domain-suffix',
    value: '<domain>',
    help: "a group's debugging domain is its id and this",
    rule: 'a domain name',
    read: (text: string) => (labels.test(text.toLowerCase()) ? text.toLowerCase() : undefined),
    fallback: 'apig.localhost',
  },
  adminAk: {
    name: 'admin-ak',
    value: '<key>',
    help: "the administrator's access key, at the first start",
    rule: 'text',
    read: anyText,
    fallback: undefined,
  },
  adminSk: {
    name: 'admin-sk',
    value: '<key>',
    help: "the administrator's secret key, at the first start",
    rule: 'text',
    read: anyText,
    fallback: undefined,
    secret: true,
  },
  adminPassword: {
    name: 'admin-password',
    value: '<text>',
    help: "the administrator's password, at the first start",
    rule: 'text',
    read: anyText,
    fallback: undefined,
    secret: true,
  },
  masterKey: {
    name: 'master-key',
    value: '<key>',
    help: 'seals secrets at rest; without it a file in the data directory does',
    rule: 'text',
    read: anyText,
    fallback: undefined,
    secret: true,
  },
  demo: {
    name: 'demo',
    value: '<0|1>',
    help: '0 leaves out the demo of a first start',
    rule: '0 or 1',
    read: (text: string) => ({ '0': false, '1': true, 'false': false, 'true': true })[text],
    fallback: '1',
  },
  log: {
    name: 'log',
    value: '<file>',
    help: 'where the log goes; - is the standard output; without it <data-dir>/pailou.log',
    rule: 'a file, or -',
    read: anyText,
    fallback: undefined,
  },
} as const satisfies { readonly [K in keyof Settings]: Setting<Settings[K]> }

/** A setting that cannot be. The message is one line for the person at the keyboard. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** What is promised but not built: saying nothing would let somebody believe it. */
const notYet = ['PAILOU_REDIS_URL', 'PAILOU_IAM_URL']

/**
 * Flags win over the environment, the environment over the configuration file, the file over the defaults.
 * @param flags by the name of the setting, as `httpPort`
 * @throws SettingsError
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string | undefined>> = {},
  file?: string,
): Settings {
  for (const name of notYet) {
    if (environment[name]) throw new SettingsError(`${name} is set, but this version has no use for it yet: unset it.`)
  }
  const kept = file === undefined ? {} : readFile(file)
  const settings: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries<Setting>(settingTable)) {
    const variable = variableOf(key as keyof Settings)
    if (setting.secret && flags[key] !== undefined) {
      throw new SettingsError(
        `--${setting.name} would show a secret to every user of this machine: set ${variable} instead.`,
      )
    }
    const [text, source] =
      flags[key] !== undefined
        ? [flags[key], `--${setting.name}`]
        : // An empty variable is how shells and container files say "not set".
          environment[variable]
          ? [environment[variable], variable]
          : kept[key] !== undefined
            ? [kept[key], `${key} in ${file}`]
            : [setting.fallback, variable]
    if (text === undefined) {
      settings[key] = undefined
      continue
    }
    const value = setting.read(text)
    if (value === undefined) {
      const shown = setting.secret ? '' : ` "${text.slice(0, 64)}"`
      throw new SettingsError(`${source}${shown} is not ${setting.rule}.`)
    }
    settings[key] = value
  }
  refuseOnePortForTwo(settings as unknown as Settings)
  return settings as unknown as Settings
}

/** Traffic threads share their ports, so the system would not object: each connection would reach one of the two by chance. */
function refuseOnePortForTwo(settings: Settings): void {
  const ports = ['httpPort', 'httpsPort', 'adminPort'] as const
  for (const [index, key] of ports.entries()) {
    const other = ports.slice(0, index).find(before => settings[before] === settings[key])
    if (other === undefined || settings[key] === 0) continue
    throw new SettingsError(
      `${variableOf(other)} and ${variableOf(key)} are both ${settings[key]}: each has to be a port of its own.`,
    )
  }
}

/** The environment variable of a setting. */
export function variableOf(key: keyof Settings): string {
  return `PAILOU_${settingTable[key].name.toUpperCase().replaceAll('-', '_')}`
}

/** The flag of a setting, as one types it. */
export function flagOf(key: keyof Settings): string {
  return `--${settingTable[key].name}`
}

function readFile(file: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new SettingsError(`The configuration file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // The parser's message may quote the text, and with it a secret.
    const [place = ''] = /\bposition \d+ \(line \d+ column \d+\)/.exec((error as Error).message) ?? []
    throw new SettingsError(`The configuration file ${file} is not JSON${place === '' ? '' : `, ${place}`}.`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingsError(`The configuration file ${file} has to hold one JSON object.`)
  }
  const kept: Record<string, string> = {}
  for (const [key, inner] of Object.entries(value)) {
    if (!Object.hasOwn(settingTable, key)) {
      throw new SettingsError(
        `The configuration file ${file} has an unknown key "${key}". Known: ${Object.keys(settingTable).join(', ')}.`,
      )
    }
    if (!['string', 'number', 'boolean'].includes(typeof inner)) {
      throw new SettingsError(`${key} in ${file} has to be a text, a number, true or false.`)
    }
    kept[key] = String(inner)
  }
  return kept
}
