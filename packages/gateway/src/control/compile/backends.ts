import { isIPv6 } from 'node:net'
import type { BackendPlan } from '../../seam/plans.ts'
import type { ApiDefinition } from '../documents/documents.ts'
import type { Refuse } from './rehearsal-error.ts'

export const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'])

export function compileBackend(definition: ApiDefinition, refuse: Refuse): BackendPlan {
  return kinds[definition.backend_type](definition, refuse)
}

const kinds: { readonly [T in ApiDefinition['backend_type']]: (d: ApiDefinition, refuse: Refuse) => BackendPlan } = {
  HTTP({ backend_api: backend }, refuse) {
    if (backend === undefined) return refuse('backend_api', 'is missing')
    const { req_protocol: scheme, req_method: method, req_uri: path, timeout: timeoutMs } = backend
    if (!methods.has(method)) return refuse('backend_api.req_method', `is not a method: ${method}`)
    if (!path.startsWith('/')) return refuse('backend_api.req_uri', 'has to begin with /')
    if (!within(timeoutMs, 1, 600_000)) return refuse('backend_api.timeout', 'has to lie in 1–600000 ms')
    const address = parseAddress(backend.url_domain, scheme === 'HTTPS' ? 443 : 80)
    if (address === undefined) {
      return refuse('backend_api.url_domain', `is not a host, optionally with :port: ${backend.url_domain}`)
    }
    const retries = /^-?\d+$/.test(backend.retry_count) ? Number(backend.retry_count) : Number.NaN
    if (!within(retries, -1, 10)) return refuse('backend_api.retry_count', 'has to be a number in -1–10')
    return { kind: 'http', settings: { scheme, ...address, method, path, timeoutMs, retries } }
  },

  MOCK({ mock_info: mock }, refuse) {
    if (mock === undefined) return refuse('mock_info', 'is missing')
    const { status_code: status, result_content: body } = mock
    if (!within(status, 200, 599)) return refuse('mock_info.status_code', 'has to lie in 200–599')
    return { kind: 'mock', settings: { status, body } }
  },
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
