import { prepareKey, type SigningKey } from '@pailou/signer'
import type { App } from '../seam/snapshot.ts'

/** An app made ready to be recognised. */
export interface ReadyApp {
  readonly id: string
  readonly name: string
  readonly key: SigningKey
  readonly caller: { readonly kind: 'app'; readonly id: string; readonly name: string }
}

/** The apps of a snapshot, by what a caller sends. */
export class Apps {
  private readonly byKey: ReadonlyMap<string, App>
  private readonly byCode: ReadonlyMap<string, App>
  private readonly ready = new Map<string, ReadyApp>()

  constructor(apps: readonly App[]) {
    this.byKey = new Map(apps.map(app => [app.key, app]))
    this.byCode = new Map(apps.flatMap(app => app.codes.map(code => [code.secret, app])))
  }

  withKey(key: string): ReadyApp | undefined {
    const app = this.byKey.get(key)
    return app && this.prepare(app)
  }

  /**
   * By AppCode. The look-up is by hash table, so its time tells nothing of how much of a guess was right.
   */
  withCode(code: string): ReadyApp | undefined {
    const app = this.byCode.get(code)
    return app && this.prepare(app)
  }

  /** A signing key costs two hash blocks to prepare: done when the app first calls. */
  private prepare(app: App): ReadyApp {
    let ready = this.ready.get(app.id)
    if (ready === undefined) {
      const { id, name } = app
      ready = { id, name, key: prepareKey(app.secret.secret), caller: { kind: 'app', id, name } }
      this.ready.set(id, ready)
    }
    return ready
  }
}
