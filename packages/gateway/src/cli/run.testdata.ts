import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/pailou.js', import.meta.url))

export interface Given {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs `pailou` with these arguments, and with none of the settings around the test. */
export async function run(args: readonly string[], { env = {}, input = '' }: Given = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAILOU_'))
  const child = spawn(process.execPath, [bin, ...args], { env: { ...Object.fromEntries(inherited), ...env } })
  child.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise(ended => child.on('close', ended)),
  ])
  return { code, stdout, stderr }
}
