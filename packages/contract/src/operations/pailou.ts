import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, params } from '../schema.ts'

/** What the contract has no word for. */

const family = 'Pailou'

const inLanguage = Type.Object({
  lang: Type.Optional(Type.Enum(['zh', 'en'], { default: 'zh', description: 'The language of the explanations.' })),
})

const explanation = { meaning: Type.String(), solution: Type.String(), next_step: Type.String() }

const fault = Type.Enum(['caller', 'backend', 'gateway'])

const Row = closed({
  /** `0101`, `0201/413`. */
  row: Type.String(),
  code: Type.String(),
  message: Type.String(),
  status: Type.Integer(),
  response_type: Type.String(),
  fault,
  ...explanation,
})

const Rows = closed({ errors: Type.Array(Row) })

const Refusal = closed({
  request_id: Type.String(),
  /** Milliseconds since the epoch. */
  at: Type.Integer(),
  row: Type.String(),
  code: Type.String(),
  status: Type.Integer(),
  message: Type.String(),
  fault,
  /** What was compared with what. Its fields depend on the row. */
  evidence: Type.Record(Type.String(), Type.Unknown()),
  scheme: Type.Enum(['http', 'https']),
  client: Type.String(),
  method: Type.Optional(Type.String()),
  host: Type.Optional(Type.String()),
  path: Type.Optional(Type.String()),
  api_id: Type.Optional(Type.String()),
  api_name: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  app_id: Type.Optional(Type.String()),
  ...explanation,
})

const FrozenApp = closed({
  app_id: Type.String(),
  name: Type.String(),
  frozen: Type.Boolean(),
})

export const pailou = [
  op({
    id: 'listErrors',
    method: 'GET',
    path: '/pailou/v1/errors',
    family,
    tier: 1,
    summary: 'List the rows of the error table, explained',
    status: 200,
    query: inLanguage,
    response: Rows,
  }),
  op({
    id: 'showError',
    method: 'GET',
    path: '/pailou/v1/errors/{code}',
    family,
    tier: 1,
    summary: 'Explain a code such as APIG.0303, or one row of it such as 0201%2F413',
    status: 200,
    params: params('code'),
    query: inLanguage,
    response: Rows,
    errors: ['APIG.3007'],
  }),
  op({
    id: 'showRequest',
    method: 'GET',
    path: '/pailou/v1/requests/{request_id}',
    family,
    tier: 1,
    summary: 'Explain why a request was refused, as long as that is remembered',
    status: 200,
    params: params('request_id'),
    query: inLanguage,
    response: Refusal,
    errors: ['APIG.3007'],
  }),
  op({
    id: 'showSnapshot',
    method: 'GET',
    path: '/pailou/v1/snapshot',
    family,
    tier: 1,
    summary: 'Show everything that traffic obeys, with secrets masked',
    status: 200,
    response: Type.Record(Type.String(), Type.Unknown()),
  }),
  op({
    id: 'freezeApp',
    method: 'POST',
    path: '/pailou/v1/apps/{app_id}/freeze',
    family,
    tier: 1,
    summary: 'Freeze an app: its calls are refused with APIG.0502 until it is unfrozen',
    status: 200,
    params: params('app_id'),
    response: FrozenApp,
    errors: ['APIG.3004'],
  }),
  op({
    id: 'unfreezeApp',
    method: 'POST',
    path: '/pailou/v1/apps/{app_id}/unfreeze',
    family,
    tier: 1,
    summary: 'Let a frozen app call again',
    status: 200,
    params: params('app_id'),
    response: FrozenApp,
    errors: ['APIG.3004'],
  }),
] as const
