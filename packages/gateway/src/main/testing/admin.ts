import assert from 'node:assert/strict'
import { ask, type Answer } from './http.ts'
import { officiallySigned, type Credential } from './signed.ts'

export interface AdminOptions {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A client of the admin API, with every call signed by the official signer. For tests. */
export class Admin {
  readonly port: number
  readonly projectId: string
  readonly instanceId: string
  readonly credential: Credential

  constructor(port: number, projectId: string, instanceId: string, credential: Credential) {
    this.port = port
    this.projectId = projectId
    this.instanceId = instanceId
    this.credential = credential
  }

  /** Calls a path of the admin port. */
  call(method: string, path: string, { query = {}, body }: AdminOptions = {}): Promise<Answer> {
    const headers = officiallySigned(
      {
        method,
        url: `http://127.0.0.1:${this.port}${path}`,
        query,
        headers: { 'X-Project-Id': this.projectId },
        data: body,
      },
      this.credential,
    )
    const search = new URLSearchParams(query).toString()
    return ask({
      port: this.port,
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  /** Calls a path inside the instance, such as `apis/…`. */
  inside(method: string, path: string, options: AdminOptions = {}): Promise<Answer> {
    return this.call(method, `/v2/${this.projectId}/apigw/instances/${this.instanceId}/${path}`, options)
  }

  /** As {@link inside}, and expects a success. Answers with the parsed body. */
  async make(method: string, path: string, body?: unknown) {
    const answer = await this.inside(method, path, body === undefined ? {} : { body })
    assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.json
  }

  async makeGroup(name: string): Promise<{ readonly id: string; readonly sl_domain: string }> {
    return this.make('POST', 'api-groups', { name })
  }

  async makeApi(groupId: string, more: ApiParts): Promise<{ readonly id: string }> {
    return this.make('POST', 'apis', apiBody(groupId, more))
  }

  publish(apiId: string, environmentId = releaseId) {
    return this.make('POST', 'apis/action', { action: 'online', api_id: apiId, env_id: environmentId })
  }

  offline(apiId: string, environmentId = releaseId) {
    return this.make('POST', 'apis/action', { action: 'offline', api_id: apiId, env_id: environmentId })
  }

  /** Creates an API and publishes it. */
  async serve(groupId: string, more: ApiParts): Promise<{ readonly id: string }> {
    const api = await this.makeApi(groupId, more)
    await this.publish(api.id)
    return api
  }
}

/** The id that clients of the contract know for the built-in environment of the first instance. */
export const releaseId = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

interface ApiParts {
  readonly name: string
  readonly req_uri: string
  readonly [field: string]: unknown
}

/** An open API for GET over both schemes, answered by a mock, with whatever is to be different. */
export function apiBody(groupId: string, more: ApiParts): object {
  return {
    type: 1,
    req_protocol: 'BOTH',
    req_method: 'GET',
    auth_type: 'NONE',
    group_id: groupId,
    ...('backend_api' in more ? { backend_type: 'HTTP' } : mock('hello')),
    ...more,
  }
}

export function mock(content: string, status = 200): object {
  return { backend_type: 'MOCK', mock_info: { result_content: content, status_code: status } }
}

/** An HTTP backend on this machine, unless the address says otherwise. */
export function backend(address: number | string, path: string, more: object = {}): object {
  return {
    backend_api: {
      url_domain: typeof address === 'number' ? `127.0.0.1:${address}` : address,
      req_protocol: 'HTTP',
      req_method: 'ANY',
      req_uri: path,
      timeout: 5000,
      retry_count: '0',
      ...more,
    },
  }
}
