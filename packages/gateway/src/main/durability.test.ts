import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { apiBody, mock, releaseId, type Admin } from './testing/admin.ts'
import { Process, startProgram, temporaryDirectory, type Program } from './testing/program.ts'

/** What the admin API has acknowledged of one API. */
interface Acknowledged {
  readonly id: string
  readonly path: string
  /** The text of the last version whose publication was acknowledged. */
  content?: string
  /** Of the next one, which may have been stored although its answer was lost. */
  attempted?: string
}

/** Creates and publishes one API after the other, each twice, until the program is no more. */
async function writeOn(admin: Admin, groupId: string, name: string, acknowledged: Acknowledged[]): Promise<void> {
  for (let number = 0; ; number++) {
    const path = `/${name}/${number}`
    const definition = (content: string) =>
      apiBody(groupId, { name: `${name}_${number}`, req_uri: path, ...mock(content) })
    const { id } = await admin.make('POST', 'apis', definition('one'))
    const api: Acknowledged = { id, path }
    acknowledged.push(api)
    for (const content of ['one', 'two']) {
      api.attempted = content
      if (content === 'two') await admin.make('PUT', `apis/${id}`, definition(content))
      await admin.publish(id)
      api.content = content
    }
  }
}

/** Every acknowledged API is there, serves what was acknowledged or the next, and no publication stands by half. */
async function assertWhole(program: Program, domain: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const { admin } = program
  for (const { id, path, content, attempted } of acknowledged) {
    const draft = await admin.inside('GET', `apis/${id}`)
    assert.equal(draft.status, 200, `${path} was acknowledged: ${draft.text}`)
    const { api_versions: versions } = await admin.make('GET', `apis/publish/${id}`)
    const published = draft.json.run_env_id === releaseId
    const serving = versions.filter(({ status }: { status: number }) => status === 1)
    assert.equal(serving.length, published ? 1 : 0, `${path}: ${JSON.stringify(versions)}`)
    assert.equal(draft.json.publish_id === '', !published)
    const answer = await program.call(domain, path)
    assert.equal(answer.status, published ? 200 : 404)
    if (content !== undefined) assert.ok(published, `the publication of ${path} was acknowledged`)
    if (published) assert.ok([content, attempted].includes(answer.text), `${path} answers ${answer.text}`)
  }
}

it('keeps everything that it has acknowledged, and nothing by half, through ten kills', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  let program = await startProgram({ dataDir })
  const group = await program.admin.makeGroup('durable')
  const all: Acknowledged[] = []
  for (let kill = 0; kill < 10; kill++) {
    const acknowledged: Acknowledged[] = []
    const writers = ['a', 'b'].map(name => writeOn(program.admin, group.id, `run${kill}${name}`, acknowledged))
    const ends = Promise.allSettled(writers)
    await delay(randomInt(20, 400))
    await program.process.kill()
    for (const end of await ends) {
      // Nothing but the kill ends a writer: no refusal, no server error.
      assert.match(
        String(end.status === 'rejected' && end.reason.code),
        /^(ECONNREFUSED|ECONNRESET|EPIPE)$/,
        JSON.stringify(end),
      )
    }
    program = await startProgram({ dataDir })
    await assertWhole(program, group.sl_domain, acknowledged)
    all.push(...acknowledged)
  }
  await assertWhole(program, group.sl_domain, all)
  const { total } = await program.admin.make('GET', 'apis')
  assert.ok(total >= all.length && total <= all.length + 20, `${all.length} were acknowledged, ${total} are there`)
  assert.ok(all.filter(({ content }) => content !== undefined).length >= 10, `only ${all.length} were acknowledged`)
  await program.stop()
})

it('begins again where a first start was killed', async () => {
  for (let run = 0; run < 3; run++) {
    const dataDir = join(temporaryDirectory(), 'data')
    for (let kill = 0; kill < 3; kill++) {
      const process = new Process({ dataDir })
      await delay(randomInt(100, 700))
      await process.kill()
    }
    const program = await startProgram({ dataDir })
    const { groups } = await program.admin.make('GET', 'api-groups')
    assert.equal(groups.filter(({ is_default }: { is_default: number }) => is_default === 1).length, 1)
    assert.equal((await program.callTls('any.apig.localhost', '/')).status, 404)
    await program.stop()
  }
})

it('loses no update of 50 writers at once, and answers none of them with a server error', async () => {
  const program = await startProgram({ dataDir: join(temporaryDirectory(), 'data') })
  const { admin } = program
  const group = await admin.makeGroup('busy')
  const writers = Array.from({ length: 50 }, (_, number) => number)

  const apis = await Promise.all(
    writers.map(async number => {
      const name = `writer_${number}`
      const { id } = await admin.serve(group.id, { name, req_uri: `/${name}`, ...mock('first') })
      await admin.make('PUT', `apis/${id}`, apiBody(group.id, { name, req_uri: `/${name}`, ...mock(name) }))
      await admin.publish(id)
      return { id, name }
    }),
  )
  for (const { name } of apis) assert.equal((await program.call(group.sl_domain, `/${name}`)).text, name)

  const same = await Promise.all(writers.map(() => admin.inside('POST', 'api-groups', { body: { name: 'same_name' } })))
  const outcomes = same.map(({ status, json }) => (status === 201 ? 'created' : `${status} ${json.error_code}`))
  assert.deepEqual(new Set(outcomes), new Set(['created', '400 APIG.3201']))
  assert.equal(outcomes.filter(outcome => outcome === 'created').length, 1)

  const { id: app } = await admin.make('POST', 'apps', { name: 'shared' })
  await Promise.all(
    apis.map(({ id }) => admin.make('POST', 'app-auths', { env_id: releaseId, app_ids: [app], api_ids: [id] })),
  )
  const bound = await admin.inside('GET', 'app-auths/binded-apis', { query: { app_id: app } })
  assert.equal(bound.json.total, 50)

  // One API, published by everyone: as many versions as there may be, and exactly one of them serves.
  const { id } = apis[0]!
  await Promise.all(writers.map(() => admin.publish(id)))
  const { api_versions: versions } = await admin.make('GET', `apis/publish/${id}`)
  assert.equal(versions.length, 10)
  assert.equal(versions.filter(({ status }: { status: number }) => status === 1).length, 1)
  await program.stop()
})
