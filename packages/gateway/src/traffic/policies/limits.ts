import type { AppQuotaPlan, LimitSettings, ThrottlePlan } from '../../seam/limits.ts'
import type { Claim, Counters, Exhausted } from '../counters/counters.ts'
import { refuse, type AppCaller, type Caller, type Refusal } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** A claim that knows what to say when there is no room. */
interface Limit extends Claim {
  refusal(exhausted: Exhausted, now: number): Refusal
}

/**
 * 流量控制, 应用配额: the quota of the app that calls, and the API's throttling policy. A call is counted everywhere at once
 * or nowhere: what one counter refuses is not used up at another.
 */
export const limits: Policy<'limits'> = (settings, { apps, counters }) => {
  const { throttle } = settings
  const prepare = prepared(settings, id => apps.quota(id), counters)
  const byCaller = new Map<string, readonly Limit[]>()
  return {
    admit({ caller, client, at }) {
      const key = caller.kind === 'app' ? caller.id : ''
      let claims = byCaller.get(key)
      if (claims === undefined) byCaller.set(key, (claims = prepare(caller)))
      if (throttle?.ip !== undefined) {
        claims = [...claims, throttled(throttle, counters, { of: 'ip', id: client.address, limit: throttle.ip })]
      }
      const exhausted = counters.take(claims, at)
      if (exhausted === undefined) return undefined
      if (exhausted instanceof Promise) {
        return exhausted.then(late => late && claims[late.index]!.refusal(late, at))
      }
      return claims[exhausted.index]!.refusal(exhausted, at)
    },
  }
}

/** All that a caller counts on but for its address, in the order in which it is asked. */
function prepared(
  { appQuotas, throttle }: LimitSettings,
  quotaOf: (appId: string) => AppQuotaPlan | undefined,
  counters: Counters,
): (caller: Caller) => readonly Limit[] {
  return caller => {
    const claims: Limit[] = []
    const app = caller.kind === 'app' ? caller : undefined
    const quota = app && appQuotas ? quotaOf(app.id) : undefined
    if (app && quota) claims.push(quotaLimit(quota, app, counters))
    if (throttle === undefined) return claims
    const { api, user, specialUsers = {}, specialApps = {}, userOfApps } = throttle
    claims.push(throttled(throttle, counters, { of: 'api', id: '', limit: api }))
    if (app === undefined) return claims
    if (userOfApps !== undefined) {
      const { projectId: id, accountId } = userOfApps
      const special = specialUsers[id] ?? specialUsers[accountId]
      const limit = special ?? user
      if (limit !== undefined) claims.push(throttled(throttle, counters, { of: 'user', id, limit, special }))
    }
    const special = Object.hasOwn(specialApps, app.id) ? specialApps[app.id] : undefined
    const limit = special ?? throttle.app
    if (limit !== undefined) claims.push(throttled(throttle, counters, { of: 'app', id: app.id, limit, special }))
    return claims
  }
}

interface Counted {
  readonly of: 'api' | 'user' | 'app' | 'ip'
  /** Which user, app or address; the scope says which API. */
  readonly id: string
  readonly limit: number
  /** The limit, when it is that of one app or user. */
  readonly special?: number | undefined
}

function throttled(plan: ThrottlePlan, counters: Counters, { of, id, limit, special }: Counted): Limit {
  const { scope, windowMs: lengthMs, period } = plan
  return {
    counter: counters.counter(`throttle ${scope} ${of} ${id}`, { lengthMs }, of === 'ip'),
    limit,
    refusal({ used, opensAt }, now) {
      const refusal = refuse('0308', {
        check: 'throttling policy',
        policy: { id: plan.id, name: plan.name },
        counter: of,
        ...(of === 'api' ? {} : { [of]: id }),
        limit,
        ...(special === undefined ? {} : { special: true }),
        used,
        window: period,
        opensAt: timeText(opensAt),
      })
      refusal.headerLines = `Retry-After: ${Math.max(1, Math.ceil((opensAt - now) / 1_000))}\r\n`
      return refusal
    },
  }
}

function quotaLimit(plan: AppQuotaPlan, app: AppCaller, counters: Counters): Limit {
  const { id, name, limit, windowMs: lengthMs, period, anchor } = plan
  const window = anchor === undefined ? { lengthMs } : { lengthMs, anchor }
  return {
    counter: counters.counter(`quota ${id} ${app.id}`, window),
    limit,
    refusal: ({ used, opensAt }) =>
      refuse('0501', {
        check: 'app quota',
        quota: { id, name },
        app: { id: app.id, name: app.name },
        limit,
        used,
        cycle: period,
        opensAt: timeText(opensAt),
      }),
  }
}

/** Cycles may be longer than dates reach. */
function timeText(ms: number): string {
  return ms <= 8.64e15 ? new Date(ms).toISOString() : 'never'
}
