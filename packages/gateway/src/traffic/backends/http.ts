import type { Backend } from '../backend.ts'
import { readTemplate } from '../route/path-template.ts'

/** An HTTP or HTTPS server at one address. */
export const http: Backend<'http'> = (settings, upstreams) => {
  const upstream = upstreams.to(settings.scheme, settings.host, settings.port)
  const path = readTemplate(settings.path)
  return visit => ({
    upstream,
    method: settings.method === 'ANY' ? visit.head.method : settings.method,
    target: '',
    path,
    pathValues: undefined,
    query: visit.target.query,
    host: upstream.authority,
    extra: '',
    without: undefined,
    timeoutMs: settings.timeoutMs,
    retries: settings.retries,
  })
}
