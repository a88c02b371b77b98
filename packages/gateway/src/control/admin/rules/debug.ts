import type { BodyOf, OperationById } from '@pailou/contract'
import { toByteString } from '@pailou/signer'

import type { Catalog } from '../../catalog.ts'
import { debuggingDomain } from '../../compile/compile.ts'
import type { ApiGroup } from '../../documents/documents.ts'
import { invalid, missing, tooLarge, unsupported } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

export type DebugBody = BodyOf<OperationById<'debugApiV2'>>

const bodySize = 2_097_152

/** What the debugging client says itself, what decides where a message ends, and credentials, which have fields of their own. */
const ours: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-auth-token',
])

const headerForm = /^[A-Za-z][A-Za-z0-9.-]{0,31}$/
const queryForm = /^[A-Za-z][A-Za-z0-9._-]{0,31}$/
const withheld = /^(?:x-apig-|x-sdk-|x-stage$)/i
// Bytes, so that UTF-8 travels as it is.
const valueForm = /^[\t\x20-\x7e\x80-\xff]*$/

/** A request for the gateway, ready to be sent. Every text is as on the wire. */
export interface DebugRequest {
  readonly scheme: 'http' | 'https'
  readonly method: string
  readonly host: string
  readonly path: string
  /** Without the `?`. */
  readonly query: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Throws AdminError for what a debugging call may not be. */
export function debugRequest(body: DebugBody, catalog: Catalog, group: ApiGroup, domainSuffix: string): DebugRequest {
  // A draft is nowhere until it is published, and there is no market.
  if (body.mode !== 'CONSUMER') throw unsupported('mode')
  if (body.app_key !== undefined && body.app_secret === undefined) throw missing('app_secret')
  if (body.app_secret !== undefined && body.app_key === undefined) throw missing('app_key')
  if (!body.path.isWellFormed()) throw invalid('path')
  const content = Buffer.from(body.body ?? '')
  if (content.length > bodySize) throw tooLarge('body')
  const { stage = 'RELEASE' } = body
  return {
    scheme: body.scheme === 'HTTP' ? 'http' : 'https',
    method: body.method,
    host: hostOf(body.domain, catalog, group, domainSuffix),
    path: body.path.replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent),
    query: queryOf(body.query ?? {}),
    headers: [
      ['User-Agent', 'APIGatewayDebugClient/1.0'],
      ['X-Apig-Mode', 'debug'],
      ...(stage === 'RELEASE' ? [] : [['X-Stage', stage] as const]),
      ...headersOf(body.header ?? {}),
      // A body that has a length has one even when it is empty, where a body is to be expected.
      ...(content.length > 0 || ['POST', 'PUT', 'PATCH'].includes(body.method)
        ? [['Content-Length', String(content.length)] as const]
        : []),
    ],
    body: content,
  }
}

/** A call that would reach another group's APIs debugs nothing of this one. */
function hostOf(domain: string | undefined, catalog: Catalog, group: ApiGroup, suffix: string): string {
  const standard = debuggingDomain(group.id, suffix)
  const independent = belongingTo(catalog, 'domain', 'groupId', group.id).map(({ name }) => name)
  if (domain === undefined) {
    const named = group.debuggingDomainEnabled ? undefined : independent.find(name => !name.startsWith('*.'))
    return named ?? standard
  }
  const name = domain.toLowerCase()
  const dot = name.indexOf('.')
  const wildcard = dot > 0 && /^[a-z0-9-]+$/.test(name.slice(0, dot)) ? `*${name.slice(dot)}` : undefined
  if (name === standard || (!name.startsWith('*') && independent.includes(name))) return name
  if (wildcard !== undefined && independent.includes(wildcard)) return name
  throw invalid('domain')
}

function queryOf(query: Readonly<Record<string, readonly string[]>>): string {
  const pairs: string[] = []
  for (const [name, values] of Object.entries(query)) {
    if (!queryForm.test(name) || withheld.test(name)) throw invalid('query')
    for (const value of values) {
      if (!value.isWellFormed()) throw invalid(`query.${name}`)
      pairs.push(`${name}=${encodeURIComponent(value)}`)
    }
  }
  return pairs.join('&')
}

function headersOf(headers: Readonly<Record<string, readonly string[]>>): [string, string][] {
  const pairs: [string, string][] = []
  for (const [name, values] of Object.entries(headers)) {
    if (!headerForm.test(name) || withheld.test(name) || ours.has(name.toLowerCase())) throw invalid('header')
    for (const value of values) {
      const bytes = toByteString(value)
      if (!valueForm.test(bytes)) throw invalid(`header.${name}`)
      pairs.push([name, bytes])
    }
  }
  return pairs
}
