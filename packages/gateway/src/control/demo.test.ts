import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { demo, demoEchoPort, moveDemoEcho, standingDemo } from './demo.ts'
import { openDesk } from './desk.ts'
import { firstStart } from './first-start.ts'
import { openMemory } from './store/memory.ts'
import { clockAt, Lines, RecordingTraffic } from './testing.ts'

async function started(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-demo-'))
  const traffic = new RecordingTraffic()
  const clock = clockAt(1_700_000_000_000)
  const store = () => openMemory()
  const desk = await openDesk({ store, traffic, clock, domainSuffix: 'apig.localhost', log: new Lines() })
  t.after(async () => {
    await desk.close()
    rmSync(directory, { recursive: true })
  })
  await firstStart({ desk, directory, given: {}, clock })
  return { desk, traffic, clock }
}

describe('the demo', () => {
  it('publishes an open, an AppCode and a signed API, and an app that may call them', async t => {
    const { desk, traffic, clock } = await started(t)
    const made = await demo(desk, { echoPort: 4321, clock })
    assert.equal(desk.catalog().revision, 2)
    const snapshot = traffic.snapshots.at(-1)!
    const allowed = { kind: 'app-authorization', settings: { appIds: [made!.app.id] } }
    const seen = snapshot.routes.map(({ method, path, matchMode, policies, backend, environment }) => {
      return { method, path, matchMode, policies, backend: backend.kind, environment: environment.name }
    })
    assert.deepEqual(
      seen.sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        {
          method: 'GET',
          path: '/code',
          matchMode: 'NORMAL',
          policies: [{ kind: 'app-signature', settings: {} }, { kind: 'app-code', settings: {} }, allowed],
          backend: 'mock',
          environment: 'RELEASE',
        },
        {
          method: 'ANY',
          path: '/echo',
          matchMode: 'SWA',
          policies: [{ kind: 'app-signature', settings: {} }, allowed],
          backend: 'http',
          environment: 'RELEASE',
        },
        { method: 'GET', path: '/hello', matchMode: 'NORMAL', policies: [], backend: 'mock', environment: 'RELEASE' },
      ],
    )
    assert.ok(snapshot.hosts.some(({ name }) => name === `${made!.groupId}.apig.localhost`))
    const app = snapshot.apps.find(({ id }) => id === made!.app.id)!
    assert.equal(app.key, made!.app.key)
    assert.deepEqual(app.codes, [made!.code.code])
    assert.match(made!.code.code.secret, /^[A-Za-z0-9]{64}$/)
    assert.deepEqual(standingDemo(desk.catalog()), made)
  })

  it('is made once', async t => {
    const { desk, clock } = await started(t)
    await demo(desk, { echoPort: 4321, clock })
    assert.equal(await demo(desk, { echoPort: 4321, clock }), undefined)
    assert.equal(desk.catalog().revision, 2)
  })

  it('follows its echo backend to another port, and publishes no draft on the way', async t => {
    const { desk, traffic, clock } = await started(t)
    await demo(desk, { echoPort: 4321, clock })
    assert.equal(demoEchoPort(desk.catalog()), 4321)
    const api = desk
      .catalog()
      .all('api')
      .find(({ definition }) => definition.name === 'echo')!
    const drafted = { ...api, definition: { ...api.definition, req_uri: '/drafted' } }
    await desk.write(() => ({ edits: [{ put: 'api', document: drafted }], result: 0 }))
    assert.equal(await moveDemoEcho(desk, { echoPort: 4321, clock }), false)
    assert.equal(await moveDemoEcho(desk, { echoPort: 5678, clock }), true)
    assert.equal(demoEchoPort(desk.catalog()), 5678)
    const route = traffic.snapshots.at(-1)!.routes.find(({ apiId }) => apiId === api.id)!
    assert.equal(route.path, '/echo')
    assert.ok(route.backend.kind === 'http' && route.backend.settings.port === 5678)
    const draft = desk.catalog().get('api', api.id)!.definition
    assert.deepEqual([draft.req_uri, draft.backend_api?.url_domain], ['/drafted', '127.0.0.1:5678'])
  })

  it('leaves alone what is gone or leads elsewhere', async t => {
    const { desk, clock } = await started(t)
    assert.equal(demoEchoPort(desk.catalog()), undefined)
    assert.equal(standingDemo(desk.catalog()), undefined)
    assert.equal(await moveDemoEcho(desk, { echoPort: 1, clock }), false)
  })
})
