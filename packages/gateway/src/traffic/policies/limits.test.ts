import assert from 'node:assert/strict'
import { afterEach, suite, test } from 'node:test'
import type { AppQuotaPlan, ThrottlePlan } from '../../seam/limits.ts'
import type { PolicyPlan } from '../../seam/plans.ts'
import type { App, Route } from '../../seam/snapshot.ts'
import { valueOf } from '../testing/messages.ts'
import { exchange } from '../testing/raw-client.ts'
import { hostName, mockBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

/** Calls are made as an app by its AppCode, or as nobody. */
const app = (id: string, more: Partial<App> = {}): App => ({
  id,
  name: `name of ${id}`,
  key: `key-${id}`,
  secret: { secret: `secret-${id}` },
  codes: [{ secret: `code-${id}` }],
  ...more,
})

const minute: ThrottlePlan = {
  id: 't1',
  name: 'policy',
  scope: 't1 RELEASE api',
  windowMs: 60_000,
  period: '1 minute',
  api: 100,
}
const quota: AppQuotaPlan = { id: 'q1', name: 'quota', limit: 2, windowMs: 3_600_000, period: '1 hour' }
const userOfApps = { projectId: 'project', accountId: 'account' }

const open = (path: string, throttle: ThrottlePlan): Route =>
  route(mockBackend(), { path }, [{ kind: 'limits', settings: { appQuotas: false, throttle } }])

function forApps(path: string, throttle?: Partial<ThrottlePlan>, more: PolicyPlan[] = []): Route {
  const settings = { appQuotas: true, ...(throttle && { throttle: { ...minute, ...throttle } }) }
  return route(mockBackend(), { path }, [
    { kind: 'app-code', settings: {} },
    { kind: 'app-authorization', settings: { appIds: ['a', 'b', 'c'] } },
    { kind: 'frozen-app', settings: {} },
    { kind: 'limits', settings },
    ...more,
  ])
}

let stand: Stand | undefined
afterEach(async () => {
  await stand?.close()
  stand = undefined
})

async function serve(routes: Route[], apps: App[] = []): Promise<Stand> {
  stand = await Stand.open({ snapshot: snapshotOf(routes, apps), tls: apps.length > 0, turned: true })
  return stand
}

/** Calls one after the other, each by an app or `-` for nobody: their statuses, or the time that passes between them. */
async function calls(path: string, callers: readonly (string | number)[]): Promise<string> {
  const outcome: string[] = []
  for (const caller of callers) {
    if (typeof caller === 'number') stand!.pass(caller)
    else outcome.push(String((await call(path, caller)).status))
  }
  return outcome.join(' ')
}

async function call(path: string, caller = '-') {
  const credential = caller === '-' ? '' : `X-Apig-AppCode: code-${caller}\r\n`
  const request = `GET ${path} HTTP/1.1\r\nHost: ${hostName}\r\n${credential}Connection: close\r\n\r\n`
  const tls = stand!.tlsPort > 0
  const [response] = await exchange(tls ? stand!.tlsPort : stand!.port, request, { tls })
  return response!
}

suite('a throttling policy', { concurrency: 1 }, () => {
  test('lets the limit through in each window, which begins with the first call', async () => {
    await serve([open('/x', { ...minute, api: 2 })])
    assert.equal(
      await calls('/x', ['-', 30_000, '-', '-', 29_000, '-', 2_000, '-', '-', '-']),
      '200 200 429 429 200 200 429',
    )
  })

  test('says when the window opens, to the caller in seconds and in the evidence in full', async () => {
    const { records } = await serve([open('/x', { ...minute, api: 1 })])
    const at = new Date(stand!.traffic.wheel.now).getTime()
    await call('/x')
    stand!.pass(20_500)
    const refused = await call('/x')
    assert.equal(refused.status, 429)
    assert.equal(valueOf(refused, 'retry-after'), '40')
    assert.equal(JSON.parse(refused.body.toString()).error_code, 'APIG.0308')
    const [{ row, evidence }] = records as [(typeof records)[0]]
    const { opensAt, ...rest } = evidence
    assert.equal(row, '0308')
    assert.deepEqual(rest, {
      check: 'throttling policy',
      policy: { id: 't1', name: 'policy' },
      counter: 'api',
      limit: 1,
      used: 1,
      window: '1 minute',
    })
    assert.ok(Math.abs(Date.parse(opensAt as string) - at - 60_000) < 50)
  })

  test("says when to come back also where the API's group has its own words", async () => {
    const responses = { THROTTLED: { body: 'slow down, $context.sourceIp', headers: [{ key: 'X-Own', value: 'yes' }] } }
    await serve([{ ...open('/x', { ...minute, api: 0 }), responses }])
    const refused = await call('/x')
    assert.deepEqual([refused.status, refused.body.toString()], [429, 'slow down, 127.0.0.1'])
    assert.deepEqual([valueOf(refused, 'x-own'), valueOf(refused, 'retry-after')], ['yes', '60'])
  })

  const a = app('a')
  const b = app('b')
  const c = app('c')
  const cases: [title: string, throttle: Partial<ThrottlePlan>, callers: string, outcome: string, counter: object][] = [
    ['limits each app', { app: 1 }, 'a b a b', '200 200 429 429', { counter: 'app', app: 'b', limit: 1, used: 1 }],
    [
      'limits the user, who is the project of the apps',
      { user: 2, userOfApps },
      'a b c',
      '200 200 429',
      { counter: 'user', user: 'project', limit: 2 },
    ],
    [
      'has another limit for an app that is excluded, above or below',
      { api: 10, app: 3, specialApps: { a: 2, b: 4 } },
      'a a a b b b b b c c c c',
      '200 200 429 200 200 200 200 429 200 200 200 429',
      { counter: 'app', app: 'c', limit: 3 },
    ],
    [
      'says when the limit is that of an excluded app',
      { app: 3, specialApps: { a: 1 } },
      'a a',
      '200 429',
      { counter: 'app', limit: 1, special: true },
    ],
    [
      'limits an excluded app also when apps in general are not limited',
      { specialApps: { a: 1 } },
      'b b a a',
      '200 200 200 429',
      { counter: 'app', app: 'a' },
    ],
    [
      'has another limit for a user who is excluded by the id of the project',
      { user: 1, specialUsers: { project: 2 }, userOfApps },
      'a a a',
      '200 200 429',
      { counter: 'user', limit: 2, special: true },
    ],
    [
      'or by that of the account',
      { specialUsers: { account: 1 }, userOfApps },
      'a b',
      '200 429',
      { counter: 'user', limit: 1, special: true },
    ],
    ['limits each address', { ip: 2 }, 'a b c', '200 200 429', { counter: 'ip', ip: '127.0.0.1', limit: 2 }],
    [
      'counts nowhere what is refused somewhere',
      { api: 3, app: 1 },
      'a a a a b c b',
      '200 429 429 429 200 200 429',
      { counter: 'api', limit: 3, used: 3 },
    ],
  ]
  for (const [title, throttle, callers, outcome, evidence] of cases) {
    test(title, async () => {
      const { records } = await serve([forApps('/x', throttle)], [a, b, c])
      assert.equal(await calls('/x', callers.split(' ')), outcome)
      const last = records.at(-1)!
      assert.equal(last.row, '0308')
      assert.deepEqual({ ...last.evidence, ...evidence }, last.evidence)
    })
  }

  test('asks nothing of users and apps where nobody has to say who is calling', async () => {
    await serve([open('/x', { ...minute, api: 3, user: 1, app: 1, userOfApps })])
    assert.equal(await calls('/x', ['-', '-', '-', '-']), '200 200 200 429')
  })

  test('counts APIs of one scope together, and others for themselves', async () => {
    const shared = { ...minute, scope: 'together', api: 2 }
    await serve([open('/x', shared), open('/y', shared), open('/z', { ...shared, scope: 'alone' })])
    assert.equal(await calls('/x', ['-']), '200')
    assert.equal(await calls('/y', ['-', '-']), '200 429')
    assert.equal(await calls('/x', ['-']), '429')
    assert.equal(await calls('/z', ['-']), '200')
  })

  test('goes on counting when the configuration changes, with the new limit', async () => {
    const { traffic } = await serve([open('/x', { ...minute, api: 1 })])
    assert.equal(await calls('/x', ['-', '-']), '200 429')
    traffic.adopt(snapshotOf([open('/x', { ...minute, api: 2 })]))
    assert.equal(await calls('/x', ['-', '-']), '200 429')
    traffic.adopt(snapshotOf([route(mockBackend(), { path: '/x' })]))
    assert.equal(await calls('/x', ['-', '-']), '200 200')
  })
})

suite("an app's quota", { concurrency: 1 }, () => {
  test('holds for all APIs together, for each app alone, from the first call on', async () => {
    const { records } = await serve(
      [forApps('/x'), forApps('/y')],
      [app('a', { quota }), app('b', { quota }), app('c')],
    )
    assert.equal(await calls('/x', ['a', 'b', 'c', 'c', 'c']), '200 200 200 200 200')
    assert.equal(await calls('/y', ['a', 'a', 'b']), '200 405 200')
    assert.equal(await calls('/x', [3_500_000, 'a', 200_000, 'a', 'a', 'a']), '405 200 200 405')
    const { row, evidence, appId } = records[0]!
    const { opensAt: _, ...rest } = evidence
    assert.deepEqual([row, appId], ['0501', 'a'])
    assert.deepEqual(rest, {
      check: 'app quota',
      quota: { id: 'q1', name: 'quota' },
      app: { id: 'a', name: 'name of a' },
      limit: 2,
      used: 2,
      cycle: '1 hour',
    })
  })

  test('begins its cycles at the reset time when it has one', async () => {
    await serve([], [app('a')])
    const anchor = stand!.traffic.wheel.now + 7 * 3_600_000 + 10_000
    stand!.traffic.adopt(snapshotOf([forApps('/x')], [app('a', { quota: { ...quota, limit: 1, anchor } })]))
    assert.equal(await calls('/x', ['a', 'a', 9_000, 'a', 2_000, 'a', 'a']), '200 405 405 200 405')
  })
})

suite('if several conditions hold', { concurrency: 1 }, () => {
  const missing: PolicyPlan = {
    kind: 'parameters',
    settings: {
      request: [{ name: 'p', location: 'QUERY', required: true, type: 'STRING', passThrough: true }],
      backend: [],
    },
  }
  const stranger = app('d', { frozen: true, quota: { ...quota, limit: 0 } })

  test('0304 comes before 0502, 0501, 0308 and 0106', async () => {
    const routes = [forApps('/x', { api: 0 }, [missing])]
    const none = { ...quota, limit: 0 }
    const apps = [stranger, app('a', { frozen: true, quota: none }), app('b', { quota: none }), app('c')]
    const { records } = await serve(routes, apps)
    const caller = ['d', 'a', 'b', 'c']
    assert.equal(await calls('/x', caller), '403 405 405 429')
    stand!.traffic.adopt(snapshotOf([forApps('/x', {}, [missing])], apps))
    assert.equal(await calls('/x', ['c']), '400')
    assert.deepEqual(
      records.map(({ row }) => row),
      ['0304', '0502', '0501', '0308', '0106'],
    )
    assert.deepEqual(records[1]!.evidence, {
      check: 'app state',
      app: { id: 'a', name: 'name of a' },
      found: 'frozen',
    })
  })

  test('a call that the policy refuses uses up nothing of the quota, and the other way round', async () => {
    const { records } = await serve([forApps('/x', { api: 1 }), forApps('/y')], [app('a', { quota })])
    assert.equal(await calls('/x', ['a', 'a', 'a']), '200 429 429')
    assert.equal(await calls('/y', ['a', 'a']), '200 405')
    assert.equal(await calls('/x', [120_000, 'a', 3_600_000, 'a']), '405 200')
    assert.deepEqual(
      records.map(({ row }) => row),
      ['0308', '0308', '0501', '0501'],
    )
  })
})
