import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startProgram, temporaryDirectory, type Program } from '../main/testing/program.ts'
import { run, type Given } from './run.testdata.ts'

let program: Program
before(async () => {
  program = await startProgram({ dataDir: temporaryDirectory(), env: { PAILOU_WORKERS: '1' } })
})
after(() => program.stop())

const here = () => ['--endpoint', `http://127.0.0.1:${program.adminPort}`, '--data-dir', program.dataDir]

/** `pailou iam …` against the program; expects exit code 0. */
async function iam(args: readonly string[], given?: Given): Promise<string> {
  const { code, stdout, stderr } = await run(['iam', ...args, ...here()], given)
  assert.deepEqual([code, stderr], [0, ''], `${args.join(' ')}: ${stderr}`)
  return stdout
}

/** Expects one line on standard error and this exit code. */
async function refusedBy(args: readonly string[], code: number, why: RegExp, given?: Given): Promise<void> {
  const ended = await run(['iam', ...args], given)
  assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
  assert.match(ended.stderr, why)
}

const login = (name: string, password: string) =>
  fetch(`http://127.0.0.1:${program.adminPort}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({
      auth: { identity: { methods: ['password'], password: { user: { name, domain: { name: 'pailou' }, password } } } },
    }),
  }).then(({ status }) => status)

test('users are made, listed, changed and deleted by name', async () => {
  const made = await iam(['user', 'create', 'alice'])
  const password = /shown this once: (\w{20})\n/.exec(made)?.[1]
  assert.equal(await login('alice', password!), 201)
  await iam(['user', 'create', 'bob', '--role', 'operator', '--password-stdin'], { input: 'what bob chose\n' })
  assert.equal(await login('bob', 'what bob chose'), 201)

  const [head = '', ...rows] = (await iam(['user', 'list'])).trimEnd().split('\n')
  assert.match(head, /^NAME +ROLE +ENABLED +ACCESS KEYS +CREATE TIME +ID$/)
  assert.deepEqual(
    rows.map(row => row.split(/ {2,}/).slice(0, 4)),
    [
      ['bob', 'operator', 'yes', '0'],
      ['alice', 'viewer', 'yes', '0'],
      ['admin', 'administrator', 'yes', '1'],
    ],
  )

  assert.match(await iam(['user', 'role', 'alice', 'operator']), /alice +operator +yes/)
  assert.match(await iam(['user', 'disable', 'alice']), /alice +operator +no/)
  assert.equal(await login('alice', password!), 401)
  const { id } = JSON.parse(await iam(['user', 'enable', 'alice', '--json'])) as { id: string }
  assert.equal(await login('alice', password!), 201)
  assert.equal(await iam(['user', 'delete', id]), 'The user alice is deleted.\n')
  await refusedBy(['user', 'delete', 'alice', ...here()], 2, /^error: There is no user "alice": .*user list/)
})

test('keys are made, used, disabled and deleted, and a key of one’s own opens the commands', async () => {
  await iam(['user', 'create', 'carol', '--role', 'administrator'])
  const created = await iam(['key', 'create', 'carol', '--description', 'for a  test'])
  const [, key = '', secret = ''] = /^AK (\w{20})\nSK (\w{40})\n/.exec(created) ?? []
  const env = { PAILOU_ADMIN_AK: key, PAILOU_ADMIN_SK: secret }
  const nowhere = ['--endpoint', `http://127.0.0.1:${program.adminPort}`, '--data-dir', '/nowhere']
  const own = JSON.parse((await run(['iam', 'key', 'create', '--json', ...nowhere], { env })).stdout) as {
    access_key: string
    user_name: string
  }
  assert.equal(own.user_name, 'carol')

  const list = await iam(['key', 'list', 'carol'])
  assert.match(list, new RegExp(`${key} +carol +yes +\\S+ +for a test\\n`))
  assert.equal(list.includes(secret), false)
  assert.match(await iam(['key', 'list']), new RegExp(program.credentials.access_key))

  assert.match(await iam(['key', 'disable', key]), new RegExp(`${key} +carol +no`))
  await refusedBy(
    ['key', 'list', ...nowhere],
    1,
    /^error: Incorrect token.*\(401 APIG\.1002, request [0-9a-f]{32}\)\. The credential/,
    {
      env,
    },
  )
  await iam(['key', 'enable', key])
  assert.equal((await run(['iam', 'key', 'list', ...nowhere], { env })).code, 0)
  assert.equal(await iam(['key', 'delete', own.access_key]), `The access key ${own.access_key} is deleted.\n`)
  await refusedBy(['key', 'delete', own.access_key, ...here()], 1, /404 APIG\.3007/)
})

test('a password is changed with the old one, or given to somebody else', async () => {
  const old = program.credentials.password
  const wrong = { input: 'not the old one\na new password\n' }
  await refusedBy(['user', 'password', '--password-stdin', ...here()], 1, /old_password.*400 APIG\.2011/, wrong)
  await iam(['user', 'password', '--password-stdin'], { input: `${old}\na new password\n` })
  assert.deepEqual([await login('admin', old), await login('admin', 'a new password')], [401, 201])
  await iam(['user', 'password', 'admin', '--password-stdin'], { input: `a new password\n${old}` })
  assert.equal(await login('admin', old), 201)

  await iam(['user', 'create', 'dave'])
  const given = await iam(['user', 'password', 'dave'])
  assert.equal(await login('dave', /shown this once: (\w{20})\n/.exec(given)![1]!), 201)
  await iam(['user', 'password', 'dave', '--password-stdin'], { input: 'chosen for dave' })
  assert.equal(await login('dave', 'chosen for dave'), 201)
})

test('accounts are made, entered and deleted', async () => {
  const created = await iam(['account', 'create', 'team', '--user', 'lead'])
  const [, key = '', secret = ''] = /\nAK (\w{20})\nSK (\w{40})\n/.exec(created) ?? []
  assert.match(created, /^account team {3}user lead\n/)
  assert.match(created, /shown this once: \w{20}\n$/)
  const env = { PAILOU_ADMIN_AK: key, PAILOU_ADMIN_SK: secret }
  const { stdout } = await run(['iam', 'user', 'list', ...here()], { env })
  assert.match(stdout, /^NAME.*\nlead +administrator +yes +1 /)
  await refusedBy(['account', 'list', ...here()], 1, /for users of the first account \(403 APIG\.1005/, { env })
  const [, ...rows] = (await iam(['account', 'list'])).trimEnd().split('\n')
  assert.deepEqual(
    rows.map(row => row.split(/ {2,}/).slice(0, 3)),
    [
      ['team', '1', '1'],
      ['pailou', String((await iam(['user', 'list'])).trimEnd().split('\n').length - 1), '1'],
    ],
  )
  await refusedBy(['account', 'delete', 'team', ...here()], 1, /still has instances/)
  await refusedBy(['account', 'delete', 'nobody', ...here()], 2, /There is no account "nobody"/)
})

test('what cannot be is said in one line, without a secret', async () => {
  const spoilt = temporaryDirectory()
  writeFileSync(join(spoilt, 'admin-credentials.json'), '{"secret_key":"planted"')
  const chosen = temporaryDirectory()
  writeFileSync(join(chosen, 'admin-credentials.json'), '{"access_key":"AK"}')
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'admin-credentials.json'))
  const last = ['user', 'disable', 'admin']
  const cases: [args: string[], code: number, why: RegExp, given?: Given][] = [
    [['user', 'list', '--data-dir', '/nowhere'], 2, /admin-credentials\.json is not there\. Name .*--data-dir/],
    [['user', 'list', '--data-dir', spoilt], 2, /is not what Pailou has written there/],
    [['user', 'list', '--data-dir', chosen], 2, /holds no secret key, because it was chosen/],
    [['user', 'list', '--data-dir', folder], 2, /cannot be read \(EISDIR\)/],
    [['user', 'list'], 2, /PAILOU_ADMIN_SK is set and PAILOU_ADMIN_AK is not/, { env: { PAILOU_ADMIN_SK: 'planted' } }],
    [['user', 'list', '--data-dir', program.dataDir, '--endpoint', '127.0.0.1:1'], 2, /--endpoint is not the URL/],
    [
      ['user', 'list', '--data-dir', program.dataDir, '--endpoint', 'http://127.0.0.1:1'],
      2,
      /cannot be called|Nothing listens/,
    ],
    [
      ['user', 'list', '--data-dir', program.dataDir, '--endpoint', `http://127.0.0.1:${program.httpPort}`],
      1,
      /check --endpoint|APIG/,
    ],
    [['user', 'role', 'admin', 'root', ...here()], 2, /Allowed choices are administrator, operator, viewer/],
    [['user', 'create', 'a/b', ...here()], 1, /parameterName:name.*400 APIG\.2011/],
    [['user', 'password', ...here()], 2, /no terminal to ask for the old password and the new password/],
    [['user', 'create', 'eve', '--password-stdin', ...here()], 2, /has to hold one line, the password/],
  ]
  for (const [args, code, why, given] of cases) {
    const ended = await run(['iam', ...args], given)
    assert.deepEqual([ended.code, ended.stdout], [code, ''], `${args.join(' ')}: ${ended.stderr}`)
    assert.match(ended.stderr, why, args.join(' '))
    assert.equal(ended.stderr.includes('planted'), false)
  }
  for (const name of JSON.parse(await iam(['user', 'list', '--json'])) as { name: string; role: string }[]) {
    if (name.role === 'administrator' && name.name !== 'admin') await iam(['user', 'delete', name.name])
  }
  await refusedBy([...last, ...here()], 1, /last administrator who is enabled \(403 APIG\.1107/)
})

test('a server that is no admin API is found out', async () => {
  const server = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1')
  await new Promise(listening => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  const args = ['user', 'list', '--data-dir', program.dataDir, '--endpoint', `http://127.0.0.1:${port}`]
  await refusedBy(args, 2, /did not answer like an admin API: check --endpoint/)
  server.closeAllConnections()
  await new Promise(closed => server.close(closed))
})
