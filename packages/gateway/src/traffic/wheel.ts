import type { Clock } from '../base/clock.ts'

/** Something with a deadline. Arm it as often as you like: it costs a comparison while it already stands early enough. */
export class Deadline {
  /** On the wheel's steady time; Infinity when it is not armed. */
  at = Infinity
  /** @internal the slot in which the wheel keeps it, -1 for none */
  slot = -1
  /** @internal */
  slotAt = Infinity
  /** @internal */
  next: Deadline | undefined
  /** @internal */
  previous: Deadline | undefined
  readonly expire: () => void

  constructor(expire: () => void) {
    this.expire = expire
  }
}

const slots = 512

/**
 * All deadlines of a thread on one timer. A deadline that moves away stays in its slot until the slot comes round, and is
 * then put where it belongs: on the hot path a deadline is moved thousands of times for each time it is due.
 */
export class Wheel {
  /** The time at the last tick or the last `touch`, so that whoever can do with that need not ask the system. */
  now: number
  /** Deadlines keep to the steady time, so that nobody's correction of the clock moves them. */
  private steady: number
  /** From steady time to the system's, as it was at the last turn: one look at a clock tells both. */
  private offset: number
  private readonly clock: Clock
  private readonly tickMs: number
  private readonly heads: (Deadline | undefined)[] = Array.from({ length: slots })
  private turned: number
  private timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, tickMs = 25) {
    this.clock = clock
    this.tickMs = tickMs
    this.steady = clock.steady?.() ?? clock.now()
    this.offset = clock.now() - this.steady
    this.now = clock.now()
    this.turned = Math.floor(this.steady / tickMs)
  }

  start(): void {
    this.timer ??= setInterval(() => this.turn(), this.tickMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  touch(): number {
    this.steady = this.clock.steady?.() ?? this.clock.now()
    return (this.now = Math.floor(this.steady + this.offset))
  }

  arm(deadline: Deadline, ms: number): void {
    deadline.at = this.steady + ms
    if (deadline.at < deadline.slotAt) {
      this.unlink(deadline)
      this.link(deadline)
    }
  }

  /** Leaves it in its slot; it will be taken out when the slot comes round. */
  disarm(deadline: Deadline): void {
    deadline.at = Infinity
  }

  /** For the end of its owner's life: nothing refers to it afterwards. */
  remove(deadline: Deadline): void {
    deadline.at = Infinity
    this.unlink(deadline)
  }

  /** Moves on to the present and lets expire what is due. */
  turn(): void {
    this.touch()
    this.offset = this.clock.now() - this.steady
    const until = Math.floor(this.steady / this.tickMs)
    // After a long stop of the process each slot needs a visit only once.
    if (until - this.turned > slots) this.turned = until - slots
    const due: Deadline[] = []
    while (this.turned < until) {
      this.turned++
      let deadline = this.heads[this.turned % slots]
      while (deadline !== undefined) {
        const next: Deadline | undefined = deadline.next
        if (deadline.slotAt <= this.turned * this.tickMs) {
          this.unlink(deadline)
          if (deadline.at <= this.steady) due.push(deadline)
          else if (deadline.at !== Infinity) this.link(deadline)
        }
        deadline = next
      }
    }
    // Afterwards, because what one of them does may move or remove another.
    for (const deadline of due) {
      if (deadline.at > this.steady) continue
      deadline.at = Infinity
      deadline.expire()
    }
  }

  private link(deadline: Deadline): void {
    // Rounded up, so that nothing expires early, and never into the slot that has just been visited.
    const farthest = this.turned + slots - 1
    const turn = Math.min(Math.max(Math.ceil(deadline.at / this.tickMs), this.turned + 1), farthest)
    const slot = turn % slots
    const head = this.heads[slot]
    deadline.slot = slot
    deadline.slotAt = turn * this.tickMs
    deadline.next = head
    deadline.previous = undefined
    if (head !== undefined) head.previous = deadline
    this.heads[slot] = deadline
  }

  private unlink(deadline: Deadline): void {
    if (deadline.slot === -1) return
    if (deadline.previous !== undefined) deadline.previous.next = deadline.next
    else this.heads[deadline.slot] = deadline.next
    if (deadline.next !== undefined) deadline.next.previous = deadline.previous
    deadline.slot = -1
    deadline.slotAt = Infinity
    deadline.next = deadline.previous = undefined
  }
}
