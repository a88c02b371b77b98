import { createHash } from 'node:crypto'

import { adminErrors, type Operation } from '@pailou/contract'
import {
  parseAuthorization,
  prepareKey,
  verify,
  type HeaderLookup,
  type SigningKey,
  type Verification,
} from '@pailou/signer'

import type { Clock } from '../../base/clock.ts'
import type { Catalog } from '../catalog.ts'
import type { AccessKey, Account, Project, User } from '../documents/documents.ts'
import { isEnabled, whyNotFor } from '../iam/roles.ts'
import type { Scope, Tokens } from '../iam/tokens.ts'
import { AdminError } from './admin-error.ts'

/** A request as far as recognising its sender goes. */
export interface SentRequest {
  readonly method: string
  /** As on the wire, with the query. */
  readonly target: string
  readonly headers: HeaderLookup
  readonly body: Buffer
}

/** Who asks. What the user's role allows is in `iam/roles.ts`. */
export interface Caller {
  readonly user: User
  readonly account: Account
  /** The id of the key that has signed; absent for a token. */
  readonly accessKey?: string
  /** What the token was issued for; an access key opens all of its account. */
  readonly scope?: Scope
}

export interface Access {
  /** Throws AdminError 1000, 1001 or 1002: one text for every wrong credential, whatever is wrong with it. */
  recognise(request: SentRequest, catalog: Catalog): Promise<Caller>
  /** Throws AdminError 1005 when the operation is not for this caller: the role or the account does not allow it. */
  permit(caller: Caller, operation: Operation): void
  /** The project in the path, if the caller may enter it. Throws AdminError 1005, or 1003 for a token without a project. */
  enter(caller: Caller, projectId: string, headers: HeaderLookup, catalog: Catalog): Project
}

/** Told to the log, never to the client. */
export type Unrecognised = (reason: object) => void

const wrong = (): AdminError => new AdminError('APIG.1002')

export function openAccess({
  tokens,
  clock,
  unrecognised,
}: {
  tokens: Tokens
  clock: Clock
  unrecognised: Unrecognised
}): Access {
  /** The verification of an unknown key takes this one, so that it costs as much as that of a known key. */
  const nobody = prepareKey('nobody has this secret')
  const prepared = new WeakMap<AccessKey, SigningKey>()

  const signingKey = (accessKey: AccessKey): SigningKey => {
    let key = prepared.get(accessKey)
    if (!key) prepared.set(accessKey, (key = prepareKey(accessKey.secretKey.secret)))
    return key
  }

  async function bySignature(request: SentRequest, value: string, catalog: Catalog): Promise<Caller> {
    const authorization = parseAuthorization(value)
    if ('problem' in authorization) {
      unrecognised({ check: authorization.check })
      throw wrong()
    }
    const accessKey = catalog.get('access-key', authorization.access)
    const mark = request.target.indexOf('?')
    const result = verify(
      {
        method: request.method,
        path: mark === -1 ? request.target : request.target.slice(0, mark),
        query: mark === -1 ? '' : request.target.slice(mark + 1),
        headers: request.headers,
        bodyHash: createHash('sha256').update(request.body).digest('hex'),
      },
      authorization,
      accessKey ? signingKey(accessKey) : nobody,
      { now: clock.now() },
    )
    const user = accessKey && catalog.get('user', accessKey.userId)
    const account = user && catalog.get('account', user.accountId)
    if (result.ok && user && account && isEnabled(accessKey) && isEnabled(user)) {
      return { user, account, accessKey: accessKey.id }
    }
    unrecognised({ accessKey: authorization.access.slice(0, 64), ...whyNot(accessKey, user, result) })
    throw wrong()
  }

  async function byToken(token: string, catalog: Catalog): Promise<Caller> {
    const bearer = await tokens.check(token, catalog)
    if (bearer === 'expired') throw new AdminError('APIG.1001')
    if (bearer === 'invalid') {
      unrecognised({ check: 'token' })
      throw wrong()
    }
    return { user: bearer.user, account: bearer.account, scope: bearer.scope }
  }

  return {
    async recognise(request, catalog) {
      const authorization = first(request.headers('authorization'))
      const token = first(request.headers('x-auth-token'))
      // Go adds an empty Authorization to some calls; a token beside one of another scheme counts.
      if (authorization && (!token || authorization.startsWith('SDK-HMAC-SHA256'))) {
        return bySignature(request, authorization, catalog)
      }
      if (token) return byToken(token, catalog)
      throw new AdminError('APIG.1000')
    },

    permit(caller, operation) {
      const why = whyNotFor(caller, operation)
      if (why) throw new AdminError('APIG.1005', `${adminErrors['APIG.1005'].message}: ${why}`)
    },

    enter({ account, scope }, projectId, headers, catalog) {
      const claimed = first(headers('x-project-id'))
      const project = catalog.get('project', projectId)
      if (project?.accountId !== account.id || (claimed && claimed !== projectId)) throw new AdminError('APIG.1005')
      if (scope && !('project' in scope)) throw new AdminError('APIG.1003')
      if (scope && scope.project.id !== projectId) throw new AdminError('APIG.1005')
      return project
    },
  }
}

/** Short enough that nobody fills the log by sending nonsense. */
function whyNot(accessKey: AccessKey | undefined, user: User | undefined, result: Verification): object {
  if (!accessKey) return { check: 'access-key' }
  if (result.ok) {
    if (!isEnabled(accessKey)) return { check: 'access-key-disabled' }
    return { check: user && !isEnabled(user) ? 'user-disabled' : 'user' }
  }
  if (result.check !== 'signature') return result
  const { check, canonicalRequest, date, serverTime } = result
  return { check, date, serverTime, canonicalRequest: canonicalRequest.slice(0, 1000) }
}

function first(values: readonly string[] | string | undefined): string | undefined {
  return typeof values === 'string' ? values : values?.[0]
}

/** Looks headers up in the pairs as they came off the wire: names in any case, values byte for byte. */
export function headerLookup(rawHeaders: readonly string[]): HeaderLookup {
  const values = new Map<string, string[]>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase()
    const known = values.get(name)
    if (known) known.push(rawHeaders[index + 1]!)
    else values.set(name, [rawHeaders[index + 1]!])
  }
  return name => values.get(name)
}
