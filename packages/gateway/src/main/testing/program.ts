import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { Admin } from './admin.ts'
import { ask, type Answer, type Ask } from './http.ts'

/** The real program, as a process of its own. For tests. */

const bin = fileURLToPath(new URL('../../../bin/pailou.js', import.meta.url))

export interface ProgramOptions {
  readonly dataDir: string
  /** Flags behind `start`. Every port is chosen by the system unless one stands here. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs. Default: where the test does. */
  readonly cwd?: string
  /** The Node to run it with. Default: the one that runs the test. */
  readonly node?: string
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A program that was started, whether or not it serves. */
export class Process {
  readonly child: ChildProcess
  readonly #ended: Promise<Ended>
  stdout = ''
  stderr = ''

  constructor({ dataDir, flags = [], env = {}, cwd, node = process.execPath }: ProgramOptions) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAILOU_'))
    const ports = ['--http-port', '--https-port', '--admin-port'].flatMap(name =>
      flags.includes(name) ? [] : [name, '0'],
    )
    const child = spawn(node, [bin, 'start', '--data-dir', dataDir, ...ports, ...flags], {
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', PAILOU_WORKERS: '2', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    })
    this.child = child
    running.add(child)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += stripVTControlCharacters(text)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.#ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        running.delete(child)
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr })
      })
    })
    this.#hold(false)
  }

  /** Resolves when it is no more. */
  get ended(): Promise<Ended> {
    this.#hold(true)
    return this.#ended
  }

  /** A test that fails forgets its programs: they must not keep the test process, at whose end they are killed. */
  #hold(held: boolean): void {
    for (const handle of [this.child, this.child.stdout, this.child.stderr] as readonly {
      ref(): void
      unref(): void
    }[]) {
      if (held) handle.ref()
      else handle.unref()
    }
  }

  /** Waits until it has printed this. Rejects when it ends before. */
  printed(text: string, withinMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!this.stdout.includes(text)) return
        done()
        resolve()
      }
      const failed = (why: string) => {
        done()
        reject(new Error(`${why} before it printed ${JSON.stringify(text)}:\n${this.stdout}${this.stderr}`))
      }
      const timer = setTimeout(() => failed(`${withinMs} ms went by`), withinMs)
      const ended = () => failed('the program ended')
      const done = () => {
        clearTimeout(timer)
        this.child.stdout!.off('data', look)
        this.child.off('close', ended)
      }
      this.child.stdout!.on('data', look)
      this.child.on('close', ended)
      look()
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }
}

/** A program that serves. */
export interface Program {
  readonly process: Process
  readonly dataDir: string
  readonly httpPort: number
  readonly httpsPort: number
  readonly adminPort: number
  /** What it said of itself when it was ready. */
  readonly banner: string
  /** The certificate of the HTTPS port, PEM. */
  readonly ca: string
  readonly credentials: {
    readonly account: string
    readonly user: string
    readonly password: string
    readonly access_key: string
    readonly secret_key: string
  }
  readonly admin: Admin
  /** Calls the gateway over HTTP. */
  call(host: string, path: string, more?: Omit<Ask, 'port' | 'host' | 'path' | 'ca'>): Promise<Answer>
  /** Calls it over HTTPS. */
  callTls(host: string, path: string, more?: Omit<Ask, 'port' | 'host' | 'path' | 'ca'>): Promise<Answer>
  /** Ctrl-C; expects exit code 0. */
  stop(): Promise<void>
}

/** Starts the program and waits until it serves. Without the demo, unless `env` asks for it with `PAILOU_DEMO: '1'`. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const process = new Process({ ...options, env: { PAILOU_DEMO: '0', ...options.env } })
  await process.printed('Ctrl-C lets')
  return programOf(process, options.dataDir)
}

/** What a program that has printed its banner gives to work with. */
export function programOf(process: Process, dataDir: string): Program {
  const banner = process.stdout
  const found = (pattern: RegExp): string => {
    const text = pattern.exec(banner)?.[1]
    assert.ok(text !== undefined, `${String(pattern)} is not in:\n${banner}`)
    return text
  }
  const httpPort = Number(found(/gateway +http:\/\/[^ ]+:(\d+)/))
  const httpsPort = Number(found(/gateway +http:.* https:\/\/[^ ]+:(\d+)/))
  const adminPort = Number(found(/admin API +http:\/\/[^ ]+:(\d+)/))
  const credentials = JSON.parse(
    readFileSync(join(dataDir, 'admin-credentials.json'), 'utf8'),
  ) as Program['credentials']
  const { access_key: key, secret_key: secret } = credentials
  const admin = new Admin(adminPort, found(/project ([0-9a-f]{32})/), found(/instance +([0-9a-f]{32})/), {
    key,
    secret,
  })
  const ca = readFileSync(join(dataDir, 'tls', 'gateway.crt'), 'utf8')
  return {
    process,
    dataDir,
    httpPort,
    httpsPort,
    adminPort,
    banner,
    ca,
    credentials,
    admin,
    call: (host, path, more = {}) => ask({ port: httpPort, host, path, ...more }),
    callTls: (host, path, more = {}) => ask({ port: httpsPort, host, path, ca, ...more }),
    async stop() {
      process.signal('SIGINT')
      const { code, signal, stderr } = await process.ended
      assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
    },
  }
}

/** A directory that is gone when the test process ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pailou-main-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
