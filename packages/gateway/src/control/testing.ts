import type { Clock } from '../base/clock.ts'
import type { Observations, RefusalRecord, TrafficPort } from '../seam/observations.ts'
import type { Snapshot } from '../seam/snapshot.ts'
import type { RequestStatistics } from '../seam/statistics.ts'
import type { Api, ApiDefinition, ApiHttpBackend, ApiGroup, Environment } from './documents/documents.ts'
import type { DeskLog } from './desk.ts'

/** Things that the tests of this folder have in common. Nothing here stands in for what is tested. */

export function clockAt(start: number): Clock & { turn(ms: number): void } {
  let now = start
  return { now: () => now, turn: ms => void (now += ms) }
}

/** The traffic side of the seam, one thread of it: remembers what it was given and says that it serves it. */
export class RecordingTraffic implements TrafficPort {
  readonly snapshots: Snapshot[] = []
  /** Thrown by the next adoptions instead of taking the snapshot. */
  readonly faults: Error[] = []

  async adopt(snapshot: Snapshot): Promise<{ everywhere: boolean }> {
    const fault = this.faults.shift()
    if (fault) throw fault
    this.snapshots.push(snapshot)
    return { everywhere: true }
  }

  observe(): Observations {
    const revision = this.snapshots.at(-1)?.revision ?? -1
    return { threads: [{ thread: 0, revision, connections: 0, requests: 0, refusals: 0 }] }
  }

  statistics(): RequestStatistics {
    return { routes: [], latency: { counts: [], sumMs: 0 } }
  }

  refusal(): RefusalRecord | undefined {
    return undefined
  }
}

export class Lines implements DeskLog {
  readonly lines: string[] = []
  info(_fields: object, text: string): void {
    this.lines.push(`info ${text}`)
  }
  warn(_fields: object, text: string): void {
    this.lines.push(`warn ${text}`)
  }
  error(_fields: object, text: string): void {
    this.lines.push(`error ${text}`)
  }
}

export function group(id: string, more: Partial<ApiGroup> = {}): ApiGroup {
  const flags = { isDefault: false, debuggingDomainEnabled: true }
  return { id, instanceId: 'i1', name: `group ${id}`, remark: '', ...flags, createdAt: 1, updatedAt: 1, ...more }
}

export function environment(id: string, more: Partial<Environment> = {}): Environment {
  return { id, instanceId: 'i1', name: `env_${id}`, remark: '', builtIn: false, createdAt: 1, ...more }
}

export function api(id: string, groupId: string, definition: Partial<ApiDefinition> = {}): Api {
  return { id, instanceId: 'i1', groupId, definition: openApi(id, definition), createdAt: 1, updatedAt: 1 }
}

/** `GET /<id>`, open, mocked. */
function openApi(id: string, more: Partial<ApiDefinition> = {}): ApiDefinition {
  return {
    name: `api ${id}`,
    type: 1,
    version: '',
    req_protocol: 'BOTH',
    req_method: 'GET',
    req_uri: `/${id}`,
    match_mode: 'NORMAL',
    auth_type: 'NONE',
    auth_opt: { app_code_auth_type: 'DISABLE' },
    cors: false,
    remark: '',
    body_remark: '',
    result_normal_sample: '',
    result_failure_sample: '',
    tags: [],
    is_send_fg_body_base64: true,
    req_params: [],
    backend_params: [],
    backend_type: 'MOCK',
    mock_info: { id: 'm1', result_content: id, status_code: 200, remark: '', version: '' },
    ...more,
  }
}

/** `http://backend.example/`, with the defaults of the contract. */
export const httpBackend: ApiHttpBackend = {
  id: 'b1',
  url_domain: 'backend.example',
  req_protocol: 'HTTP',
  req_method: 'GET',
  req_uri: '/',
  timeout: 5000,
  retry_count: '-1',
  remark: '',
  version: '',
  enable_client_ssl: false,
  vpc_channel_status: 2,
}
