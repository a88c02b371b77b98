import { adminMessages } from '@pailou/contract'

import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Throttle, ThrottleSpecial } from '../../documents/throttles.ts'
import { AdminError, refused } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { appOf } from '../lookup.ts'
import { refuseAboveApiLimit, refuseTakenThrottle, throttleSettings } from '../rules/throttles.ts'
import { specialObjectName, throttleSpecialView, throttleView } from '../views/throttle.ts'

export function throttleOf(catalog: Catalog, instanceId: string, id: string): Throttle {
  const throttle = catalog.get('throttle', id)
  if (throttle?.instanceId !== instanceId) throw refused(adminMessages.notExist('Request throttling policy', id))
  return throttle
}

export const throttles = {
  createRequestThrottlingPolicyV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const throttle: Throttle = {
        id: hexId(),
        instanceId: instance.id,
        ...throttleSettings(body),
        createdAt: now,
        updatedAt: now,
      }
      refuseTakenThrottle(catalog, throttle)
      return { edits: [{ put: 'throttle', document: throttle }], result: throttleView(throttle, catalog) }
    })
  },

  listRequestThrottlingPolicyV2({ query, instance }, { desk }) {
    const catalog = desk.catalog()
    const id = exactly(query.id)
    const name = named(query.name, query.precise_search)
    const found = belongingTo(catalog, 'throttle', 'instanceId', instance.id).filter(
      throttle => id(throttle.id) && name(throttle.name),
    )
    return listed('throttles', found, query, throttle => throttleView(throttle, catalog))
  },

  showDetailsOfRequestThrottlingPolicyV2({ params, instance }, { desk }) {
    const catalog = desk.catalog()
    return throttleView(throttleOf(catalog, instance.id, params.throttle_id), catalog)
  },

  /** A lower limit for the API leaves excluded configurations alone: clients change those in calls of their own. */
  updateRequestThrottlingPolicyV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = throttleOf(catalog, instance.id, params.throttle_id)
      const throttle: Throttle = { ...before, ...throttleSettings(body), updatedAt: clock.now() }
      refuseTakenThrottle(catalog, throttle)
      return { edits: [{ put: 'throttle', document: throttle }], result: throttleView(throttle, catalog) }
    })
  },

  deleteRequestThrottlingPolicyV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = throttleOf(catalog, instance.id, params.throttle_id)
      if (belongingTo(catalog, 'throttle-binding', 'throttleId', id).length > 0) throw new AdminError('APIG.3451')
      const specials = belongingTo(catalog, 'throttle-special', 'throttleId', id)
      return {
        edits: [
          ...specials.map((special): Edit => ({ remove: 'throttle-special', id: special.id })),
          { remove: 'throttle', id },
        ],
        result: undefined,
      }
    })
  },
} satisfies Partial<Handlers>

function specialOf(catalog: Catalog, throttle: Throttle, id: string): ThrottleSpecial {
  const special = catalog.get('throttle-special', id)
  if (special?.throttleId !== throttle.id) {
    throw refused(adminMessages.notExist('Excluded request throttling configuration', id))
  }
  return special
}

export const throttleSpecials = {
  createSpecialThrottlingConfigurationV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const throttle = throttleOf(catalog, instance.id, params.throttle_id)
      const { object_type: objectType, object_id: objectId, call_limits: callLimit } = body
      refuseAboveApiLimit(callLimit, throttle)
      if (objectType === 'APP') appOf(catalog, instance.id, objectId)
      const taken = belongingTo(catalog, 'throttle-special', 'throttleId', throttle.id).some(
        other => other.objectType === objectType && other.objectId === objectId,
      )
      if (taken) throw new AdminError('APIG.3308')
      const special: ThrottleSpecial = {
        id: hexId(),
        instanceId: instance.id,
        throttleId: throttle.id,
        objectType,
        objectId,
        ...(objectType === 'APP' && { appId: objectId }),
        callLimit,
        createdAt: clock.now(),
      }
      return { edits: [{ put: 'throttle-special', document: special }], result: throttleSpecialView(special, catalog) }
    })
  },

  listSpecialThrottlingConfigurationsV2({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const throttle = throttleOf(catalog, instance.id, params.throttle_id)
    const type = exactly(query.object_type)
    const found = belongingTo(catalog, 'throttle-special', 'throttleId', throttle.id).filter(
      special =>
        type(special.objectType) && passes(query.app_name, 'APP', special) && passes(query.user, 'USER', special),
    )
    return listed('throttle_specials', found, query, special => throttleSpecialView(special, catalog))

    /** A name of one type of object leaves the others out. */
    function passes(filter: string | undefined, of: ThrottleSpecial['objectType'], special: ThrottleSpecial): boolean {
      if (!filter) return true
      return special.objectType === of && named(filter)(specialObjectName(special, catalog))
    }
  },

  updateSpecialThrottlingConfigurationV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const throttle = throttleOf(catalog, instance.id, params.throttle_id)
      const before = specialOf(catalog, throttle, params.strategy_id)
      refuseAboveApiLimit(body.call_limits, throttle)
      const special: ThrottleSpecial = { ...before, callLimit: body.call_limits }
      return { edits: [{ put: 'throttle-special', document: special }], result: throttleSpecialView(special, catalog) }
    })
  },

  deleteSpecialThrottlingConfigurationV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const throttle = throttleOf(catalog, instance.id, params.throttle_id)
      const { id } = specialOf(catalog, throttle, params.strategy_id)
      return { edits: [{ remove: 'throttle-special', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
