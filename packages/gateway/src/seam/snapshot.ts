import type { Secret } from '../base/secret.ts'
import type { Access } from './access.ts'
import type { AppQuotaPlan } from './limits.ts'
import type { BackendPlan, PolicyPlan } from './plans.ts'
import type { WordedResponses } from './responses.ts'

/** Everything traffic needs to know, and nothing it has to look up. Plain data: print it, compare it, post it to a thread. */
export interface Snapshot {
  readonly revision: number
  /** Every host name that leads to an API group. */
  readonly hosts: readonly Host[]
  /** Every API that is published, once for each environment in which it is. */
  readonly routes: readonly Route[]
  readonly apps: readonly App[]
  /** Absent: every name answers with the default certificate. */
  readonly certificates?: readonly HostCertificates[]
}

/** What a host name answers with in TLS. */
export interface HostCertificates {
  /** As that of a {@link Host}. */
  readonly name: string
  /** At most one for each algorithm; which one a client is shown is decided by what it knows. All in PEM. */
  readonly certificates: readonly {
    /** The certificate, and behind it those of its issuers in order. */
    readonly chain: string
    readonly key: Secret
  }[]
  /** PEM. Who calls over TLS has to have a certificate that one of these has issued. Absent: nobody has to have one. */
  readonly clientAuthority?: string
}

export interface Host {
  /** Lower case, without port. A leading `*.` stands for exactly one label. */
  readonly name: string
  readonly groupId: string
  readonly kind: 'debugging' | 'independent'
  /** How the group words refusals of requests whose API is not known. */
  readonly responses?: WordedResponses
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
  readonly responses?: WordedResponses
}

/** A credential of a caller. */
export interface App {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly secret: Secret
  readonly codes: readonly Secret[]
  /** To whom it belongs. Absent when that is nobody any more. */
  readonly account?: Account
  /** From where it may call. Absent: from everywhere. */
  readonly acl?: Access
  /** Nothing of it passes. */
  readonly frozen?: true
  readonly quota?: AppQuotaPlan
}

/** An IAM account; the contract calls it a domain. */
export interface Account {
  readonly id: string
  readonly name: string
}
