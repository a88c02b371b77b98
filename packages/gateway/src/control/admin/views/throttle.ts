import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { Throttle, ThrottleBinding, ThrottleSpecial } from '../../documents/throttles.ts'
import { belongingTo } from '../index-of.ts'
import type { PublishedApi } from '../publication-bindings.ts'
import { environmentName } from './api.ts'
import { unboundApiView } from './app-authorization.ts'

export function throttleView(throttle: Throttle, catalog: Catalog) {
  const hasSpecials = belongingTo(catalog, 'throttle-special', 'throttleId', throttle.id).length > 0
  return {
    id: throttle.id,
    name: throttle.name,
    api_call_limits: throttle.apiLimit,
    user_call_limits: throttle.userLimit,
    app_call_limits: throttle.appLimit,
    ip_call_limits: throttle.ipLimit,
    time_unit: throttle.timeUnit,
    time_interval: throttle.timeInterval,
    type: throttle.shared ? 2 : 1,
    enable_adaptive_control: throttle.adaptiveControl ? ('TRUE' as const) : ('FALSE' as const),
    remark: throttle.remark,
    create_time: rfc3339(throttle.createdAt),
    bind_num: belongingTo(catalog, 'throttle-binding', 'throttleId', throttle.id).length,
    is_inclu_special_throttle: hasSpecials ? (1 as const) : (2 as const),
  }
}

export function throttleSpecialView(special: ThrottleSpecial, catalog: Catalog) {
  const appName = special.appId === undefined ? '' : (catalog.get('app', special.appId)?.name ?? '')
  return {
    id: special.id,
    throttle_id: special.throttleId,
    object_type: special.objectType,
    object_id: special.objectId,
    object_name: specialObjectName(special, catalog),
    app_id: special.appId ?? '',
    app_name: appName,
    call_limits: special.callLimit,
    apply_time: rfc3339(special.createdAt),
  }
}

/** The name of the app or the user; the id of a user who is none of this Pailou. */
export function specialObjectName({ objectType, objectId }: ThrottleSpecial, catalog: Catalog): string {
  return catalog.get(objectType === 'APP' ? 'app' : 'user', objectId)?.name ?? objectId
}

export function throttleBindingView(binding: ThrottleBinding) {
  return {
    id: binding.id,
    publish_id: binding.publicationId,
    scope: 1 as const,
    strategy_id: binding.throttleId,
    apply_time: rfc3339(binding.createdAt),
  }
}

/** A policy as it is bound to an API. */
export function boundThrottleView(throttle: Throttle, binding: ThrottleBinding, catalog: Catalog) {
  return {
    ...throttleView(throttle, catalog),
    env_name: environmentName(catalog, binding.environmentId),
    bind_id: binding.id,
    bind_time: rfc3339(binding.createdAt),
  }
}

/** A published API with the policy that is bound to it, if there is one. */
export function throttledApiView(
  { api, publication }: PublishedApi,
  binding: ThrottleBinding | undefined,
  catalog: Catalog,
) {
  return {
    ...unboundApiView(api, publication, catalog),
    ...(binding && {
      throttle_name: catalog.get('throttle', binding.throttleId)?.name ?? '',
      throttle_apply_id: binding.id,
      apply_time: rfc3339(binding.createdAt),
    }),
  }
}
