import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Statistics } from './statistics.ts'
import { Tally } from './tally.ts'

const minute = 60_000
const begin = Date.UTC(2026, 0, 1)
const route = (apiId: string, environment = 'e') =>
  ({ apiId, apiName: apiId, groupId: 'g', environment: { id: environment, name: 'RELEASE' } }) as const

/** Counts what is said and adds it up as the threads and the fleet do, with nothing lost in between. */
class Counted {
  readonly tally = new Tally()
  readonly statistics = new Statistics()
  readonly one = this.tally.route(route('one'))

  report(now: number): void {
    const delta = this.tally.take()
    if (delta !== undefined) this.statistics.add(structuredClone(delta), now)
  }

  /** The minutes and requests of an API. */
  minutes(now: number, apiId = 'one'): [number, number][] {
    const found = this.statistics.read(now).routes.find(({ route }) => route?.apiId === apiId)
    return (found?.minutes ?? []).map(({ at, requests }) => [(at - begin) / minute, requests])
  }
}

test('what a thread has counted is told once, and nothing is told when there is nothing', () => {
  const counted = new Counted()
  assert.equal(counted.tally.take(), undefined)
  counted.one.answered(200, 3)
  counted.one.answered(404, 40)
  counted.one.refused('0303')
  counted.tally.elsewhere.answered(404, 0)
  counted.report(begin)
  assert.equal(counted.tally.take(), undefined)
  counted.one.answered(201, 20_000)
  counted.report(begin)
  const { routes, latency } = counted.statistics.read(begin)
  const byClass = (...pairs: [digit: number, times: number][]) =>
    Array.from({ length: 10 }, (_, digit) => pairs.find(([at]) => at === digit)?.[1] ?? 0)
  const total = { requests: 3, byClass: byClass([2, 2], [4, 1]), latencySumMs: 20_043, latencyMaxMs: 20_000 }
  assert.deepEqual(routes, [
    { route: route('one'), total, refusals: { '0303': 1 }, minutes: [{ at: begin, ...total }] },
    {
      route: undefined,
      total: { requests: 1, byClass: byClass([4, 1]), latencySumMs: 0, latencyMaxMs: 0 },
      refusals: {},
      minutes: [{ at: begin, requests: 1, byClass: byClass([4, 1]), latencySumMs: 0, latencyMaxMs: 0 }],
    },
  ])
  assert.deepEqual(latency, { counts: [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], sumMs: 20_043 })
})

test('a latency that is a bound counts below it', () => {
  const { tally } = new Counted()
  for (const ms of [5, 6, 10_000, 10_001]) tally.elsewhere.answered(200, ms)
  assert.deepEqual(tally.take()!.latency, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
})

test('minutes stand for an hour, and the total for ever', () => {
  const counted = new Counted()
  for (const at of [0, 0.5, 1, 58, 59.99]) {
    counted.one.answered(200, 1)
    counted.report(begin + at * minute)
  }
  assert.deepEqual(counted.minutes(begin + 59.99 * minute), [
    [0, 2],
    [1, 1],
    [58, 1],
    [59, 1],
  ])
  assert.deepEqual(counted.minutes(begin + 60 * minute)[0], [1, 1])
  counted.one.answered(200, 1)
  counted.report(begin + 118 * minute)
  assert.deepEqual(counted.minutes(begin + 118 * minute), [
    [59, 1],
    [118, 1],
  ])
  assert.equal(counted.statistics.read(begin).routes[0]!.total.requests, 6)
})

test('a route that is gone is forgotten when its last hour is over, and one that stands is not', () => {
  const counted = new Counted()
  const stands = counted.tally.route(route('stands'))
  for (const tally of [counted.one, stands, counted.tally.elsewhere]) tally.answered(200, 1)
  counted.report(begin)
  const known = () => counted.statistics.read(begin).routes.map(({ route }) => route?.apiId)
  counted.statistics.keep([route('stands')], begin + 59 * minute)
  assert.deepEqual(known(), ['one', 'stands', undefined])
  counted.statistics.keep([route('stands')], begin + 60 * minute)
  assert.deepEqual(known(), ['stands', undefined])
})

test('an API is counted apart in each environment', () => {
  const counted = new Counted()
  counted.one.answered(200, 1)
  counted.tally.route(route('one', 'other')).answered(500, 1)
  counted.report(begin)
  assert.deepEqual(
    counted.statistics.read(begin).routes.map(({ route, total }) => [route?.environment.id, total.requests]),
    [
      ['e', 1],
      ['other', 1],
    ],
  )
})
