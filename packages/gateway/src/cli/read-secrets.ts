import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { UsageError } from './client-request.ts'

/**
 * Secrets never stand on a command line, where every user of the machine can read it: they come from standard input, one a
 * line, or are asked for at a terminal without being shown.
 * @throws UsageError
 */
export async function readSecrets(names: readonly string[], fromInput: boolean): Promise<string[]> {
  if (fromInput) {
    const lines = (await text(process.stdin)).replace(/\r?\n$/, '').split(/\r?\n/)
    if (lines.length === names.length && lines.every(line => line !== '')) return lines
    const wanted = names.length === 1 ? `one line, ${names[0]}` : `${names.length} lines: ${names.join(', ')}`
    throw new UsageError(`The standard input has to hold ${wanted}.`)
  }
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `There is no terminal to ask for ${names.join(' and ')}: give --password-stdin and write it there.`,
    )
  }
  const secrets: string[] = []
  for (const name of names) secrets.push(await askAtTerminal(name))
  return secrets
}

function askAtTerminal(name: string): Promise<string> {
  process.stderr.write(`${name}: `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  return new Promise(resolve => {
    terminal.on('SIGINT', () => {
      terminal.close()
      process.stderr.write('\n')
      process.exit(130)
    })
    terminal.question('', answer => {
      terminal.close()
      process.stderr.write('\n')
      resolve(answer)
    })
  })
}
