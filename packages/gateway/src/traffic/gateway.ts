import type { BackendPlan, PolicyPlan } from '../seam/plans.ts'
import type { Host, Route, Snapshot } from '../seam/snapshot.ts'
import { Apps } from './apps.ts'
import { backends } from './backends/kinds.ts'
import type { Counters } from './counters/counters.ts'
import type { Awaitable, Answer, Caller, Identified, Outbound, Refusal, Reply, Routed, Words } from './exchange.ts'
import type { Upstreams } from './http1/upstream.ts'
import type { Moments, Surroundings } from './policy.ts'
import { policies } from './policies/order.ts'
import { wordsOf } from './reply/words.ts'
import { Router } from './route/router.ts'
import type { RouteTally, Tally } from './tally.ts'

/** A route made ready: for each moment the list of those who speak then. */
export interface Lane {
  readonly route: Route
  /** The pattern, where the router looks for it. */
  readonly method: string
  readonly path: string
  readonly matchMode: 'NORMAL' | 'SWA'
  readonly screen: readonly ((visit: Routed) => Awaitable<Answer | undefined>)[]
  readonly identify: readonly ((visit: Routed) => Awaitable<Caller | Refusal | undefined>)[]
  readonly admit: readonly ((visit: Identified) => Awaitable<Refusal | undefined>)[]
  readonly prepare: readonly ((visit: Identified, outbound: Outbound) => Refusal | undefined)[]
  readonly backend: (visit: Identified) => Outbound | Reply | Refusal
  readonly words: Words | undefined
  readonly tally: RouteTally
}

/** What a host name leads to: a router for each environment, by its name. */
export interface Group {
  readonly id: string
  readonly environments: ReadonlyMap<string, Router<Lane>>
  /** For requests whose API is not known. */
  readonly words: Words | undefined
  /** By whom the certificates of callers over TLS have to be issued; undefined: they need none. */
  readonly clientAuthority: string | undefined
}

/** A snapshot made ready to be obeyed. A new one takes its place whole; who is under way keeps the one he began with. */
export interface Gateway {
  readonly revision: number
  /** The group that a Host header leads to. */
  group(host: string): Group | undefined
}

export function assemble(snapshot: Snapshot, upstreams: Upstreams, counters: Counters, tally: Tally): Gateway {
  const apps = new Apps(snapshot.apps)
  const words = wordsOfGroups(snapshot.hosts)
  const groups = groupsOf(snapshot.routes, { apps, counters }, upstreams, words, tally)
  const { exact, wildcard } = namesOf(snapshot.hosts)
  const authorities = new Map(snapshot.certificates?.map(({ name, clientAuthority }) => [name, clientAuthority]))
  const nothing: Group['environments'] = new Map()
  // Callers send few different texts: what each leads to is worked out once.
  const known = new Map<string, Group | null>()
  const look = (host: string): Group | undefined => {
    const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
    const dot = name.indexOf('.')
    const id = exact.get(name) ?? (dot > 0 ? wildcard.get(name.slice(dot + 1)) : undefined)
    if (id === undefined) return undefined
    const clientAuthority = authorities.get(exact.has(name) ? name : `*${name.slice(dot)}`)
    return { ...(groups.get(id) ?? { id, environments: nothing, words: words.get(id) }), clientAuthority }
  }
  return {
    revision: snapshot.revision,
    group(host) {
      let group = known.get(host)
      if (group === undefined) {
        if (known.size >= 10_000) known.clear()
        // A copy: the text is a piece of a whole head, which would be kept with it.
        known.set(Buffer.from(host, 'latin1').toString('latin1'), (group = look(host) ?? null))
      }
      return group ?? undefined
    },
  }
}

function namesOf(hosts: readonly Host[]) {
  const exact = new Map<string, string>()
  const wildcard = new Map<string, string>()
  for (const { name, groupId } of hosts) {
    if (name.startsWith('*.')) wildcard.set(name.slice(2), groupId)
    else exact.set(name, groupId)
  }
  return { exact, wildcard }
}

function wordsOfGroups(hosts: readonly Host[]): ReadonlyMap<string, Words> {
  const words = new Map<string, Words>()
  for (const { groupId, responses } of hosts) if (responses !== undefined) words.set(groupId, wordsOf(responses))
  return words
}

function groupsOf(
  routes: readonly Route[],
  surroundings: Surroundings,
  upstreams: Upstreams,
  words: ReadonlyMap<string, Words>,
  tally: Tally,
): Map<string, Omit<Group, 'clientAuthority'>> {
  const lanes = new Map<string, Map<string, Lane[]>>()
  for (const route of routes) {
    let environments = lanes.get(route.groupId)
    if (environments === undefined) lanes.set(route.groupId, (environments = new Map()))
    const lane = laneOf(route, surroundings, upstreams, tally)
    const others = environments.get(route.environment.name)
    if (others === undefined) environments.set(route.environment.name, [lane])
    else others.push(lane)
  }
  const groups = new Map<string, Omit<Group, 'clientAuthority'>>()
  for (const [id, environments] of lanes) {
    const routers = new Map([...environments].map(([name, all]) => [name, new Router(all)]))
    groups.set(id, { id, environments: routers, words: words.get(id) })
  }
  return groups
}

const speakingOrder = Object.keys(policies)

function laneOf(route: Route, surroundings: Surroundings, upstreams: Upstreams, tally: Tally): Lane {
  const speakers = route.policies
    .toSorted((a, b) => speakingOrder.indexOf(a.kind) - speakingOrder.indexOf(b.kind))
    .map(plan => ready(plan, surroundings))
  const moment = <M extends keyof Moments>(name: M): Moments[M][] =>
    speakers.flatMap(speaker => (speaker[name] === undefined ? [] : [speaker[name]]))
  return {
    route,
    method: route.method,
    path: route.path,
    matchMode: route.matchMode,
    screen: moment('screen'),
    identify: moment('identify'),
    admit: moment('admit'),
    prepare: moment('prepare'),
    backend: backendOf(route.backend, upstreams),
    words: route.responses && wordsOf(route.responses),
    tally: tally.route(route),
  }
}

/** The compiler cannot see that kind and settings of a plan belong to the same line; the types of the two tables do. */
function ready(plan: PolicyPlan, surroundings: Surroundings): Partial<Moments> {
  return policies[plan.kind](plan.settings as never, surroundings)
}

function backendOf(plan: BackendPlan, upstreams: Upstreams): Lane['backend'] {
  return backends[plan.kind](plan.settings as never, upstreams)
}
