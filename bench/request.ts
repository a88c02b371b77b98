import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

/** The one request that every candidate is asked, byte for byte of the same shape: only Host and credential differ. */
export const target = '/api/users/123?expand=roles'

/** What the backend answers: 209 bytes. */
export const answer = JSON.stringify({
  id: '123',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  roles: ['admin', 'operator', 'auditor'],
  active: true,
  created: '2026-01-15T03:36:55Z',
  note: 'a small answer, as APIs give them; padded to a size. ',
})

/** A host for those who do not route by it, and a credential of the right length for those who do not check it. */
export const neutralHost = 'pass.bench.example.com'
export const neutralCredential: Record<string, string> = {
  'Authorization': `SDK-HMAC-SHA256 Access=${'0'.repeat(32)}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
  'X-Sdk-Date': '20260115T033655Z',
}

export const headers: Record<string, string> = {
  'User-Agent': 'pailou-bench/1',
  'Accept': 'application/json',
  'Accept-Encoding': 'gzip, deflate, br',
  'X-Correlation': '3f8e0a52-6f0e-4c55-9f0a-1c2d3e4f5a6b',
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** One request outside of the measurement. Names are not resolved: everything is on this machine. */
export async function ask(
  port: number,
  path: string,
  more: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answered> {
  const settings = {
    host: '127.0.0.1',
    port,
    path,
    method: more.method ?? 'GET',
    headers: more.headers ?? {},
    agent: false,
  }
  const asked = httpRequest(settings)
  asked.setTimeout(10_000, () => asked.destroy(new Error('no answer within 10 s')))
  asked.end(more.body)
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  return { status: response.statusCode, headers: response.headers, text }
}
