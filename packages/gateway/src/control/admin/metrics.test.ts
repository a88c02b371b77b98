import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RouteStatistics } from '../../seam/statistics.ts'
import { StoreUnavailable } from '../store/config-store.ts'
import { RecordingTraffic } from '../testing.ts'
import { metrics } from './metrics.ts'
import type { OpenDesk } from '../desk.ts'

const desk = {
  catalog: () => ({ revision: 7 }),
  ready: () => ({ ready: false, reason: 'still loading' }),
} as unknown as Pick<OpenDesk, 'catalog' | 'ready'>

class CountingTraffic extends RecordingTraffic {
  routes: RouteStatistics[] = []
  override statistics() {
    return { routes: this.routes, latency: { counts: [2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3], sumMs: 36_020 } }
  }
}

const total = { requests: 6, byClass: [0, 0, 5, 0, 1], latencySumMs: 1500, latencyMaxMs: 900 }
const counted: RouteStatistics = {
  route: {
    apiId: 'a',
    apiName: 'with "quotes" \\ and\nlines',
    groupId: 'g',
    environment: { id: 'e', name: 'RELEASE' },
  },
  total,
  refusals: { '0201/413': 1 },
  minutes: [],
}

test('every family has its help and type once, and each sample belongs to one', () => {
  const traffic = new CountingTraffic()
  traffic.routes = [counted, { ...counted, route: undefined }]
  const text = metrics(desk, traffic, '1.2.3')
  assert.ok(text.endsWith('\n'))
  const types = new Map<string, string>()
  let last = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (word === 'TYPE') {
      assert.ok(!types.has(name), name)
      types.set((last = name), rest)
    } else if (word === undefined) {
      assert.match(line, /^[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\})? -?[0-9.]+(e[-+]?\d+)?$/)
      const sample = /^[a-z_]+/.exec(line)![0]
      assert.equal(types.get(last) === 'histogram' ? sample.replace(/_(bucket|sum|count)$/, '') : sample, last)
    }
  }
  for (const [name, type] of types)
    assert.equal(name.endsWith('_total') || name.endsWith('_sum'), type === 'counter', name)
})

test('requests and refusals stand by API, and those without one under empty labels', () => {
  const traffic = new CountingTraffic()
  traffic.routes = [counted, { ...counted, route: undefined }]
  const lines = metrics(desk, traffic, '1.2.3').split('\n')
  const api = String.raw`group_id="g",api_id="a",api="with \"quotes\" \\ and\nlines",environment="RELEASE"`
  const none = 'group_id="",api_id="",api="",environment=""'
  for (const labels of [api, none]) {
    for (const line of [
      `pailou_requests_total{${labels},status="2xx"} 5`,
      `pailou_requests_total{${labels},status="4xx"} 1`,
      `pailou_refusals_total{${labels},row="0201/413",code="APIG.0201",fault="caller"} 1`,
      `pailou_api_request_duration_seconds_sum{${labels}} 1.5`,
    ])
      assert.ok(lines.includes(line), line)
  }
  assert.ok(lines.includes('pailou_config_revision 7'))
  assert.ok(lines.includes('pailou_ready 0'))
})

test('the histogram adds up and is in seconds', () => {
  const lines = metrics(desk, new CountingTraffic(), '1.2.3').split('\n')
  for (const line of [
    'pailou_request_duration_seconds_bucket{le="0.005"} 2',
    'pailou_request_duration_seconds_bucket{le="0.01"} 2',
    'pailou_request_duration_seconds_bucket{le="0.025"} 3',
    'pailou_request_duration_seconds_bucket{le="10"} 3',
    'pailou_request_duration_seconds_bucket{le="+Inf"} 6',
    'pailou_request_duration_seconds_sum 36.02',
    'pailou_request_duration_seconds_count 6',
  ])
    assert.ok(lines.includes(line), line)
})

test('a store that cannot be read leaves out its revision and nothing else', () => {
  const lost = {
    ...desk,
    catalog: () => {
      throw new StoreUnavailable('another process has it')
    },
  }
  const text = metrics(lost, new CountingTraffic(), '1.2.3')
  assert.doesNotMatch(text, /^pailou_config_revision/m)
  assert.match(text, /^pailou_request_duration_seconds_count 6$/m)
  assert.match(text, /^pailou_ready 0$/m)
})
