import { createHmac, hkdfSync } from 'node:crypto'

import { errors as joseErrors, jwtVerify, SignJWT } from 'jose'

import type { Clock } from '../../base/clock.ts'
import type { Catalog } from '../catalog.ts'
import type { Account, Project, User } from '../documents/documents.ts'
import { isEnabled } from './roles.ts'

/** How long a token lives, in milliseconds: a day, as in the contract. */
export const tokenLifeMs = 24 * 3600 * 1000

const longestToken = 4096

/** What a token opens: one project, or the account (which Keystone calls a domain). */
export type Scope = { readonly project: Project } | { readonly account: Account }

/** What a token says about its bearer, once it has been checked against the catalog. */
export interface Bearer {
  readonly user: User
  readonly account: Account
  readonly scope: Scope
  readonly methods: readonly string[]
  /** Milliseconds since the epoch, whole seconds. */
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface Tokens {
  /** `expiresAt` keeps what a token was exchanged for from outliving it. */
  issue(
    user: User,
    account: Account,
    scope: Scope,
    methods: readonly string[],
    expiresAt?: number,
  ): Promise<{ token: string; bearer: Bearer }>
  check(token: string, catalog: Catalog): Promise<Bearer | 'expired' | 'invalid'>
}

/**
 * Tokens that need no storage: compact JWS under a key derived from `tokenKey`. A token dies with its user and its
 * project, and with every change of its user: of the password, the role, the name, or whether the user may enter.
 */
export function openTokens({ tokenKey, clock }: { readonly tokenKey: Buffer; readonly clock: Clock }): Tokens {
  if (tokenKey.length < 32) throw new TypeError('tokenKey has to have at least 32 bytes')
  const key = new Uint8Array(hkdfSync('sha256', tokenKey, '', 'pailou iam token', 32))

  /** Changes with the user and says nothing about the password. */
  const mark = ({ id, passwordHash, generation = 0 }: User): string =>
    createHmac('sha256', key).update(`${id} ${passwordHash.secret} ${generation}`).digest('base64url').slice(0, 16)

  return {
    async issue(user, account, scope, methods, expiresAt = Infinity) {
      const issuedAt = Math.floor(clock.now() / 1000) * 1000
      const bearer: Bearer = {
        user,
        account,
        scope,
        methods,
        issuedAt,
        expiresAt: Math.min(issuedAt + tokenLifeMs, expiresAt),
      }
      const token = await new SignJWT({
        methods: [...methods],
        mark: mark(user),
        ...('project' in scope ? { project: scope.project.id } : { account: scope.account.id }),
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'pailou' })
        .setSubject(user.id)
        .setIssuedAt(issuedAt / 1000)
        .setExpirationTime(bearer.expiresAt / 1000)
        .sign(key)
      return { token, bearer }
    },

    async check(token, catalog) {
      if (token.length > longestToken) return 'invalid'
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: 'pailou',
          currentDate: new Date(clock.now()),
          requiredClaims: ['sub', 'iat', 'exp', 'mark', 'methods'],
        })
        const user = catalog.get('user', String(payload.sub))
        const account = user && catalog.get('account', user.accountId)
        if (!user || !account || !isEnabled(user) || payload['mark'] !== mark(user)) return 'invalid'
        const scope = scopeOf(payload, account, catalog)
        if (!scope) return 'invalid'
        const methods = payload['methods'] as string[]
        return { user, account, scope, methods, issuedAt: payload.iat! * 1000, expiresAt: payload.exp! * 1000 }
      } catch (error) {
        return error instanceof joseErrors.JWTExpired ? 'expired' : 'invalid'
      }
    },
  }
}

function scopeOf(payload: Readonly<Record<string, unknown>>, account: Account, catalog: Catalog): Scope | undefined {
  if (typeof payload['project'] !== 'string') return payload['account'] === account.id ? { account } : undefined
  const project = catalog.get('project', payload['project'])
  return project?.accountId === account.id ? { project } : undefined
}
