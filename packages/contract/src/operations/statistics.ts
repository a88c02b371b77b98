import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath } from '../schema.ts'

const family = 'statistics/metrics'

const Count = Type.Integer({ minimum: 0 })

/** Seconds since the epoch. */
const Instant = Type.Integer({ minimum: 0 })

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
const Text = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$' })

/** One minute. What the gateway does not measure, as throughput and the backend's share of the latency, is left out. */
const minute = {
  req_count: Count,
  req_count2xx: Count,
  req_count4xx: Count,
  req_count5xx: Count,
  /** 4xx and 5xx together. */
  req_count_error: Count,
  /** Milliseconds, 0 in a minute without requests. */
  max_latency: Count,
  avg_latency: Type.Number({ minimum: 0 }),
  /** The minute's beginning. */
  current_minute: Instant,
  cycle: Type.Enum(['MINUTE']),
  group_id: Id,
  /** The account to which the project belongs. */
  provider: Id,
  req_time: Text,
  register_time: Text,
  status: Type.Enum([1]),
}

const answer = { code: Type.Enum(['APIG.0000']), msg: Type.String(), start_time: Instant, end_time: Instant }

/** `15m`, or `1h`: the hour is as far as it goes back. */
const Duration = Type.Optional(Type.String({ pattern: '^(?:[1-9]|[1-5][0-9]|60)m$|^1h$', default: '1h' }))

export const statistics = [
  op({
    id: 'listLatelyApiStatisticsV2',
    method: 'GET',
    path: `${instancePath}/statistics/api/latest`,
    family,
    tier: 1,
    summary: 'Show what was called of an API, minute by minute, or of every API that was called',
    status: 200,
    params: inInstance(),
    query: Type.Object({ api_id: Type.Optional(Type.String()), duration: Duration }),
    response: closed({ ...answer, list: Type.Array(closed({ ...minute, api_id: Id })) }),
    errors: ['APIG.3002'],
  }),
  op({
    id: 'listLatelyGroupStatisticsV2',
    method: 'GET',
    path: `${instancePath}/statistics/group/latest`,
    family,
    tier: 1,
    summary: 'Show what was called of an API group, minute by minute, or of every group that was called',
    status: 200,
    params: inInstance(),
    query: Type.Object({ group_id: Type.Optional(Type.String()), duration: Duration }),
    response: closed({ ...answer, list: Type.Array(closed(minute)) }),
    errors: ['APIG.3001'],
  }),
] as const
