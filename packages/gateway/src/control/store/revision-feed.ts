/** Tells followers of new revisions. */
export class RevisionFeed {
  #newest: number
  #closed = false
  readonly #sleepers = new Set<() => void>()

  constructor(newest: number) {
    this.#newest = newest
  }

  /** What is not newer is no news: of several writers the later may be heard first. */
  announce(revision: number): void {
    if (revision <= this.#newest) return
    this.#newest = revision
    this.#wake()
  }

  /** Ends every follower. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  async *follow(since: number, signal: AbortSignal): AsyncGenerator<number, void, undefined> {
    let told = since
    while (!this.#closed && !signal.aborted) {
      if (told < this.#newest) yield ++told
      else await this.#sleep(signal)
    }
  }

  #sleep(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#sleepers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #wake(): void {
    for (const wake of this.#sleepers) wake()
  }
}
