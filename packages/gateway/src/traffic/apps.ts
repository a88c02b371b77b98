import { prepareKey, type SigningKey } from '@pailou/signer'
import type { AppQuotaPlan } from '../seam/limits.ts'
import type { App } from '../seam/snapshot.ts'
import { addressRule, type AddressRule } from './address-rule.ts'
import type { AppCaller } from './exchange.ts'

/** An app made ready to be recognised. */
export interface ReadyApp {
  readonly id: string
  readonly name: string
  readonly key: SigningKey
  readonly caller: AppCaller
}

/** The apps of a snapshot, by what a caller sends. */
export class Apps {
  private readonly byKey: ReadonlyMap<string, App>
  private readonly byCode: ReadonlyMap<string, App>
  private readonly addressRules: ReadonlyMap<string, AddressRule>
  private readonly frozen: ReadonlySet<string>
  private readonly quotas: ReadonlyMap<string, AppQuotaPlan>
  private readonly ready = new Map<string, ReadyApp>()

  constructor(apps: readonly App[]) {
    this.byKey = new Map(apps.map(app => [app.key, app]))
    this.byCode = new Map(apps.flatMap(app => app.codes.map(code => [code.secret, app])))
    this.addressRules = new Map(apps.flatMap(({ id, acl }) => (acl === undefined ? [] : [[id, addressRule(acl)]])))
    this.frozen = new Set(apps.flatMap(({ id, frozen }) => (frozen ? [id] : [])))
    this.quotas = new Map(apps.flatMap(({ id, quota }) => (quota === undefined ? [] : [[id, quota]])))
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

  /** From where the app may call; undefined when that is from everywhere. */
  addressRule(id: string): AddressRule | undefined {
    return this.addressRules.get(id)
  }

  isFrozen(id: string): boolean {
    return this.frozen.has(id)
  }

  quota(id: string): AppQuotaPlan | undefined {
    return this.quotas.get(id)
  }

  /** A signing key costs two hash blocks to prepare: done when the app first calls. */
  private prepare(app: App): ReadyApp {
    let ready = this.ready.get(app.id)
    if (ready === undefined) {
      const { id, name, account } = app
      const caller: AppCaller = { kind: 'app', id, name, ...(account === undefined ? {} : { account }) }
      ready = { id, name, key: prepareKey(app.secret.secret), caller }
      this.ready.set(id, ready)
    }
    return ready
  }
}
