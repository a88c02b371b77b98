import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { keyringOf } from '../control/keyring.ts'
import { LastSnapshot } from '../control/last-snapshot.ts'
import { testSchema, wayTo, withoutPostgres, type Way } from '../control/store/postgres/testing.ts'
import { Admin, apiBody, mock } from './testing/admin.ts'
import { assertKilled, assertWhole, writeOn, type Acknowledged } from './testing/durable.ts'
import { eventually } from './testing/eventually.ts'
import { ask, assertRefused, type Answer } from './testing/http.ts'
import { freePorts } from './testing/listen.ts'
import { Process, programOf, startProgram, temporaryDirectory, type Program } from './testing/program.ts'
import { version } from './version.ts'

const masterKey = randomBytes(32).toString('hex')
const credentials = 'admin-credentials.json'

/** An empty database, and programs that share it. */
async function shared(t: TestContext) {
  const { url, query, drop } = await testSchema()
  const root = temporaryDirectory()
  const running = new Set<Program>()
  t.after(async () => {
    for (const { process } of running) if (process.child.exitCode === null) await process.kill()
    await drop()
  })
  const env = (over = url) => ({ PAILOU_DATABASE_URL: over, PAILOU_MASTER_KEY: masterKey, PAILOU_DEMO: '0' })
  /** The first one makes the administrator; the others are given what opens the admin API. */
  const node = async (name: string, over?: string): Promise<Program> => {
    const dataDir = join(root, name)
    const [first] = running
    if (first !== undefined && !existsSync(dataDir)) {
      mkdirSync(dataDir, { mode: 0o700 })
      cpSync(join(first.dataDir, credentials), join(dataDir, credentials))
    }
    const program = await startProgram({ dataDir, env: env(over) })
    running.add(program)
    return program
  }
  const way = async (open = true) => {
    const way = await wayTo(url, { open })
    t.after(() => way.close())
    return way
  }
  return { url, query, root, env, node, way }
}

/** Waits until a program answers so, and tells how long that took. */
async function serves(program: Program, domain: string, path: string, text: string): Promise<number> {
  const began = performance.now()
  await eventually(`${path} to answer ${text}`, async () => {
    const answer = await program.call(domain, path)
    return answer.text === text || undefined
  })
  return performance.now() - began
}

const ready = (adminPort: number) => ask({ port: adminPort, path: '/health/ready' })

describe('two programs on one database', { skip: withoutPostgres }, () => {
  it('serve each other’s changes within a second, and know each other’s tokens', async t => {
    const { node, query } = await shared(t)
    const [one, two] = [await node('one'), await node('two')]
    assert.equal(one.admin.instanceId, two.admin.instanceId)
    const { id: groupId, sl_domain: domain } = await one.admin.makeGroup('shared')
    const { id } = await one.admin.serve(groupId, { name: 'served', req_uri: '/served', ...mock('by one') })
    assert.ok((await serves(two, domain, '/served', 'by one')) < 1000)

    await two.admin.make(
      'PUT',
      `apis/${id}`,
      apiBody(groupId, { name: 'served', req_uri: '/served', ...mock('by two') }),
    )
    await two.admin.publish(id)
    assert.ok((await serves(one, domain, '/served', 'by two')) < 1000)
    await two.admin.offline(id)
    await eventually('the API to be gone', async () =>
      (await one.call(domain, '/served')).status === 404 ? true : undefined,
    )

    const { account, user, password } = one.credentials
    const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: account } } } }
    const body = JSON.stringify({ auth: { identity, scope: { project: { id: one.admin.projectId } } } })
    const issued = await ask({
      port: one.adminPort,
      method: 'POST',
      path: '/v3/auth/tokens',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    assert.equal(issued.status, 201, issued.text)
    const token = String(issued.headers['x-subject-token'])
    const { projectId, instanceId } = two.admin
    const path = `/v2/${projectId}/apigw/instances/${instanceId}/apis`
    assert.equal((await ask({ port: two.adminPort, path, headers: { 'X-Auth-Token': token } })).status, 200)

    assert.match(await databaseText(query), /by two/)
    assert.ok(!existsSync(join(one.dataDir, 'pailou.db')))
    await one.stop()
    await two.stop()
  })

  it('make one administrator when they start at the same time', async t => {
    const { root, env, query } = await shared(t)
    const names = ['a', 'b', 'c']
    const programs = names.map(name => new Process({ dataDir: join(root, name), env: { ...env(), PAILOU_DEMO: '1' } }))
    try {
      await Promise.all(programs.map(program => program.printed('Ctrl-C lets')))
      const counts = await query('SELECT kind, count(*)::int FROM documents GROUP BY 1')
      const count = new Map(counts.map(({ kind, count }) => [kind, count]))
      for (const kind of ['account', 'user', 'access-key', 'project', 'instance'])
        assert.equal(count.get(kind), 1, kind)
      assert.equal(names.filter(name => existsSync(join(root, name, credentials))).length, 1)
      assert.equal(programs.filter(({ stdout }) => stdout.includes('shown this once')).length, 1)
    } finally {
      for (const program of programs) await program.kill()
    }
  })

  it('lose nothing of 200 writers at once, and answer none of them with a server error', async t => {
    const { node } = await shared(t)
    const nodes = [await node('one'), await node('two')] as const
    const group = await nodes[0].admin.makeGroup('busy')
    await eventually('the group', async () =>
      (await nodes[1].admin.inside('GET', `api-groups/${group.id}`)).status === 200 ? true : undefined,
    )
    const writers = Array.from({ length: 200 }, (_, number) => number)
    const names = writers.map(number => `writer_${number}`)
    await Promise.all(
      writers.map(number => {
        const { admin } = nodes[number % 2]!
        const name = names[number]!
        return admin.serve(group.id, { name, req_uri: `/${name}`, ...mock(name) })
      }),
    )
    for (const program of nodes) {
      await serves(program, group.sl_domain, `/${names.at(-1)}`, names.at(-1)!)
      await serves(program, group.sl_domain, `/${names.at(-2)}`, names.at(-2)!)
      for (const name of names) assert.equal((await program.call(group.sl_domain, `/${name}`)).text, name)
      assert.equal((await program.admin.inside('GET', 'apis', { query: { limit: '1' } })).json.total, 200)
    }

    const same = await Promise.all(
      writers.map(number => nodes[number % 2]!.admin.inside('POST', 'api-groups', { body: { name: 'same_name' } })),
    )
    const outcomes = same.map(({ status, json }) => (status === 201 ? 'created' : `${status} ${json.error_code}`))
    assert.deepEqual(new Set(outcomes), new Set(['created', '400 APIG.3201']))
    assert.equal(outcomes.filter(outcome => outcome === 'created').length, 1)
  })

  it('keep everything that one of them has acknowledged, and nothing by half, when it is killed', async t => {
    const { node } = await shared(t)
    const survivor = await node('survivor')
    const group = await survivor.admin.makeGroup('durable')
    for (let kill = 0; kill < 3; kill++) {
      const victim = await node('victim')
      const acknowledged: Acknowledged[] = []
      const writers = ['a', 'b'].map(name => writeOn(victim.admin, group.id, `run${kill}${name}`, acknowledged))
      const ends = Promise.allSettled(writers)
      await delay(randomInt(100, 400))
      await victim.process.kill()
      assertKilled(await ends)
      // What the victim was about to commit ends one way or the other, and is heard of.
      await delay(1_000)
      await assertWhole(survivor, group.sl_domain, acknowledged)
      assert.ok(acknowledged.length > 0)
    }
  })

  it('need the same master key', async t => {
    const { env, node, root } = await shared(t)
    await node('one')
    const other = new Process({ dataDir: join(root, 'other'), env: { ...env(), PAILOU_MASTER_KEY: 'ab'.repeat(32) } })
    const { code, stderr } = await other.ended
    assert.equal(code, 1)
    assert.match(stderr, /^pailou: [^\n]*sealed with master key [^\n]*need the same PAILOU_MASTER_KEY\n$/)
  })
})

describe('a program that loses its database', { skip: withoutPostgres }, () => {
  it('serves and reads on, refuses changes, says so, and catches up by itself', async t => {
    const { node, way } = await shared(t)
    const between = await way()
    const near = await node('near')
    const far = await node('far', between.url)
    const { id: groupId, sl_domain: domain } = await near.admin.makeGroup('lost')
    await near.admin.serve(groupId, { name: 'before', req_uri: '/before' })
    await serves(far, domain, '/before', 'hello')
    assert.deepEqual((await ready(far.adminPort)).json, { status: 'ready' })

    await between.cut()
    const said = await eventually('the loss to be told', async () => {
      const answer = await ready(far.adminPort)
      return answer.json.reason === undefined ? undefined : answer
    })
    assert.equal(said.status, 200)
    assert.match(said.json.reason, /^serving revision \d+, .*the store is unavailable: PostgreSQL at 127\.0\.0\.1/)
    assert.equal((await far.call(domain, '/before')).status, 200)
    assert.equal((await far.admin.inside('GET', `api-groups/${groupId}`)).status, 200)
    await assertUnstored(far.admin.inside('POST', 'api-groups', { body: { name: 'refused' } }))
    const began = performance.now()
    const many = Array.from({ length: 20 }, (_, at) =>
      assertUnstored(far.admin.inside('POST', 'api-groups', { body: { name: `refused_${at}` } })),
    )
    await Promise.all(many)
    assert.ok(performance.now() - began < 2_000)
    await near.admin.serve(groupId, { name: 'meanwhile', req_uri: '/meanwhile' })

    await between.mend()
    await serves(far, domain, '/meanwhile', 'hello')
    await eventually('no reason', async () =>
      (await ready(far.adminPort)).json.reason === undefined ? true : undefined,
    )
    await far.admin.makeGroup('accepted')
    await eventually('what was accepted, and nothing that was refused', async () => {
      const { total } = (await near.admin.inside('GET', 'api-groups')).json
      return total === 3 || undefined
    })
    assert.match(readFileSync(join(far.dataDir, 'pailou.log'), 'utf8'), /the database is lost/)
  })
})

describe('a program that starts without its database', { skip: withoutPostgres }, () => {
  /** A program that has served, was killed, and starts again while the database is away. */
  async function restarted(
    t: TestContext,
    lose: (between: Way) => Promise<void>,
    change: (dataDir: string) => void = () => undefined,
  ) {
    const { node, way, env } = await shared(t)
    const between = await way()
    const near = await node('near')
    const before = await node('far', between.url)
    const { id: groupId, sl_domain: domain } = await near.admin.makeGroup('kept')
    await near.admin.serve(groupId, { name: 'kept', req_uri: '/kept' })
    await near.admin.make('POST', 'apps', { name: 'kept', app_key: 'kept_app_key', app_secret: 'planted_app_secret' })
    await eventually('the app', async () => {
      const { total } = (await before.admin.inside('GET', 'apps')).json
      return total === 1 || undefined
    })
    await serves(before, domain, '/kept', 'hello')
    const revision = await settled(before)
    await before.process.kill()
    await lose(between)
    change(before.dataDir)
    const [http, https, adminPort] = (await freePorts(3)) as [number, number, number]
    const flags = ['--http-port', String(http), '--https-port', String(https), '--admin-port', String(adminPort)]
    const process = new Process({ dataDir: before.dataDir, flags, env: env(between.url) })
    t.after(async () => {
      if (process.child.exitCode === null) await process.kill()
    })
    const call = (path: string) => ask({ port: http, host: domain, path })
    const { projectId, instanceId, credential } = before.admin
    const admin = new Admin(adminPort, projectId, instanceId, credential)
    return { near, between, process, dataDir: before.dataDir, groupId, domain, call, admin, revision }
  }

  /** Until the last snapshot is on disk. Answers with the revision. */
  async function settled(program: Program): Promise<number> {
    const keyring = keyringOf(Buffer.from(masterKey, 'hex'))
    const last = new LastSnapshot({ directory: program.dataDir, keyring, version, warn: () => undefined })
    return eventually('the last snapshot', async () => {
      const { revision } = (await program.admin.call('GET', '/pailou/v1/snapshot')).json
      return last.read()?.revision === revision ? revision : undefined
    })
  }

  const losses: [title: string, lose: (between: Way) => Promise<void>, mend: (between: Way) => Promise<void>][] = [
    ['refuses connections', between => between.cut(), between => between.mend()],
    ['says nothing', async between => void (between.stalled = true), async between => void (between.stalled = false)],
  ]
  for (const [title, lose, mend] of losses) {
    it(`because it ${title}: serves what it served last, at once, and catches up when it is back`, async t => {
      const { near, between, process, dataDir, groupId, domain, call, admin, revision } = await restarted(t, lose)
      const began = performance.now()
      await process.printed(`Listening: serving revision ${revision}, the last one that was known here: `)
      assert.equal((await call('/kept')).text, 'hello')
      assert.ok(performance.now() - began < 5_000)
      const said = await ready(admin.port)
      assert.deepEqual([said.status, said.json.status], [200, 'ready'])
      assert.match(said.json.reason, /^serving revision \d+, the last one that was known here: the store /)
      await assertUnstored(admin.inside('GET', 'apis'))
      await assertUnstored(admin.inside('POST', 'api-groups', { body: { name: 'refused' } }))

      const file = join(dataDir, 'snapshot.json')
      assert.equal(statSync(file).mode & 0o777, 0o600)
      assert.ok(!/planted|kept/.test(readFileSync(file, 'utf8')))

      await near.admin.serve(groupId, { name: 'meanwhile', req_uri: '/meanwhile' })
      assert.equal((await call('/meanwhile')).status, 404)
      await mend(between)
      await process.printed('Ctrl-C lets')
      const back = programOf(process, dataDir)
      await serves(back, domain, '/meanwhile', 'hello')
      assert.deepEqual((await ready(admin.port)).json, { status: 'ready' })
      await back.admin.makeGroup('accepted')
      await back.stop()
    })
  }

  const change = (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(/.{6}"}\n$/, 'AAAAAA"}\n'))
  it('answers that it has no configuration when the last snapshot is damaged, until the database is back', async t => {
    const { between, process, domain, call, dataDir } = await restarted(
      t,
      between => between.cut(),
      dataDir => change(join(dataDir, 'snapshot.json')),
    )
    await process.printed('Listening, but without a configuration: the store is unavailable: PostgreSQL at ')
    assertRefused(await call('/kept'), 500, 'APIG.0606')
    await between.mend()
    await process.printed('Ctrl-C lets')
    await serves(programOf(process, dataDir), domain, '/kept', 'hello')
  })
})

async function assertUnstored(asked: Promise<Answer>): Promise<void> {
  const answer = await asked
  assertRefused(answer, 503, 'APIG.9999')
  assert.match(answer.json.error_msg, /store cannot be reached now/)
}

async function databaseText(query: (text: string) => Promise<readonly object[]>): Promise<string> {
  return JSON.stringify(await query('SELECT * FROM documents'))
}
