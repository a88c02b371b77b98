import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { apiBody, mock, releaseId } from './testing/admin.ts'
import { assertKilled, assertWhole, writeOn, type Acknowledged } from './testing/durable.ts'
import { Process, startProgram, temporaryDirectory } from './testing/program.ts'

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
    assertKilled(await ends)
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
