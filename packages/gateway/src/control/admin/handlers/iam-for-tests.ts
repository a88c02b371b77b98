import { sign } from '@pailou/signer'

import { send, type Answer, type Gateway } from '../open-for-tests.ts'

/** Callers with credentials of their own. For tests. */

export interface Credential {
  readonly key: string
  readonly secret: string
}

export interface Login {
  readonly name: string
  readonly password: string
  /** The account. */
  readonly domain?: string
  readonly project: string
}

export function clientsOf(gateway: Gateway) {
  const textOf = (method: string, body: unknown) =>
    body === undefined || method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body) }

  return {
    /** A call signed with an access key. */
    signed(method: string, path: string, credential: Credential, body?: unknown): Promise<Answer> {
      const sent = { method, ...textOf(method, body) }
      const headers = sign(
        { url: `http://127.0.0.1:${gateway.port}${path}`, date: gateway.clock.at, ...sent },
        credential,
      )
      return send(gateway.port, { path, headers, ...sent })
    },

    withToken(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
      return send(gateway.port, { method, path, headers: { 'X-Auth-Token': token }, ...textOf(method, body) })
    },

    login({ name, password, domain = 'pailou', project }: Login): Promise<Answer> {
      const user = { name, domain: { name: domain }, password }
      const scope = { project: { id: project } }
      const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
      return send(gateway.port, { method: 'POST', path: '/v3/auth/tokens', body: JSON.stringify(body) })
    },
  }
}
