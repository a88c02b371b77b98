import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePorts } from './free-ports.ts'
import { openCall, type Call } from './open-call.ts'

const usage = `Usage: npm run smoke -- [--clone]

What a newcomer does: npm start, wait for what it prints, call the open API that it names, press Ctrl-C.

  --clone  do it in a fresh clone of the last commit, which begins with npm ci`

/** Names below .localhost need no resolver here: everything is on this machine. */
async function statusOf({ url, host }: Call): Promise<number> {
  const { port, pathname, search } = url
  const asked = request({ host: '127.0.0.1', port, path: pathname + search, headers: { host }, timeout: 10_000 }).end()
  asked.on('timeout', () => asked.destroy(new Error('no answer within 10 s')))
  const [answer] = await once(asked, 'response')
  answer.resume()
  return answer.statusCode
}

const ended = (child: ChildProcess) => child.exitCode ?? child.signalCode ?? undefined

async function within<T>(seconds: number, what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const seen = look()
    if (seen !== undefined) return seen
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`)
    await sleep(50)
  }
}

async function smoke(directory: string, data: string, patience: number): Promise<void> {
  const [http, https, admin] = await freePorts(3)
  const child = spawn('npm', ['start'], {
    cwd: directory,
    // A group of its own, so that the Ctrl-C below reaches exactly what a terminal would reach.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PAILOU_HTTP_PORT: String(http),
      PAILOU_HTTPS_PORT: String(https),
      PAILOU_ADMIN_PORT: String(admin),
      PAILOU_DATA_DIR: join(data, 'pailou-data'),
    },
  })
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', text => (printed += text))
  child.stderr?.setEncoding('utf8').on('data', text => (printed += text))
  const start = performance.now()
  const passed = (what: string) => console.log(`✔ ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  try {
    const call = await within(patience, 'the open API to be printed', () => {
      if (ended(child) !== undefined) throw new Error(`ended with ${ended(child)} before it printed the open API`)
      return openCall(printed)
    })
    passed('npm start prints the open API')
    const status = await statusOf(call)
    if (status !== 200) throw new Error(`${call.url.href} answered ${status}`)
    passed(`${call.url.href} answers 200`)
    const ready = await statusOf({ url: new URL(`http://127.0.0.1:${admin}/health/ready`), host: `127.0.0.1:${admin}` })
    if (ready !== 200) throw new Error(`/health/ready answered ${ready}`)
    passed('the admin port is ready')
    process.kill(-Number(child.pid), 'SIGINT')
    const code = await within(20, 'the end after Ctrl-C', () => ended(child))
    if (code !== 0) throw new Error(`ended with ${code} after Ctrl-C, not with 0`)
    passed('Ctrl-C ends it with exit code 0')
  } catch (error) {
    console.error(`${printed}\n✖ npm start: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    if (ended(child) === undefined) process.kill(-Number(child.pid), 'SIGKILL')
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { clone: { type: 'boolean', default: false }, help: { type: 'boolean' } } })
  if (values.help) return console.log(usage)
  const root = resolve(import.meta.dirname, '..')
  const scratch = mkdtempSync(join(tmpdir(), 'pailou-smoke-'))
  try {
    if (!values.clone) return await smoke(root, scratch, 60)
    const directory = join(scratch, 'pailou')
    const cloned = spawnSync('git', ['clone', '--quiet', root, directory], { stdio: 'inherit' })
    if (cloned.status !== 0) throw new Error('git clone failed')
    await smoke(directory, scratch, 240)
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (import.meta.main) await main()
