import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { TurnedClock } from './testing/turned-clock.ts'
import { Deadline, Wheel } from './wheel.ts'

const tick = 25

const sorted = (names: readonly string[]) => names.toSorted((a, b) => a.localeCompare(b))

function make() {
  const clock = new TurnedClock()
  const wheel = new Wheel(clock, tick)
  const expired: string[] = []
  const deadline = (name: string) => new Deadline(() => expired.push(name))
  const pass = (ms: number) => {
    clock.turn(ms)
    wheel.turn()
  }
  return { clock, wheel, expired, deadline, pass }
}

suite('a deadline', () => {
  test('expires once, not early, and within two turns of the wheel', () => {
    for (const ms of [1, 24, 25, 26, 100, 999, 12_775, 12_800, 12_825, 60_000, 600_000]) {
      const { wheel, expired, deadline, pass } = make()
      wheel.arm(deadline('a'), ms)
      let passed = 0
      while (expired.length === 0) {
        pass(5)
        passed += 5
        assert.ok(passed <= ms + 2 * tick, `${ms} ms`)
      }
      assert.ok(passed >= ms, `${ms} ms`)
      pass(100_000)
      assert.deepEqual(expired, ['a'])
    }
  })

  test('can be moved away, however often', () => {
    const { wheel, expired, deadline, pass } = make()
    const a = deadline('a')
    for (let i = 0; i < 1_000; i++) {
      wheel.arm(a, 100)
      pass(90)
    }
    assert.deepEqual(expired, [])
    pass(100 + tick)
    assert.deepEqual(expired, ['a'])
  })

  test('can be moved nearer', () => {
    const { wheel, expired, deadline, pass } = make()
    const a = deadline('a')
    wheel.arm(a, 60_000)
    wheel.arm(a, 100)
    pass(100 + tick)
    assert.deepEqual(expired, ['a'])
    pass(60_000)
    assert.deepEqual(expired, ['a'])
  })

  test('that is disarmed or removed does not expire, and can be armed again', () => {
    const { wheel, expired, deadline, pass } = make()
    const [a, b] = [deadline('a'), deadline('b')]
    wheel.arm(a, 100)
    wheel.arm(b, 100)
    wheel.disarm(a)
    wheel.remove(b)
    pass(1_000)
    assert.deepEqual(expired, [])
    wheel.arm(a, 100)
    wheel.arm(b, 100)
    pass(100 + tick)
    assert.deepEqual(sorted(expired), ['a', 'b'])
  })

  test('may move or remove another that is due at the same moment', () => {
    const { wheel, expired, deadline, pass } = make()
    const [moved, removed] = [deadline('moved'), deadline('removed')]
    const first = new Deadline(() => {
      wheel.arm(moved, 1_000)
      wheel.remove(removed)
    })
    // What is armed last is looked at first.
    wheel.arm(moved, 100)
    wheel.arm(removed, 100)
    wheel.arm(first, 100)
    pass(100 + tick)
    assert.deepEqual(expired, [])
    pass(1_000 + tick)
    assert.deepEqual(expired, ['moved'])
  })

  test('that arms itself again expires again', () => {
    const { wheel, pass } = make()
    let times = 0
    const again = new Deadline(() => {
      times++
      wheel.arm(again, 100)
    })
    wheel.arm(again, 100)
    for (let i = 0; i < 10; i++) pass(100 + tick)
    assert.equal(times, 10)
  })

  test('expires after the process stood still for longer than the wheel is round', () => {
    const { wheel, expired, deadline, pass } = make()
    wheel.arm(deadline('a'), 100)
    wheel.arm(deadline('b'), 30_000)
    wheel.arm(deadline('c'), 10_000_000)
    pass(3_600_000)
    assert.deepEqual(sorted(expired), ['a', 'b'])
    pass(10_000_000)
    assert.deepEqual(sorted(expired), ['a', 'b', 'c'])
  })

  test('is on a timer of its own only once the wheel is started, and then needs nobody to turn it', async () => {
    const wheel = new Wheel({ now: () => Date.now() }, 5)
    wheel.start()
    wheel.start()
    const begun = Date.now()
    // The wheel's timer alone does not keep a process alive.
    const alive = setInterval(() => {}, 1_000)
    await new Promise<void>(resolve => wheel.arm(new Deadline(resolve), 30))
    clearInterval(alive)
    assert.ok(Date.now() - begun >= 30)
    wheel.stop()
  })

  test('behaves like a plain list of deadlines, whatever is done', () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('arm' as const), which: fc.nat(4), ms: fc.nat(30_000) }),
      fc.record({ do: fc.constantFrom('disarm' as const, 'remove' as const), which: fc.nat(4), ms: fc.constant(0) }),
      fc.record({ do: fc.constant('pass' as const), which: fc.constant(0), ms: fc.nat(20_000) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), actions => {
        const { clock, wheel, expired, deadline, pass } = make()
        const deadlines = Array.from({ length: 5 }, (_, i) => deadline(String(i)))
        const due = new Map<string, number>()
        for (const { do: what, which, ms } of actions) {
          const name = String(which)
          if (what === 'arm') {
            wheel.arm(deadlines[which]!, ms)
            due.set(name, wheel.now + ms)
          } else if (what === 'pass') {
            expired.length = 0
            pass(ms)
            for (const name of expired) {
              assert.ok(due.has(name) && due.get(name)! <= clock.now(), 'only what is due')
              due.delete(name)
            }
            for (const at of due.values()) assert.ok(at > clock.now() - 2 * tick, 'all that was due')
          } else {
            wheel[what](deadlines[which]!)
            due.delete(name)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
