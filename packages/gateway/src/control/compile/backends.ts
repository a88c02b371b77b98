import { isIPv6 } from 'node:net'
import type { BackendPlan } from '../../seam/plans.ts'
import type { ApiDefinition } from '../documents/documents.ts'
import type { Refuse } from './rehearsal-error.ts'
import { substituted, type Variables } from './variables.ts'

export const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'])

export function compileBackend(definition: ApiDefinition, refuse: Refuse, variables: Variables): BackendPlan {
  return kinds[definition.backend_type](definition, refuse, variables)
}

type CompileKind = (definition: ApiDefinition, refuse: Refuse, variables: Variables) => BackendPlan

const kinds: { readonly [T in ApiDefinition['backend_type']]: CompileKind } = {
  HTTP({ backend_api: backend }, refuse, variables) {
    if (backend === undefined) return refuse('backend_api', 'is missing')
    const { req_protocol: scheme, req_method: method, timeout: timeoutMs } = backend
    if (!methods.has(method)) return refuse('backend_api.req_method', `is not a method: ${method}`)
    if (!backend.req_uri.startsWith('/')) return refuse('backend_api.req_uri', 'has to begin with /')
    if (!within(timeoutMs, 1, 600_000)) return refuse('backend_api.timeout', 'has to lie in 1–600000 ms')
    const { text: url, without } = substituted(backend.url_domain, variables)
    const { text: path, without: withoutInPath } = substituted(backend.req_uri, variables)
    const missing = [...without, ...withoutInPath]
    const address = parseAddress(url, scheme === 'HTTPS' ? 443 : 80)
    if (address === undefined && !backend.url_domain.includes('#')) {
      return refuse('backend_api.url_domain', `is not a host, optionally with :port: ${url}`)
    }
    const retries = /^-?\d+$/.test(backend.retry_count) ? Number(backend.retry_count) : Number.NaN
    if (!within(retries, -1, 10)) return refuse('backend_api.retry_count', 'has to be a number in -1–10')
    if (missing.length > 0) {
      return unavailable('0105', { check: 'variable without a value', variables: missing, address: url, path })
    }
    if (address === undefined) {
      const row = hasHost(url) ? '0611' : '0105'
      return unavailable(row, { check: row === '0611' ? 'port' : 'address', written: backend.url_domain, address: url })
    }
    if (path.split('/').some(segment => segment === '.' || segment === '..')) {
      return unavailable('0105', { check: 'path', written: backend.req_uri, path })
    }
    return { kind: 'http', settings: { scheme, ...address, method, path, timeoutMs, retries } }
  },

  MOCK({ mock_info: mock }, refuse) {
    if (mock === undefined) return refuse('mock_info', 'is missing')
    const { status_code: status, result_content: body } = mock
    if (!within(status, 200, 599)) return refuse('mock_info.status_code', 'has to lie in 200–599')
    return { kind: 'mock', settings: { status, body } }
  },
}

/** What only a variable can spoil is no fault of the definition: the API stays published, and its calls are refused. */
function unavailable(row: '0105' | '0611', evidence: { readonly [key: string]: unknown }): BackendPlan {
  return { kind: 'unavailable', settings: { row, evidence } }
}

/** Whether an address that is none would be one without its port. */
function hasHost(text: string): boolean {
  const host = /^(\[[^\]]+\]|[^:]*):[^:]*$/.exec(text)?.[1]
  return host !== undefined && parseAddress(host, 80) !== undefined
}

/** `host[:port]`; an IPv6 address stands in brackets, which are taken off. Undefined when it is none. */
function parseAddress(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([A-Za-z0-9_.-]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = plain ?? (bracketed !== undefined && isIPv6(bracketed) ? bracketed : undefined)
  const number = port === undefined ? defaultPort : Number(port)
  return host !== undefined && within(number, 1, 65_535) ? { host, port: number } : undefined
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
