import type { Clock } from '../../base/clock.ts'

/** A clock that stands still until it is turned. It begins at the present, so that signatures made now are valid. */
export class TurnedClock implements Clock {
  private ms = Date.now()

  now(): number {
    return this.ms
  }

  turn(ms: number): void {
    this.ms += ms
  }
}
