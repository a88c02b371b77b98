import type { RouteStatistics } from '../../../seam/statistics.ts'
import type { Handlers } from '../handler.ts'
import { apiOf, groupOf } from '../lookup.ts'
import { minuteRows, spanOf, type Span } from '../views/statistics.ts'

export const statistics = {
  listLatelyApiStatisticsV2({ query, instance, project }, { desk, traffic, clock }) {
    const catalog = desk.catalog()
    const span = spanOf(query.duration ?? '1h', clock.now())
    const called = Map.groupBy(traffic.statistics().routes, ({ route }) => route?.apiId)
    const apis =
      query.api_id === undefined
        ? catalog.all('api').filter(api => api.instanceId === instance.id && within(called.get(api.id), span))
        : [apiOf(catalog, instance.id, query.api_id)]
    const list = apis.flatMap(({ id, groupId }) =>
      minuteRows(called.get(id) ?? [], span, { api_id: id, group_id: groupId, provider: project.accountId }),
    )
    return { ...head(span), list }
  },

  listLatelyGroupStatisticsV2({ query, instance, project }, { desk, traffic, clock }) {
    const catalog = desk.catalog()
    const span = spanOf(query.duration ?? '1h', clock.now())
    const called = Map.groupBy(traffic.statistics().routes, ({ route }) => route?.groupId)
    const groups =
      query.group_id === undefined
        ? catalog
            .all('api-group')
            .filter(group => group.instanceId === instance.id && within(called.get(group.id), span))
        : [groupOf(catalog, instance.id, query.group_id)]
    const list = groups.flatMap(({ id }) =>
      minuteRows(called.get(id) ?? [], span, { group_id: id, provider: project.accountId }),
    )
    return { ...head(span), list }
  },
} satisfies Partial<Handlers>

/** Whether there is anything to say of these. */
function within(routes: readonly RouteStatistics[] | undefined, { from }: Span): boolean {
  return routes?.some(({ minutes }) => minutes.some(({ at }) => at >= from)) ?? false
}

function head({ from, now }: Span) {
  const seconds = (ms: number) => Math.floor(ms / 1000)
  return { code: 'APIG.0000' as const, msg: 'success', start_time: seconds(from), end_time: seconds(now) }
}
