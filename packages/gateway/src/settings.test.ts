import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { flagOf, readSettings, settingTable, SettingsError, variableOf, type Settings } from './settings.ts'

const directory = mkdtempSync(join(tmpdir(), 'pailou-settings-'))
after(() => rmSync(directory, { recursive: true }))

let files = 0
function fileWith(content: string | object): string {
  const file = join(directory, `config${files++}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const keys = Object.keys(settingTable) as (keyof Settings)[]

it('has a default for what nobody sets', () => {
  assert.deepEqual(readSettings({}), {
    host: '127.0.0.1',
    httpPort: 8000,
    httpsPort: 8443,
    adminPort: 8001,
    dataDir: resolve('pailou-data'),
    databaseUrl: undefined,
    workers: availableParallelism(),
    domainSuffix: 'apig.localhost',
    adminAk: undefined,
    adminSk: undefined,
    adminPassword: undefined,
    masterKey: undefined,
    demo: true,
    log: undefined,
  })
})

it('names a setting alike everywhere: --http-port, PAILOU_HTTP_PORT, httpPort', () => {
  for (const key of keys) {
    const words = key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    assert.equal(flagOf(key), `--${words}`)
    assert.equal(variableOf(key), `PAILOU_${words.replaceAll('-', '_').toUpperCase()}`)
  }
})

describe('which source wins', () => {
  const sources: readonly [
    what: string,
    variable: string | undefined,
    flag: string | undefined,
    kept: unknown,
    port: number,
  ][] = [
    ['the default, when there is nothing else', undefined, undefined, undefined, 8000],
    ['the file over the default', undefined, undefined, 1, 1],
    ['the environment over the file', '2', undefined, 1, 2],
    ['a flag over the environment and the file', '2', '3', 1, 3],
    ['the file over an empty variable', '', undefined, 1, 1],
    ['the default over an empty variable', '', undefined, undefined, 8000],
    ['a number in the file that is written as text', undefined, undefined, '4', 4],
  ]
  for (const [what, variable, flag, kept, port] of sources) {
    it(what, () => {
      const file = kept === undefined ? undefined : fileWith({ httpPort: kept })
      const flags = flag === undefined ? {} : { httpPort: flag }
      assert.equal(readSettings({ PAILOU_HTTP_PORT: variable }, flags, file).httpPort, port)
    })
  }
})

describe('what can be said', () => {
  const accepted: readonly [key: keyof Settings, text: string, value: unknown][] = [
    ['host', '::1', '::1'],
    ['host', 'localhost', 'localhost'],
    ['httpPort', '0', 0],
    ['httpPort', '65535', 65_535],
    ['workers', '256', 256],
    ['dataDir', 'some/where', resolve('some/where')],
    ['domainSuffix', 'APIG.Example.COM', 'apig.example.com'],
    ['demo', '0', false],
    ['demo', 'true', true],
    ['log', '-', '-'],
    ['adminSk', 'any text', 'any text'],
    ['databaseUrl', 'postgres://u:p@h/db', 'postgres://u:p@h/db'],
    ['databaseUrl', 'postgresql://h:1/db?sslmode=require', 'postgresql://h:1/db?sslmode=require'],
  ]
  for (const [key, text, value] of accepted) {
    it(`${key} ${text}`, () => assert.equal(readSettings({ [variableOf(key)]: text })[key], value))
  }

  it('true, false and numbers of the file', () => {
    const { demo, workers } = readSettings({}, {}, fileWith({ demo: false, workers: 3 }))
    assert.deepEqual({ demo, workers }, { demo: false, workers: 3 })
  })

  it('port 0 for everything', () => {
    assert.equal(readSettings({ PAILOU_HTTP_PORT: '0', PAILOU_HTTPS_PORT: '0', PAILOU_ADMIN_PORT: '0' }).adminPort, 0)
  })
})

describe('what is refused, by the name of its source and its rule', () => {
  const port = 'a port, 0 to 65535; 0 lets the system choose.'
  const values: readonly [key: keyof Settings, text: string, rule: string][] = [
    ['host', 'no host', 'an IP address or a host name.'],
    ['httpPort', '65536', port],
    ['httpsPort', '-1', port],
    ['adminPort', '8001x', port],
    ['adminPort', '1e3', port],
    ['workers', '0', 'a number from 1 to 256.'],
    ['workers', '257', 'a number from 1 to 256.'],
    ['workers', '1.5', 'a number from 1 to 256.'],
    ['domainSuffix', '.localhost', 'a domain name.'],
    ['domainSuffix', 'a_b', 'a domain name.'],
    ['domainSuffix', 'a..b', 'a domain name.'],
    ['demo', 'yes', '0 or 1.'],
  ]
  for (const [key, text, rule] of values) {
    it(`${key} ${text}`, () => {
      const refused = (source: string, read: () => unknown) =>
        assert.throws(read, { name: 'SettingsError', message: `${source} "${text}" is not ${rule}` })
      const file = fileWith({ [key]: text })
      refused(variableOf(key), () => readSettings({ [variableOf(key)]: text }))
      refused(flagOf(key), () => readSettings({}, { [key]: text }))
      refused(`${key} in ${file}`, () => readSettings({}, {}, file))
    })
  }

  const whole: readonly [what: string, read: () => unknown, message: RegExp][] = [
    ['a flag that is empty', () => readSettings({}, { dataDir: '' }), /^--data-dir "" is not a directory\.$/],
    [
      'a file that is not there',
      () => readSettings({}, {}, join(directory, 'none')),
      /^The configuration file .*none cannot be read: ENOENT\.$/,
    ],
    [
      'a file that is a directory',
      () => readSettings({}, {}, directory),
      /^The configuration file .* cannot be read: EISDIR\.$/,
    ],
    [
      'a file that is not JSON',
      () => readSettings({}, {}, fileWith('httpPort: 1')),
      /^The configuration file .* is not JSON\.$/,
    ],
    [
      'a file with a list',
      () => readSettings({}, {}, fileWith([])),
      /^The configuration file .* has to hold one JSON object\.$/,
    ],
    [
      'a key nobody knows',
      () => readSettings({}, {}, fileWith({ port: 1 })),
      /^The configuration file .* has an unknown key "port"\. Known: host, httpPort, /,
    ],
    [
      'a key that every object has',
      () => readSettings({}, {}, fileWith('{"constructor": "x"}')),
      /has an unknown key "constructor"/,
    ],
    [
      'a value that is an object',
      () => readSettings({}, {}, fileWith({ httpPort: {} })),
      /^httpPort in .* has to be a text, a number, true or false\.$/,
    ],
    ['a value that is null', () => readSettings({}, {}, fileWith({ log: null })), /^log in .* has to be a text/],
    [
      'one port for HTTP and HTTPS',
      () => readSettings({ PAILOU_HTTP_PORT: '9000' }, { httpsPort: '9000' }),
      /^PAILOU_HTTP_PORT and PAILOU_HTTPS_PORT are both 9000: each has to be a port of its own\.$/,
    ],
    [
      'one port for the gateway and the admin API',
      () => readSettings({ PAILOU_HTTP_PORT: '8001' }),
      /^PAILOU_HTTP_PORT and PAILOU_ADMIN_PORT are both 8001/,
    ],
    ...[
      'mysql://user:planted@host/db',
      'postgres://user:planted%zz@host/db',
      'postgres://user:planted@host',
      'planted',
      'postgres://u:planted@h:99999/x',
    ].map((url): [string, () => unknown, RegExp] => [
      `a database that is none of PostgreSQL's, without showing it: ${url}`,
      () => readSettings({ PAILOU_DATABASE_URL: url }),
      /^PAILOU_DATABASE_URL is not a URL as postgres:\/\/user:password@host:5432\/database\.$/,
    ]),
    ...['PAILOU_REDIS_URL', 'PAILOU_IAM_URL'].map((name): [string, () => unknown, RegExp] => [
      `${name}, which this version has no use for`,
      () => readSettings({ [name]: 'postgres://user:planted@host/db' }),
      new RegExp(`^${name} is set, but this version has no use for it yet: unset it\\.$`),
    ]),
  ]
  for (const [what, read, message] of whole) {
    it(what, () =>
      assert.throws(read, (error: Error) => {
        assert.ok(error instanceof SettingsError)
        assert.match(error.message, message)
        assert.ok(!error.message.includes('planted') && !error.message.includes('\n'))
        return true
      }),
    )
  }

  for (const text of [
    '{"adminSk": "planted-secret", }',
    '{"adminSk": planted-secret}',
    '{"adminSk": "planted',
    'planted',
  ]) {
    it(`a file that is not JSON, without repeating what is in it: ${text}`, () => {
      const file = fileWith(text)
      const message = /^The configuration file \S+ is not JSON(, position \d+ [^"]*)?\.$/
      assert.throws(() => readSettings({}, {}, file), { name: 'SettingsError', message })
    })
  }
})

it('takes secrets from the environment and the file, and never from a flag', () => {
  const secrets = keys.filter(key => 'secret' in settingTable[key])
  assert.deepEqual(secrets, ['databaseUrl', 'adminSk', 'adminPassword', 'masterKey'])
  for (const key of secrets) {
    const value = key === 'databaseUrl' ? 'postgres://user:planted@host/db' : 'planted'
    assert.equal(readSettings({ [variableOf(key)]: value })[key], value)
    assert.equal(readSettings({}, {}, fileWith({ [key]: value }))[key], value)
    assert.throws(() => readSettings({}, { [key]: value }), {
      name: 'SettingsError',
      message: `${flagOf(key)} would show a secret to every user of this machine: set ${variableOf(key)} instead.`,
    })
  }
})
