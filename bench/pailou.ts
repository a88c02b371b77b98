import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sign } from '../packages/signer/src/index.ts'
import { freePorts } from '../scripts/free-ports.ts'
import { start, type Running } from './processes.ts'
import { ask, target } from './request.ts'

export interface Pailou {
  readonly running: Running
  readonly port: number
  /** Calls the API that anyone may call. */
  readonly openHost: string
  /** Calls the API for which one signs, and what to send to it. */
  readonly signedHost: string
  /** A signature is good for a quarter of an hour, so the load has to be given a new one now and then. */
  credential(): Record<string, string>
}

interface Administrator {
  readonly port: number
  readonly key: string
  readonly secret: string
}

const launcher = resolve(import.meta.dirname, '../packages/gateway/bin/pailou.js')
const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

/** Random text out of upper-case letters and digits, as keys are. */
const text = (length: number) => randomBytes(length).toString('hex').toUpperCase().slice(0, length)

/** Starts Pailou with one traffic thread on an empty data directory and publishes the two APIs, as an operator would. */
export async function startPailou(folder: string, core: number, backend: number): Promise<Pailou> {
  const [http, https, admin] = await freePorts(3)
  const administrator = { port: Number(admin), key: text(20), secret: text(40) }
  const running = start({
    command: [process.execPath, launcher, 'start'],
    core,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      PAILOU_DATA_DIR: join(folder, 'pailou-data'),
      PAILOU_HTTP_PORT: String(http),
      PAILOU_HTTPS_PORT: String(https),
      PAILOU_ADMIN_PORT: String(admin),
      PAILOU_WORKERS: '1',
      PAILOU_DEMO: '0',
      PAILOU_ADMIN_AK: administrator.key,
      PAILOU_ADMIN_SK: administrator.secret,
      PAILOU_ADMIN_PASSWORD: text(20),
    },
  })
  try {
    await ready(administrator, running)
    const app = { key: text(20), secret: text(40) }
    const hosts = { openHost: 'open.bench.example.com', signedHost: 'sign.bench.example.com' }
    await publishAll(administrator, hosts, app, backend)
    const url = `http://${hosts.signedHost}${target}`
    const credential = () => {
      const { Authorization, 'X-Sdk-Date': date } = sign({ url, signedHeaders: ['host'] }, app)
      if (Authorization === undefined || date === undefined) throw new Error('the signer gave no signature')
      return { Authorization, 'X-Sdk-Date': date }
    }
    return { running, port: Number(http), ...hosts, credential }
  } catch (error) {
    await running.stop()
    throw error
  }
}

/** The admin port says that it is ready a little before the first start has made the administrator: wait for both. */
async function ready(administrator: Administrator, running: Running): Promise<void> {
  const end = Date.now() + 30_000
  let last = 'nothing answered'
  while (Date.now() < end) {
    try {
      const { status } = await ask(administrator.port, '/health/ready')
      if (status === 200) {
        await call(administrator, 'GET', '/v3/projects')
        return
      }
      last = `/health/ready answered ${status}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    if (!alive(running.pid)) throw new Error(`ended before it was ready:\n${running.printed()}`)
    await sleep(50)
  }
  throw new Error(`was not ready within 30 s (${last}):\n${running.printed()}`)
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A call of the admin API, signed with the administrator's key. */
async function call<T>(
  { port, key, secret }: Administrator,
  method: string,
  path: string,
  content?: object,
): Promise<T> {
  const body = content === undefined ? '' : JSON.stringify(content)
  const headers: Record<string, string> = { Host: `127.0.0.1:${port}` }
  if (body)
    Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) })
  const url = `http://127.0.0.1:${port}${path}`
  Object.assign(headers, sign({ method, url, headers, body, signedHeaders: ['host'] }, { key, secret }))
  const answered = await ask(port, path, { method, headers, ...(body && { body }) })
  if (answered.status >= 300) throw new Error(`${method} ${path} answered ${answered.status}: ${answered.text}`)
  return (answered.text ? JSON.parse(answered.text) : undefined) as T
}

interface Id {
  readonly id: string
}

async function publishAll(
  administrator: Administrator,
  { openHost, signedHost }: { readonly openHost: string; readonly signedHost: string },
  app: { readonly key: string; readonly secret: string },
  backend: number,
): Promise<void> {
  const { projects } = await call<{ projects: Id[] }>(administrator, 'GET', '/v3/projects')
  const gateways = `/v2/${projects[0]?.id}/apigw/instances`
  const { instances } = await call<{ instances: Id[] }>(administrator, 'GET', gateways)
  const base = `${gateways}/${instances[0]?.id}`
  const post = <T = Id>(path: string, content: object) => call<T>(administrator, 'POST', `${base}/${path}`, content)

  const publish = async (name: string, host: string, authType: 'NONE' | 'APP') => {
    const group = await post('api-groups', { name })
    await post(`api-groups/${group.id}/domains`, { url_domain: host })
    const api = await post('apis', { ...definition(backend), group_id: group.id, name, auth_type: authType })
    await post('apis/action', { action: 'online', api_id: api.id, env_id: release })
    return api
  }
  await publish('bench_open', openHost, 'NONE')
  const signed = await publish('bench_signed', signedHost, 'APP')
  const created = await post('apps', { name: 'bench_app', app_key: app.key, app_secret: app.secret })
  await post('app-auths', { env_id: release, app_ids: [created.id], api_ids: [signed.id] })
}

/** One path parameter, one HTTP backend, nothing else. */
const definition = (backend: number) => ({
  type: 1,
  req_protocol: 'BOTH',
  req_method: 'GET',
  req_uri: '/api/users/{id}',
  match_mode: 'NORMAL',
  backend_type: 'HTTP',
  req_params: [{ name: 'id', type: 'STRING', location: 'PATH', required: 1 }],
  backend_params: [{ name: 'id', location: 'PATH', origin: 'REQUEST', value: 'id' }],
  backend_api: {
    url_domain: `127.0.0.1:${backend}`,
    req_protocol: 'HTTP',
    req_method: 'GET',
    req_uri: '/api/users/{id}',
    timeout: 5000,
  },
})
