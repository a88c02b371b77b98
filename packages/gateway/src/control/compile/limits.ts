import type { AppQuotaPlan, ThrottlePlan } from '../../seam/limits.ts'
import type { PolicyPlan } from '../../seam/plans.ts'
import type { Catalog } from '../catalog.ts'
import type { App, ApiDefinition, Publication } from '../documents/documents.ts'
import type { Throttle, ThrottleBinding, ThrottleSpecial } from '../documents/throttles.ts'
import type { Refuse } from './rehearsal-error.ts'

/** The plans of what limits a publication: its throttling policy, and the quotas and states of the apps that may call it. */
export type Limits = (
  publication: Publication,
  definition: ApiDefinition,
  appIds: readonly string[],
  refuse: Refuse,
) => readonly PolicyPlan[]

export function limitsOf(catalog: Catalog): Limits {
  const bindings = new Map(catalog.all('throttle-binding').map(binding => [binding.publicationId, binding]))
  const specials = Map.groupBy(catalog.all('throttle-special'), ({ throttleId }) => throttleId)
  const limitOf = appLimits(catalog)
  return (publication, { auth_type }, appIds, refuse) => {
    const binding = bindings.get(publication.id)
    const plans: PolicyPlan[] = []
    const apps = auth_type === 'APP' ? appIds.flatMap(id => catalog.get('app', id) ?? []) : []
    if (apps.some(({ frozen }) => frozen)) plans.push({ kind: 'frozen-app', settings: {} })
    const appQuotas = apps.some(app => limitOf(app).quota !== undefined)
    const throttle = binding && throttlePlan(catalog, binding, specials, refuse)
    if (appQuotas || throttle) {
      plans.push({ kind: 'limits', settings: { appQuotas, ...(throttle === undefined ? {} : { throttle }) } })
    }
    return plans
  }
}

function throttlePlan(
  catalog: Catalog,
  binding: ThrottleBinding,
  allSpecials: ReadonlyMap<string, readonly ThrottleSpecial[]>,
  refuse: Refuse,
): ThrottlePlan {
  const { throttleId, apiId, environmentId } = binding
  const throttle = catalog.get('throttle', throttleId)
  if (throttle === undefined) return refuse('throttle_id', `there is no request throttling policy ${throttleId}`)
  const { id, name, instanceId, apiLimit, userLimit, appLimit, ipLimit, shared } = throttle
  const specials = allSpecials.get(id) ?? []
  const specialApps = limitsById(specials, 'APP')
  const specialUsers = limitsById(specials, 'USER')
  const userOfApps = userLimit > 0 || specialUsers !== undefined ? userOf(catalog, instanceId) : undefined
  return {
    id,
    name,
    scope: shared ? `${id} ${environmentId}` : `${id} ${environmentId} ${apiId}`,
    ...periodOf(throttle),
    api: apiLimit,
    ...(userLimit > 0 ? { user: userLimit } : {}),
    ...(appLimit > 0 ? { app: appLimit } : {}),
    ...(ipLimit > 0 ? { ip: ipLimit } : {}),
    ...(specialApps === undefined ? {} : { specialApps }),
    ...(specialUsers === undefined ? {} : { specialUsers }),
    ...(userOfApps === undefined ? {} : { userOfApps }),
  }
}

function limitsById(
  specials: readonly ThrottleSpecial[],
  type: ThrottleSpecial['objectType'],
): { readonly [id: string]: number } | undefined {
  const these = specials.filter(({ objectType }) => objectType === type)
  if (these.length === 0) return undefined
  return Object.fromEntries(these.map(({ objectId, callLimit }) => [objectId, callLimit]))
}

/** The apps that may call an API lie in its instance, so they are all one user. */
function userOf(catalog: Catalog, instanceId: string): ThrottlePlan['userOfApps'] {
  const instance = catalog.get('instance', instanceId)
  const project = instance && catalog.get('project', instance.projectId)
  return project && { projectId: project.id, accountId: project.accountId }
}

/** What of an app's limits goes into the snapshot with it. */
export interface AppLimits {
  readonly frozen?: true
  readonly quota?: AppQuotaPlan
}

export function appLimits(catalog: Catalog): (app: App) => AppLimits {
  const quotas = new Map(
    catalog.all('app-quota-binding').map(({ appId, appQuotaId }) => [appId, catalog.get('app-quota', appQuotaId)]),
  )
  return ({ id: appId, frozen }) => {
    const quota = quotas.get(appId)
    if (quota === undefined) return frozen ? { frozen } : {}
    const { id, name, callLimit: limit, resetTime } = quota
    const anchor = resetTime === undefined ? {} : { anchor: Date.parse(`${resetTime.replace(' ', 'T')}Z`) }
    return { ...(frozen ? { frozen } : {}), quota: { id, name, limit, ...periodOf(quota), ...anchor } }
  }
}

const unitMs = { SECOND: 1_000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 }

function periodOf({ timeUnit, timeInterval }: Pick<Throttle, 'timeUnit' | 'timeInterval'>) {
  return { windowMs: unitMs[timeUnit] * timeInterval, period: `${timeInterval} ${timeUnit.toLowerCase()}` }
}
