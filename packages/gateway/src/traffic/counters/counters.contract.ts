import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Claim, Counter, Counters, Exhausted, Window } from './counters.ts'

/** What every engine of counters has to do. Each test gets counters in which nothing is counted yet. */
export function countersContract<C extends Counter>(
  name: string,
  open: () => Counters<C> | Promise<Counters<C>>,
): void {
  const second: Window = { lengthMs: 1_000 }
  const start = Date.UTC(2030, 0, 1, 12, 0, 0, 250)

  /** What each of these calls gets: `undefined`, or the claim without room. */
  async function calls(
    counters: Counters<C>,
    claims: readonly Claim<C>[],
    times: readonly number[],
  ): Promise<(Exhausted | undefined)[]> {
    const results = []
    for (const time of times) results.push(await counters.take(claims, start + time))
    return results
  }
  const passed = (results: readonly (Exhausted | undefined)[]) =>
    results.map(result => (result === undefined ? '+' : '-')).join('')

  suite(`counters: ${name}`, { concurrency: 1 }, () => {
    const cases: [title: string, window: Window, limit: number, times: readonly number[], outcome: string][] = [
      ['takes the limit and not one more', second, 3, [0, 0, 0, 0, 0], '+++--'],
      ['begins a window with the first call, not with the clock', second, 1, [0, 999, 1_000, 1_999, 2_000], '+-+-+'],
      ['begins the next with the next call', second, 2, [0, 5_500, 5_501, 6_499, 6_500, 6_501], '+++-++'],
      ['lets nobody in with a limit of none', second, 0, [0, 5_000], '--'],
      [
        'counts an anchored window by the anchor',
        { lengthMs: 1_000, anchor: start - 800 },
        1,
        [0, 199, 200, 1_199, 1_200],
        '+-+-+',
      ],
      [
        'reckons from an anchor that lies ahead',
        { lengthMs: 1_000, anchor: start + 50_700 },
        1,
        [0, 699, 700, 1_699],
        '+-+-',
      ],
      ['counts an hour to the tick', { lengthMs: 3_600_000 }, 1, [0, 3_599_980, 3_600_004], '+-+'],
      [
        'counts a window of two hundred thousand years',
        { lengthMs: 2_147_483_647 * 86_400_000 },
        2,
        [0, 9e9, 9e10],
        '++-',
      ],
      ['takes a call for current that comes from a moment ago', second, 2, [0, -3, -3, 1], '++--'],
      ['begins anew when the clock was set back by more than a window', second, 1, [0, -5_000, -5_000], '++-'],
    ]
    for (const [title, window, limit, times, outcome] of cases) {
      test(title, async () => {
        const counters = await open()
        const counter = counters.counter('one', window)
        assert.equal(passed(await calls(counters, [{ counter, limit }], times)), outcome)
      })
    }

    test('says which claim, how much is used, and when there will be room', async () => {
      const counters = await open()
      const wide = { counter: counters.counter('wide', second), limit: 9 }
      const narrow = { counter: counters.counter('narrow', second), limit: 2 }
      const results = await calls(counters, [wide, narrow], [0, 300, 400])
      assert.deepEqual(results, [undefined, undefined, { index: 1, used: 2, opensAt: start + 1_000 }])
      const anchored = { counter: counters.counter('anchored', { lengthMs: 60_000, anchor: start - 10_000 }), limit: 1 }
      const [, full] = await calls(counters, [anchored], [0, 20_000])
      assert.deepEqual(full, { index: 0, used: 1, opensAt: start + 50_000 })
    })

    test('counts on all claims or on none', async () => {
      const counters = await open()
      const narrow = { counter: counters.counter('narrow', second), limit: 2 }
      const wide = { counter: counters.counter('wide', second), limit: 4 }
      assert.equal(passed(await calls(counters, [wide, narrow], [0, 1, 2, 3, 4, 5])), '++----')
      assert.equal(passed(await calls(counters, [wide], [6, 7, 8])), '++-')
    })

    test('knows a counter by its name and its window, whoever made it ready', async () => {
      const counters = await open()
      const limit = 1
      const claim = (name: string, window: Window, crowd?: boolean) => ({
        counter: counters.counter(name, window, crowd),
        limit,
      })
      assert.equal(passed(await calls(counters, [claim('a', second)], [0])), '+')
      assert.equal(passed(await calls(counters, [claim('a', second)], [0])), '-')
      assert.equal(passed(await calls(counters, [claim('b', second)], [0])), '+')
      assert.equal(passed(await calls(counters, [claim('a', { lengthMs: 2_000 })], [0])), '+')
      assert.equal(passed(await calls(counters, [claim('x', second, true)], [0])), '+')
      assert.equal(passed(await calls(counters, [claim('x', second, true)], [0])), '-')
    })

    test('obeys a limit that has changed within the window', async () => {
      const counters = await open()
      const counter = counters.counter('a', second)
      assert.equal(passed(await calls(counters, [{ counter, limit: 2 }], [0, 1, 2])), '++-')
      assert.equal(passed(await calls(counters, [{ counter, limit: 3 }], [3, 4])), '+-')
      assert.equal(passed(await calls(counters, [{ counter, limit: 1 }], [5])), '-')
    })

    test('agrees with a model over any course of calls and time', async () => {
      for (let seed = 1; seed <= 20; seed++) {
        const counters = await open()
        const random = randomly(seed)
        const lengthMs = 1 + random(2_000)
        const limits = [1 + random(5), 1 + random(5)]
        const claims = limits.map((limit, at) => ({ counter: counters.counter(`c${at}`, { lengthMs }), limit }))
        const model = limits.map(() => ({ start: -Infinity, count: 0 }))
        let time = start
        for (let call = 0; call < 400; call++) {
          time += random(lengthMs)
          const chosen = [[0], [1], [0, 1], [1, 0]][random(4)]!
          const result = await counters.take(
            chosen.map(at => claims[at]!),
            time,
          )
          const full = chosen.find(at => time - model[at]!.start < lengthMs && model[at]!.count >= limits[at]!)
          assert.equal(result === undefined ? undefined : chosen[result.index], full, `seed ${seed}, call ${call}`)
          if (full !== undefined) {
            assert.equal(result!.opensAt, model[full]!.start + lengthMs)
            continue
          }
          for (const at of chosen) {
            if (time - model[at]!.start >= lengthMs) model[at] = { start: time, count: 0 }
            model[at]!.count++
          }
        }
      }
    })
  })
}

/** Whole numbers below the given one, the same for the same seed. */
function randomly(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
}
