import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../scripts/free-ports.ts'
import { haproxyArguments, nginxArguments } from './native.ts'
import { startPailou, type Pailou } from './pailou.ts'
import { start, type Running } from './processes.ts'
import { answer, ask, headers, neutralCredential, neutralHost, target } from './request.ts'
import { find, versionOf } from './tools.ts'

/** A proxy that is up and stands before the backend. Two candidates may be one process that is asked in two ways. */
export interface Candidate {
  readonly name: string
  readonly version: string
  readonly running: Running
  readonly port: number
  readonly host: string
  credential(): Record<string, string>
}

export interface Place {
  readonly folder: string
  readonly core: number
  /** The backend's port. */
  readonly backend: number
}

/** A proxy that is not measured, and the reason. */
export interface Absent {
  readonly name: string
  readonly absent: string
}

type Entry = Candidate | Absent

interface Recipe {
  readonly names: readonly string[]
  begin(place: Place): Promise<readonly Entry[]>
}

const version = (library: string): string =>
  (createRequire(import.meta.url)(`${library}/package.json`) as { version: string }).version

const plain = (name: string, versions: string, running: Running, port: number): Candidate => {
  return { name, version: versions, running, port, host: neutralHost, credential: () => neutralCredential }
}

function native(name: string, program: string, argument: string, pattern: RegExp, args: typeof nginxArguments): Recipe {
  return {
    names: [name],
    async begin({ folder, core, backend }) {
      const file = find(program)
      if (file === undefined) return [{ name, absent: `${program} is not installed` }]
      const [port = 0] = await freePorts(1)
      const running = start({ command: [file, ...args(join(folder, name), port, backend)], core })
      return [plain(name, versionOf(file, argument, pattern) ?? 'unknown', running, port)]
    },
  }
}

function peer(name: string, file: string, library: string): Recipe {
  return {
    names: [name],
    async begin({ core, backend }) {
      const [port = 0] = await freePorts(1)
      const script = join(import.meta.dirname, 'peers', file)
      const env = { ...process.env, NODE_ENV: 'production' }
      const running = start({ command: [process.execPath, script, String(port), String(backend)], core, env })
      return [plain(name, `${library} ${version(library)}, Node ${process.versions.node}`, running, port)]
    },
  }
}

const pailou: Recipe = {
  names: ['pailou', 'pailou-signed'],
  async begin({ folder, core, backend }) {
    let up: Pailou
    try {
      up = await startPailou(folder, core, backend)
    } catch (error) {
      const absent = `did not start: ${error instanceof Error ? error.message : String(error)}`
      return this.names.map(name => ({ name, absent }))
    }
    const { running, port, openHost, signedHost } = up
    const shared = { running, port, version: `Node ${process.versions.node}` }
    return [
      { ...shared, name: 'pailou', host: openHost, credential: () => neutralCredential },
      { ...shared, name: 'pailou-signed', host: signedHost, credential: () => up.credential() },
    ]
  },
}

/** In the order in which they are measured. nginx is the measure of the others, and comes first. */
const recipes: readonly Recipe[] = [
  native('nginx', 'nginx', '-v', /nginx\/(\S+)/, nginxArguments),
  native('haproxy', 'haproxy', '-v', /version (\S+?)(?:-\S*)? /, haproxyArguments),
  pailou,
  peer('node-http-undici', 'node-http-undici.ts', 'undici'),
  peer('fastify-http-proxy', 'fastify-http-proxy.ts', '@fastify/http-proxy'),
]

export const names: readonly string[] = recipes.flatMap(recipe => recipe.names)

export interface Field {
  readonly candidates: readonly Candidate[]
  readonly absent: readonly Absent[]
  stop(): Promise<void>
}

/** Starts them all together, so that each meets the same machine. */
export async function begin(place: Place, wanted: readonly string[]): Promise<Field> {
  const candidates: Candidate[] = []
  const absent: Absent[] = []
  const started = new Set<Running>()
  for (const recipe of recipes) {
    if (!recipe.names.some(name => wanted.includes(name))) continue
    for (const entry of await recipe.begin(place)) {
      if (!('absent' in entry)) started.add(entry.running)
      if (!wanted.includes(entry.name)) continue
      const ready = 'absent' in entry ? entry : await checked(entry)
      if ('absent' in ready) absent.push(ready)
      else candidates.push(ready)
    }
  }
  const stop = async () => {
    await Promise.all([...started].map(running => running.stop()))
  }
  return { candidates, absent, stop }
}

/** The request that is measured, as headers. */
export const headersFor = (candidate: Candidate): Record<string, string> => ({
  Host: candidate.host,
  ...headers,
  ...candidate.credential(),
})

/** A candidate that does less than the others would win by it: path, query and headers have to arrive, with an id added. */
async function checked(candidate: Candidate): Promise<Entry> {
  const neglected = await duties(candidate).catch(error => [error instanceof Error ? error.message : String(error)])
  if (neglected.length === 0) return candidate
  return { name: candidate.name, absent: `${neglected.join(', ')}\n${candidate.running.printed()}`.trim() }
}

async function duties(candidate: Candidate): Promise<readonly string[]> {
  const end = Date.now() + 10_000
  for (;;) {
    try {
      await ask(candidate.port, '/', { headers: { Host: candidate.host } })
      break
    } catch (error) {
      if (Date.now() > end) throw error
      await sleep(50)
    }
  }
  const measured = await ask(candidate.port, target, { headers: headersFor(candidate) })
  if (measured.status !== 200 || measured.text !== answer) return [`answers ${measured.status}: ${measured.text}`]
  if (candidate.name === 'pailou-signed') {
    // It would be fast if it did not check. What it brings to the backend, the open one shows: a signature covers one path.
    const unsigned = { ...headersFor(candidate), ...neutralCredential }
    const { status } = await ask(candidate.port, target, { headers: unsigned })
    return status === 401 ? [] : [`answers ${status} to a wrong signature`]
  }
  const { text } = await ask(candidate.port, '/api/users/duties?expand=roles', { headers: headersFor(candidate) })
  const expected: readonly [duty: string, pattern: RegExp][] = [
    ['adds no X-Request-Id', /request_id:[^|]+/],
    ['loses a header', /correlation:3f8e0a52/],
    ['loses the query', /arguments:expand=roles/],
  ]
  return expected.filter(([, pattern]) => !pattern.test(text)).map(([duty]) => `${duty} (the backend saw ${text})`)
}
