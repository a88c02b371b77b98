import type { PolicyPlan } from '../../seam/plans.ts'
import type { App, Route, Snapshot } from '../../seam/snapshot.ts'

export const groupId = '0123456789abcdef0123456789abcdef'
/** The host name that leads to the group of every route made here. */
export const hostName = 'gw.test'

type HttpSettings = Extract<Route['backend'], { kind: 'http' }>['settings']

/** An HTTP backend on the loopback; `path` is `/` unless told otherwise. */
export function httpBackend(port: number, settings: Partial<HttpSettings> = {}): Route['backend'] {
  return {
    kind: 'http',
    settings: {
      scheme: 'HTTP',
      host: '127.0.0.1',
      port,
      method: 'ANY',
      path: '/',
      timeoutMs: 5_000,
      retries: 0,
      ...settings,
    },
  }
}

export function mockBackend(body = 'mock', status = 200): Route['backend'] {
  return { kind: 'mock', settings: { status, body } }
}

let made = 0

/** A published API. By default it takes every method on every path and sends it on unchanged. */
export function route(backend: Route['backend'], change: Partial<Route> = {}, policies: PolicyPlan[] = []): Route {
  const number = ++made
  return {
    apiId: `api-${number}`,
    apiName: `name-${number}`,
    groupId,
    groupName: 'group',
    environment: { id: 'environment', name: 'RELEASE' },
    publishId: `publish-${number}`,
    versionId: `version-${number}`,
    method: 'ANY',
    path: '/',
    matchMode: 'SWA',
    policies,
    backend,
    ...change,
  }
}

export function snapshotOf(routes: readonly Route[], apps: readonly App[] = [], revision = 1): Snapshot {
  return { revision, hosts: [{ name: hostName, groupId, kind: 'independent' }], routes, apps }
}
