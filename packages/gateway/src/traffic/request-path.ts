import {
  Refusal,
  anonymous,
  refuse,
  type Answer,
  type Arrival,
  type Awaitable,
  type Caller,
  type Identified,
  type Outbound,
  type Routed,
} from './exchange.ts'
import type { Gateway, Lane } from './gateway.ts'
import { X_STAGE } from './http1/fields.ts'
import { fill } from './route/path-template.ts'

/**
 * The life of a request. Read it from top to bottom: nothing jumps back.
 *
 * A stage answers, and the visit is over; or it says nothing, and the next one comes. A stage that must wait returns a
 * promise; while none does, the whole road is walked in one go, without one.
 */
export function answerTo(visit: Underway, gateway: Gateway): Awaitable<Answer> {
  const lane = locate(visit, gateway)
  if (lane instanceof Refusal) return lane
  return walk(visit, lane, 0)
}

const road: readonly ((visit: Underway, lane: Lane) => Awaitable<Answer | undefined>)[] = [
  screen,
  identify,
  admit,
  send,
]

function walk(visit: Underway, lane: Lane, from: number): Awaitable<Answer> {
  for (let stage = from; stage < road.length; stage++) {
    const answer = road[stage]!(visit, lane)
    if (answer === undefined) continue
    if (answer instanceof Promise) return answer.then(late => late ?? walk(visit, lane, stage + 1))
    return answer
  }
  return refuse('0601', { check: 'the road ended without an answer' })
}

/** A visit while the road fills it in. Policies see it through the types of the stages, which allow less. */
export type Underway = { -readonly [K in keyof Identified]: Identified[K] }

// --- which API

const environmentName = /^[A-Za-z][A-Za-z0-9_]{2,63}$/

function locate(visit: Underway, gateway: Gateway): Lane | Refusal {
  const { head, target, host } = visit
  const group = gateway.group(host)
  if (group === undefined) return refuse('0101', { check: 'host', host, found: 'no API group has this domain' })
  visit.words = group.words
  const { clientAuthority } = group
  if (clientAuthority !== undefined && visit.client.scheme === 'https' && visit.client.verifiedBy !== clientAuthority)
    return refuse('0201/400', {
      check: 'client certificate',
      host,
      found: 'none that the authorities of the domain issued',
    })
  const stage = head.value(X_STAGE) ?? 'RELEASE'
  if (stage !== 'RELEASE' && !environmentName.test(stage))
    return refuse('0602', { check: 'X-Stage', found: stage.slice(0, 64) })
  const router = group.environments.get(stage)
  const found = router?.find(head.method, target.path)
  if (found === undefined) {
    const elsewhere = [...group.environments].filter(([, other]) => other.find(head.method, target.path) !== undefined)
    return refuse('0101', {
      check: router === undefined ? 'environment' : 'method and path',
      group: group.id,
      environment: stage,
      method: head.method,
      path: target.path,
      methodsOfThisPath: router?.methodsFor(target.path) ?? [],
      environmentsThatHaveIt: elsewhere.map(([name]) => name),
    })
  }
  visit.words = found.entry.words
  visit.route = found.entry.route
  visit.tally = found.entry.tally
  visit.pathValues = found.values
  visit.remainder = found.remainder
  return found.entry
}

// --- before anyone asks who is calling

function screen(visit: Routed, { screen }: Lane): Awaitable<Answer | undefined> {
  return firstWord(screen, visit, 0)
}

// --- who is calling

function identify(visit: Underway, { identify }: Lane): Awaitable<Refusal | undefined> {
  const caller = firstWord(identify, visit, 0)
  return caller instanceof Promise
    ? caller.then(late => accept(visit, identify, late))
    : accept(visit, identify, caller)
}

/** A door that asks does not open to strangers: only where nobody asks is a caller anonymous. */
function accept(visit: Underway, asked: Lane['identify'], caller: Caller | Refusal | undefined): Refusal | undefined {
  if (caller instanceof Refusal) return caller
  if (caller === undefined && asked.length > 0) {
    const found = 'none that this API asks for'
    return refuse('0303', { check: 'credential', found }, undefined, 'AUTH_HEADER_MISSING')
  }
  visit.caller = caller ?? anonymous
  return undefined
}

// --- whether this caller may pass

function admit(visit: Identified, { admit }: Lane): Awaitable<Refusal | undefined> {
  return firstWord(admit, visit, 0)
}

// --- what to say to whom

function send(visit: Identified, lane: Lane): Answer {
  const answer = lane.backend(visit)
  if (!('upstream' in answer)) return answer
  for (const prepare of lane.prepare) {
    const refusal = prepare(visit, answer)
    if (refusal !== undefined) return refusal
  }
  return address(visit, answer)
}

/** Puts the backend's path and query together. */
function address(visit: Identified, outbound: Outbound): Outbound | Refusal {
  const { path: template, pathValues, query } = outbound
  let path = template.literals[0]!
  if (template.names.length > 0 || visit.remainder !== '') {
    const filled = fill(template, pathValues, visit.remainder)
    if ('missing' in filled) return refuse('0106', { check: 'backend path has no value', parameter: filled.missing })
    path = filled.path
  }
  outbound.target = query === '' ? path : `${path}?${query}`
  return outbound
}

/** Asks one after the other until somebody has something to say. */
function firstWord<V extends Arrival, T>(
  speakers: readonly ((visit: V) => Awaitable<T | undefined>)[],
  visit: V,
  from: number,
): Awaitable<T | undefined> {
  for (let i = from; i < speakers.length; i++) {
    const word = speakers[i]!(visit)
    if (word instanceof Promise) return word.then(late => late ?? firstWord(speakers, visit, i + 1))
    if (word !== undefined) return word
  }
  return undefined
}
