import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { openDesk } from './desk.ts'
import { credentialsFile, CredentialsError, firstStart, type GivenCredentials } from './first-start.ts'
import { keyringOf } from './keyring.ts'
import { verifyPassword } from './password.ts'
import { type ConfigStore, StoreUnavailable } from './store/config-store.ts'
import { openSqlite } from './store/sqlite/sqlite.ts'
import { clockAt, Lines, RecordingTraffic } from './testing.ts'

const key = randomBytes(32)

/** One data directory, which several starts use one after the other. */
function place(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-first-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, credentialsFile)

  async function start(given: GivenCredentials = {}, around: (store: ConfigStore) => ConfigStore = store => store) {
    const desk = await openDesk({
      store: () => around(openSqlite({ file: join(directory, 'pailou.db'), keyring: keyringOf(key) })),
      traffic: new RecordingTraffic(),
      clock: clockAt(1_700_000_000_000),
      domainSuffix: 'apig.localhost',
      log: new Lines(),
    })
    try {
      const started = await firstStart({ desk, directory, given, clock: clockAt(1_700_000_000_000) })
      return { started, catalog: desk.catalog() }
    } finally {
      await desk.close()
    }
  }
  return { directory, file, start }
}

describe('the first start', () => {
  it('makes everything that one needs to begin, in one commit', async t => {
    const { start } = place(t)
    const { started, catalog } = await start()
    assert.equal(started.fresh, true)
    assert.equal(catalog.revision, 1)
    const [account, user, key_, project, instance] = [
      catalog.all('account')[0]!,
      catalog.all('user')[0]!,
      catalog.all('access-key')[0]!,
      catalog.all('project')[0]!,
      catalog.all('instance')[0]!,
    ]
    assert.equal(account.name, 'pailou')
    assert.deepEqual([user.name, user.accountId], ['admin', account.id])
    assert.equal(key_.userId, user.id)
    assert.deepEqual([project.name, project.accountId, project.id], ['pailou-1', account.id, started.projectId])
    assert.deepEqual([instance.name, instance.projectId, instance.id], ['pailou', project.id, started.instanceId])
    const group = catalog.all('api-group')[0]!
    assert.deepEqual([group.name, group.isDefault, group.instanceId], ['DEFAULT', true, instance.id])
    const environment = catalog.all('environment')[0]!
    assert.deepEqual(
      [environment.id, environment.name, environment.builtIn, environment.instanceId],
      ['DEFAULT_ENVIRONMENT_RELEASE_ID', 'RELEASE', true, instance.id],
    )
  })

  it('generates credentials that open what is stored, and keeps them for their owner alone', async t => {
    const { start, file, directory } = place(t)
    const { started, catalog } = await start()
    const { accessKey, secretKey, password } = started.credentials!
    assert.match(accessKey, /^[A-Z0-9]{20}$/)
    assert.match(secretKey!.secret, /^[A-Za-z0-9]{40}$/)
    assert.deepEqual(catalog.get('access-key', accessKey)?.secretKey, secretKey)
    assert.equal(await verifyPassword(password!.secret, catalog.all('user')[0]!.passwordHash.secret), true)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
      account: 'pailou',
      user: 'admin',
      password: password!.secret,
      project: 'pailou-1',
      access_key: accessKey,
      secret_key: secretKey!.secret,
    })
    assert.deepEqual(readdirSync(directory).sort(), [credentialsFile, 'pailou.db'])
  })

  it('takes what the operator has chosen, and does not write that down', async t => {
    const { start, file } = place(t)
    const given = { accessKey: 'MYACCESSKEY1', secretKey: 'a-chosen-secret-key', password: 'a chosen password' }
    const { started, catalog } = await start(given)
    assert.equal(started.credentials?.accessKey, given.accessKey)
    assert.equal(started.credentials?.secretKey, undefined)
    assert.equal(catalog.get('access-key', given.accessKey)?.secretKey.secret, given.secretKey)
    assert.equal(await verifyPassword(given.password, catalog.all('user')[0]!.passwordHash.secret), true)
    const text = readFileSync(file, 'utf8')
    assert.ok(!text.includes(given.secretKey) && !text.includes(given.password))
  })

  const unfit: [variable: string, given: GivenCredentials][] = [
    ['PAILOU_ADMIN_AK', { accessKey: 'SHORT' }],
    ['PAILOU_ADMIN_AK', { accessKey: 'lower-case-key' }],
    ['PAILOU_ADMIN_AK', { accessKey: 'A'.repeat(65) }],
    ['PAILOU_ADMIN_SK', { secretKey: '' }],
    ['PAILOU_ADMIN_SK', { secretKey: 'planted-15-long' }],
    ['PAILOU_ADMIN_SK', { secretKey: 'planted with spaces' }],
    ['PAILOU_ADMIN_PASSWORD', { password: 'planted' }],
    ['PAILOU_ADMIN_PASSWORD', { password: '' }],
  ]
  for (const [variable, given] of unfit) {
    it(`refuses an unfit ${variable} (${Object.values(given)[0]?.length} characters) without showing it`, async t => {
      const { start, file } = place(t)
      await assert.rejects(start(given), (error: Error) => {
        return (
          error instanceof CredentialsError && error.message.startsWith(variable) && !error.message.includes('planted')
        )
      })
      assert.equal(existsSync(file), false)
      assert.equal((await start()).started.fresh, true)
    })
  }
})

describe('a start that was killed before its commit', () => {
  it('leaves credentials that open the store which the next start makes', async t => {
    const { start, file } = place(t)
    const dying = (store: ConfigStore): ConfigStore => ({
      ...store,
      commit: changes => (changes.length === 0 ? store.commit([]) : Promise.reject(new StoreUnavailable('killed'))),
    })
    await assert.rejects(start({}, dying), StoreUnavailable)
    const written = readFileSync(file, 'utf8')
    const { started, catalog } = await start()
    assert.equal(started.fresh, true)
    assert.equal(readFileSync(file, 'utf8'), written)
    const { accessKey, secretKey } = started.credentials!
    assert.deepEqual(catalog.get('access-key', accessKey)?.secretKey, secretKey)
  })

  it('does not lose a credentials file that it cannot read', async t => {
    const { start, file } = place(t)
    writeFileSync(file, '{"half')
    await assert.rejects(start(), CredentialsError)
    assert.equal(readFileSync(file, 'utf8'), '{"half')
  })
})

describe('a later start', () => {
  it('changes nothing, and knows the credentials from the file', async t => {
    const { start } = place(t)
    const first = await start()
    const second = await start({ accessKey: 'IGNOREDNOW1' })
    assert.deepEqual(second.started, { ...first.started, fresh: false })
    assert.equal(second.catalog.revision, 1)
    assert.deepEqual(second.catalog.all('user'), first.catalog.all('user'))
  })

  it('goes on without the file, and with a spoilt one', async t => {
    const { start, file } = place(t)
    const { started } = await start()
    writeFileSync(file, 'spoilt')
    assert.deepEqual((await start()).started, { ...started, fresh: false, credentials: undefined })
    rmSync(file)
    assert.deepEqual((await start()).started, { ...started, fresh: false, credentials: undefined })
    assert.equal(existsSync(file), false)
  })
})
