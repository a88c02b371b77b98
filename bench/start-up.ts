import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../scripts/free-ports.ts'
import { openCall, type Call } from '../scripts/open-call.ts'
import { cpuOf, descendants, memoryOf } from './processes.ts'
import { ask } from './request.ts'
import { spread, type Spread } from './statistics.ts'

export interface StartUp {
  readonly rows: readonly {
    readonly name: string
    /** From the command to the first 200 on the data plane. */
    readonly milliseconds: Spread
    /** Of all processes, up to then. */
    readonly cpuMilliseconds: Spread
    /** MB of the gateway's process, three seconds later. */
    readonly memory: Spread
  }[]
}

interface Taken {
  readonly milliseconds: number
  readonly cpuMilliseconds: number
  readonly memory: number
}

const root = resolve(import.meta.dirname, '..')
const direct = [process.execPath, join(root, 'packages/gateway/bin/pailou.js'), 'start']

const scenarios: readonly { readonly name: string; readonly command: readonly string[]; readonly fresh: boolean }[] = [
  { name: 'pailou start, first time', command: direct, fresh: true },
  { name: 'pailou start', command: direct, fresh: false },
  { name: 'npm start', command: ['npm', 'start'], fresh: false },
]

export async function measureStartUp(rounds: number, folder: string, say: (text: string) => void): Promise<StartUp> {
  const taken = new Map(scenarios.map(scenario => [scenario.name, [] as Taken[]]))
  for (let round = 1; round <= rounds; round++) {
    // The first scenario leaves behind the data that the others start from.
    for (const { name, command, fresh } of scenarios) {
      const data = join(folder, 'start-up')
      if (fresh) rmSync(data, { recursive: true, force: true })
      const one = await startOnce(command, data)
      taken.get(name)?.push(one)
      say(`round ${round}/${rounds} ${name}: ${one.milliseconds.toFixed(0)} ms, ${one.memory.toFixed(0)} MB`)
    }
  }
  const rows = [...taken].map(([name, all]) => ({
    name,
    milliseconds: spread(all.map(one => one.milliseconds)),
    cpuMilliseconds: spread(all.map(one => one.cpuMilliseconds)),
    memory: spread(all.map(one => one.memory)),
  }))
  return { rows }
}

async function startOnce(command: readonly string[], data: string): Promise<Taken> {
  const [http, https, admin] = await freePorts(3)
  const ports = { PAILOU_HTTP_PORT: String(http), PAILOU_HTTPS_PORT: String(https), PAILOU_ADMIN_PORT: String(admin) }
  const [program = '', ...args] = command
  const begun = performance.now()
  const child = spawn(program, args, {
    cwd: root,
    // A group of its own: npm puts a shell and a second process between us and the gateway.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', PAILOU_WORKERS: '1', PAILOU_DATA_DIR: data, ...ports },
  })
  const pid = Number(child.pid)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => (printed += text))
  child.stderr.setEncoding('utf8').on('data', text => (printed += text))
  try {
    const end = begun + 60_000
    let call: Call | undefined
    for (;;) {
      call ??= openCall(printed)
      if (call && (await answers(call))) break
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before it answered:\n${printed}`)
      if (performance.now() > end) throw new Error(`did not answer within 60 s:\n${printed}`)
      await sleep(5)
    }
    const milliseconds = performance.now() - begun
    const cpuMilliseconds = cpuOf(pid) / 1000
    await sleep(3_000)
    // Whoever starts it stays small: the gateway is the largest of the family.
    return { milliseconds, cpuMilliseconds, memory: Math.max(...descendants(pid).map(memoryOf)) }
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      process.kill(-pid, 'SIGINT')
      const late = setTimeout(() => process.kill(-pid, 'SIGKILL'), 10_000)
      await exit
      clearTimeout(late)
    }
  }
}

async function answers({ url, host }: Call): Promise<boolean> {
  const answered = await ask(Number(url.port), url.pathname, { headers: { Host: host } }).catch(() => undefined)
  return answered?.status === 200
}
