import type { Secret } from '../base/secret.ts'
import type { BackendPlan, PolicyPlan } from './plans.ts'

/** Everything traffic needs to know, and nothing it has to look up. Plain data: print it, compare it, post it to a thread. */
export interface Snapshot {
  readonly revision: number
  /** Every host name that leads to an API group. */
  readonly hosts: readonly Host[]
  /** Every API that is published, once for each environment in which it is. */
  readonly routes: readonly Route[]
  readonly apps: readonly App[]
}

export interface Host {
  /** Lower case, without port. A leading `*.` stands for exactly one label. */
  readonly name: string
  readonly groupId: string
  readonly kind: 'debugging' | 'independent'
}

/** One API as it was frozen when it was published into one environment, with the policies that act on it now. */
export interface Route {
  readonly apiId: string
  readonly apiName: string
  readonly groupId: string
  readonly groupName: string
  readonly environment: { readonly id: string; readonly name: string }
  readonly publishId: string
  readonly versionId: string
  /** An HTTP method, or `ANY` for all seven. */
  readonly method: string
  /** The frontend path: `/users/{id}`, `/files/{path+}`. */
  readonly path: string
  /** NORMAL: the whole path is equal. SWA: the path begins with this one, at a segment's end. */
  readonly matchMode: 'NORMAL' | 'SWA'
  readonly policies: readonly PolicyPlan[]
  readonly backend: BackendPlan
}

/** A credential of a caller. */
export interface App {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly secret: Secret
  readonly codes: readonly Secret[]
}
