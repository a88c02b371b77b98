import type { Clock } from '../base/clock.ts'
import { hexId } from '../base/ids.ts'
import { secret } from '../base/secret.ts'
import type { Catalog, Desk, Edit } from './catalog.ts'
import type { Api, ApiDefinition, ApiVersion, App, AppCode } from './documents/documents.ts'
import { online } from './publish.ts'
import { base62, randomText } from './random-text.ts'

/** By this remark the demo's own backend is recognised; whoever points the API elsewhere writes another one. */
const echoRemark = 'The echo backend that Pailou brings along'

export interface DemoOptions {
  /** Where the echo backend listens on 127.0.0.1. */
  readonly echoPort: number
  readonly clock: Clock
}

/** What one needs to try the demo out. */
export interface Demo {
  readonly groupId: string
  readonly app: App
  readonly code: AppCode
}

/**
 * Adds a group `demo` with three APIs, published in RELEASE, and an app that may call them: `GET /hello` open and
 * mocked, `GET /code` for callers with an AppCode, `/echo` and everything below it for signed requests. One commit.
 * Does nothing and answers undefined when the oldest instance has a group `demo` already.
 */
export function demo(desk: Desk, { echoPort, clock }: DemoOptions): Promise<Demo | undefined> {
  const at = clock.now()
  return desk.write(catalog => {
    const instanceId = catalog.all('instance').at(-1)?.id
    const environment = catalog.all('environment').findLast(found => found.instanceId === instanceId && found.builtIn)
    if (instanceId === undefined || environment === undefined || demoGroup(catalog))
      return { edits: [], result: undefined }

    const groupId = hexId()
    const common = { instanceId, createdAt: at }
    const app: App = {
      ...common,
      id: hexId(),
      name: 'demo_app',
      remark: 'May call the signed APIs of the demo',
      key: hexId(),
      secret: secret(hexId()),
      updatedAt: at,
    }
    const code: AppCode = { ...common, id: hexId(), appId: app.id, code: secret(randomText(base62, 64)) }
    const edits: Edit[] = [
      {
        put: 'api-group',
        document: {
          ...common,
          id: groupId,
          name: 'demo',
          remark: 'Three APIs to try out',
          isDefault: false,
          debuggingDomainEnabled: true,
          updatedAt: at,
        },
      },
      { put: 'app', document: app },
      { put: 'app-code', document: code },
    ]
    for (const definition of definitions(echoPort)) {
      const api: Api = { ...common, id: hexId(), groupId, definition, updatedAt: at }
      edits.push({ put: 'api', document: api })
      edits.push(...online(catalog, { api, environmentId: environment.id, remark: 'demo', at }).edits)
      if (definition.auth_type === 'APP') {
        const place = { appId: app.id, apiId: api.id, environmentId: environment.id }
        edits.push({ put: 'app-authorization', document: { ...common, id: hexId(), ...place } })
      }
    }
    return { edits, result: { groupId, app, code } }
  })
}

/** The demo as it was made by an earlier start, while it is still there. */
export function standingDemo(catalog: Catalog): Demo | undefined {
  const groupId = demoGroup(catalog)?.id
  const app = catalog.all('app').findLast(({ name }) => name === 'demo_app')
  const code = catalog.all('app-code').findLast(({ appId }) => appId === app?.id)
  return groupId !== undefined && app !== undefined && code !== undefined ? { groupId, app, code } : undefined
}

/** The port at which the demo's published API looks for the echo backend. Ask for it again when that is opened. */
export function demoEchoPort(catalog: Catalog): number | undefined {
  const address = servedEcho(catalog)?.version.definition.backend_api?.url_domain
  return address === undefined ? undefined : Number(address.split(':')[1])
}

/**
 * Publishes the echo API again when its backend had to move to another port: what serves now, with the new address, and
 * nothing that has only been drafted. An API that was pointed elsewhere stays.
 */
export function moveDemoEcho(desk: Desk, { echoPort, clock }: DemoOptions): Promise<boolean> {
  const at = clock.now()
  return desk.write(catalog => {
    const served = servedEcho(catalog)
    if (served === undefined || demoEchoPort(catalog) === echoPort) return { edits: [], result: false }
    const { api, version } = served
    const { environmentId, remark } = version
    const moved = { ...api, definition: withPort(version.definition, echoPort) }
    const { edits } = online(catalog, { api: moved, environmentId, remark, at })
    const draft = { ...api, definition: withPort(api.definition, echoPort), updatedAt: at }
    return { edits: [{ put: 'api', document: draft }, ...edits], result: true }
  })
}

function withPort(definition: ApiDefinition, port: number): ApiDefinition {
  const backend = definition.backend_api
  if (backend?.remark !== echoRemark) return definition
  return { ...definition, backend_api: { ...backend, url_domain: `127.0.0.1:${port}` } }
}

/** The version that the demo's echo API serves, as long as it leads to the echo backend. */
function servedEcho(catalog: Catalog): { readonly api: Api; readonly version: ApiVersion } | undefined {
  const groupId = demoGroup(catalog)?.id
  for (const publication of catalog.all('publication')) {
    const api = catalog.get('api', publication.apiId)
    const version = catalog.get('api-version', publication.versionId)
    if (publication.groupId === groupId && api && version?.definition.backend_api?.remark === echoRemark) {
      return { api, version }
    }
  }
  return undefined
}

function demoGroup(catalog: Catalog) {
  const instanceId = catalog.all('instance').at(-1)?.id
  return catalog.all('api-group').find(group => group.instanceId === instanceId && group.name === 'demo')
}

function definitions(echoPort: number): readonly ApiDefinition[] {
  return [
    {
      ...plain('hello', 'GET', '/hello'),
      ...mocked({ message: 'Hello from Pailou' }),
      remark: 'Open to everyone',
    },
    {
      ...plain('code', 'GET', '/code'),
      ...mocked({ message: 'This AppCode may pass' }),
      remark: 'For callers with an AppCode',
      auth_type: 'APP',
      auth_opt: { app_code_auth_type: 'HEADER' },
    },
    {
      ...plain('echo', 'ANY', '/echo'),
      remark: 'For signed requests; answers with what the backend received',
      match_mode: 'SWA',
      auth_type: 'APP',
      backend_type: 'HTTP',
      backend_api: {
        id: hexId(),
        url_domain: `127.0.0.1:${echoPort}`,
        req_protocol: 'HTTP',
        req_method: 'ANY',
        req_uri: '/',
        timeout: 5000,
        retry_count: '0',
        remark: echoRemark,
        version: '',
        enable_client_ssl: false,
        vpc_channel_status: 2,
      },
    },
  ]
}

function plain(name: string, method: string, path: string): Omit<ApiDefinition, 'backend_type'> {
  return {
    name,
    type: 1,
    version: '',
    req_protocol: 'BOTH',
    req_method: method,
    req_uri: path,
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
  }
}

function mocked(body: object): Pick<ApiDefinition, 'backend_type' | 'mock_info'> {
  const result_content = JSON.stringify(body)
  return { backend_type: 'MOCK', mock_info: { id: hexId(), result_content, status_code: 200, remark: '', version: '' } }
}
