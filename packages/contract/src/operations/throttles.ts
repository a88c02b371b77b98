import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Flag, Id, inInstance, instancePath, listOf, listQuery, Name, Remark, Time } from '../schema.ts'

const Limit = Type.Integer({ minimum: 1, maximum: 2147483647 })
/** 0: no limit. */
const AnsweredLimit = Type.Integer({ minimum: 0 })
const TimeUnit = Type.Enum(['SECOND', 'MINUTE', 'HOUR', 'DAY'])
const Switch = Type.Enum(['TRUE', 'FALSE'])

const ThrottleBody = Type.Object({
  name: Name,
  api_call_limits: Limit,
  /** Neither for a user nor for an address more than for the API, for an app not more than for a user; without one, no limit. */
  user_call_limits: Type.Optional(Limit),
  app_call_limits: Type.Optional(Limit),
  ip_call_limits: Type.Optional(Limit),
  time_unit: TimeUnit,
  time_interval: Limit,
  /** 1: each API counts for itself, 2: all bound APIs count together. */
  type: Type.Optional(Type.Enum([1, 2], { default: 1 })),
  enable_adaptive_control: Type.Optional(Switch),
  remark: Remark,
})

/** A request throttling policy. */
export const throttle = {
  id: Id,
  name: Type.String(),
  api_call_limits: Limit,
  user_call_limits: AnsweredLimit,
  app_call_limits: AnsweredLimit,
  ip_call_limits: AnsweredLimit,
  time_unit: TimeUnit,
  time_interval: Limit,
  type: Type.Integer(),
  enable_adaptive_control: Switch,
  remark: Type.String(),
  create_time: Time,
  /** To how many publications it is bound. */
  bind_num: Type.Integer({ minimum: 0 }),
  is_inclu_special_throttle: Flag,
}

const Throttle = closed(throttle)

export const throttles = [
  op({
    id: 'createRequestThrottlingPolicyV2',
    method: 'POST',
    path: `${instancePath}/throttles`,
    family: 'throttles',
    tier: 1,
    summary: 'Create a request throttling policy',
    status: 201,
    params: inInstance(),
    body: ThrottleBody,
    response: Throttle,
    errors: ['APIG.3204'],
  }),
  op({
    id: 'listRequestThrottlingPolicyV2',
    method: 'GET',
    path: `${instancePath}/throttles`,
    family: 'throttles',
    tier: 1,
    summary: 'List request throttling policies',
    status: 200,
    params: inInstance(),
    query: listQuery('id', 'name', 'precise_search'),
    response: listOf('throttles', Throttle),
  }),
  op({
    id: 'showDetailsOfRequestThrottlingPolicyV2',
    method: 'GET',
    path: `${instancePath}/throttles/{throttle_id}`,
    family: 'throttles',
    tier: 1,
    summary: 'Show a request throttling policy',
    status: 200,
    params: inInstance('throttle_id'),
    response: Throttle,
    errors: ['APIG.3005'],
  }),
  op({
    id: 'updateRequestThrottlingPolicyV2',
    method: 'PUT',
    path: `${instancePath}/throttles/{throttle_id}`,
    family: 'throttles',
    tier: 1,
    summary: 'Replace a request throttling policy; its excluded configurations and bindings stay',
    status: 200,
    params: inInstance('throttle_id'),
    body: ThrottleBody,
    response: Throttle,
    errors: ['APIG.3005', 'APIG.3204'],
  }),
  op({
    id: 'deleteRequestThrottlingPolicyV2',
    method: 'DELETE',
    path: `${instancePath}/throttles/{throttle_id}`,
    family: 'throttles',
    tier: 1,
    summary: 'Delete a request throttling policy that is bound to no API, with its excluded configurations',
    status: 204,
    params: inInstance('throttle_id'),
    errors: ['APIG.3005', 'APIG.3451'],
  }),
] as const

const ObjectType = Type.Enum(['APP', 'USER'])

const Special = closed({
  id: Id,
  throttle_id: Id,
  object_type: ObjectType,
  object_id: Id,
  /** Of an app its name, of a user the id again when there is no such user here. */
  object_name: Type.String(),
  /** Both empty unless the object is an app. */
  app_id: Type.String(),
  app_name: Type.String(),
  call_limits: Limit,
  apply_time: Time,
})

export const throttleSpecials = [
  op({
    id: 'createSpecialThrottlingConfigurationV2',
    method: 'POST',
    path: `${instancePath}/throttles/{throttle_id}/throttle-specials`,
    family: 'throttle specials',
    tier: 1,
    summary: 'Give an app or a user a limit of its own in a request throttling policy',
    status: 201,
    params: inInstance('throttle_id'),
    /** An app has to exist; who a user is, only callers know. */
    body: Type.Object({ object_type: ObjectType, object_id: Id, call_limits: Limit }),
    response: Special,
    errors: ['APIG.3004', 'APIG.3005', 'APIG.3308'],
  }),
  op({
    id: 'listSpecialThrottlingConfigurationsV2',
    method: 'GET',
    path: `${instancePath}/throttles/{throttle_id}/throttle-specials`,
    family: 'throttle specials',
    tier: 1,
    summary: 'List the excluded configurations of a request throttling policy',
    status: 200,
    params: inInstance('throttle_id'),
    query: listQuery('object_type', 'app_name', 'user'),
    response: listOf('throttle_specials', Special),
    errors: ['APIG.3005'],
  }),
  op({
    id: 'updateSpecialThrottlingConfigurationV2',
    method: 'PUT',
    path: `${instancePath}/throttles/{throttle_id}/throttle-specials/{strategy_id}`,
    family: 'throttle specials',
    tier: 1,
    summary: 'Change the limit of an excluded configuration',
    status: 200,
    params: inInstance('throttle_id', 'strategy_id'),
    body: Type.Object({ call_limits: Limit }),
    response: Special,
    errors: ['APIG.3005', 'APIG.3013'],
  }),
  op({
    id: 'deleteSpecialThrottlingConfigurationV2',
    method: 'DELETE',
    path: `${instancePath}/throttles/{throttle_id}/throttle-specials/{strategy_id}`,
    family: 'throttle specials',
    tier: 1,
    summary: 'Delete an excluded configuration',
    status: 204,
    params: inInstance('throttle_id', 'strategy_id'),
    errors: ['APIG.3005', 'APIG.3013'],
  }),
] as const
