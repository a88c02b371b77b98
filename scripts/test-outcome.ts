import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect, styleText } from 'node:util'

interface Named {
  readonly file: string
  readonly title: string
}

interface FileOutcome {
  tests: number
  failures: string[]
  skips: number
  output: string
  milliseconds: number
}

/** What a run of the tests came to. Fed with the runner's events; prints one line for each file as it ends. */
export class Outcome {
  readonly skips: (Named & { readonly reason: string })[] = []
  readonly failures: (Named & { readonly text: string })[] = []
  passed = 0
  /** Files in which no test was found. */
  readonly empty: string[] = []
  readonly #files = new Map<string, FileOutcome>()
  readonly #root: string
  readonly #verbose: boolean

  constructor(root: string, verbose: boolean) {
    this.#root = root
    this.#verbose = verbose
  }

  take(event: TestEvent): void {
    if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      this.#file(entryOf(event.data)).output += event.data.message
      return
    }
    if (event.type === 'test:summary' && event.data.file !== undefined) {
      this.#file(entryOf(event.data)).milliseconds = event.data.duration_ms
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') return
    const { data } = event
    const path = entryOf(data)
    const file = this.#file(path)
    // The runner also reports the file itself, as if it were a test.
    if (data.nesting === 0 && data.name === path) {
      if (event.type === 'test:fail' && file.failures.length === 0) this.#fail(path, 'the file itself', explain(event))
      return
    }
    const suite = data.details.type === 'suite'
    if (data.skip !== undefined && data.skip !== false) {
      file.skips += 1
      this.skips.push({ file: this.#name(path), title: data.name, reason: reason(data.skip) })
    } else if (data.todo !== undefined && data.todo !== false) {
      file.skips += 1
      this.skips.push({ file: this.#name(path), title: data.name, reason: `to do: ${reason(data.todo)}` })
    } else if (event.type === 'test:fail') {
      // A suite fails because of what is in it, which has already been said, or by itself.
      if (!consequence(event)) this.#fail(path, data.name, explain(event))
    } else if (!suite) {
      this.passed += 1
    }
    if (!suite || data.skip !== undefined) file.tests += 1
  }

  stopped(path: string, seconds: number): void {
    const text = `stopped after ${seconds} s: a test hangs, or something (a server, a socket, a timer) was left open`
    this.#fail(path, 'the file itself', text)
  }

  ended(path: string): void {
    const file = this.#file(path)
    if (file.tests === 0 && file.failures.length === 0) this.empty.push(this.#name(path))
    const well = file.failures.length === 0 && file.tests > 0
    const mark = well ? styleText('green', '✔') : styleText('red', '✖')
    const skipped = file.skips ? `, ${file.skips} skipped` : ''
    console.log(`${mark} ${this.#name(path)}  ${file.tests} tests${skipped}, ${Math.round(file.milliseconds)} ms`)
    for (const failure of file.failures) console.log(indent(failure))
    if (file.output && (!well || this.#verbose)) console.log(indent(`output:\n${indent(file.output.trimEnd())}`))
  }

  failed(strict: boolean): boolean {
    const executed = this.passed + this.failures.length
    return this.failures.length > 0 || this.empty.length > 0 || executed === 0 || (strict && this.skips.length > 0)
  }

  #fail(path: string, title: string, text: string): void {
    this.failures.push({ file: this.#name(path), title, text })
    this.#file(path).failures.push(`${styleText('red', title)}\n${indent(text)}`)
  }

  #file(path: string): FileOutcome {
    const known = this.#files.get(path) ?? { tests: 0, failures: [], skips: 0, output: '', milliseconds: 0 }
    this.#files.set(path, known)
    return known
  }

  #name(path: string): string {
    return relative(this.#root, path)
  }
}

/** The last lines of a run: every failure and every skip by name, and the numbers. */
export function summary(outcome: Outcome, how: { readonly strict: boolean; readonly seconds: number }): string {
  const lines = ['']
  for (const { file, title } of outcome.failures) lines.push(`${styleText('red', 'failed')}   ${file}: ${title}`)
  for (const { file, title, reason } of outcome.skips) {
    lines.push(`${styleText(how.strict ? 'red' : 'yellow', 'skipped')}  ${file}: ${title} (${reason})`)
  }
  for (const file of outcome.empty) lines.push(`${styleText('red', 'empty')}    ${file}: no test in it`)
  const { passed, failures, skips } = outcome
  const numbers = `${passed} passed, ${failures.length} failed, ${skips.length} skipped`
  lines.push(`${numbers} in ${how.seconds.toFixed(1)} s`)
  if (passed + failures.length === 0) lines.push(styleText('red', 'No test was executed, which counts as a failure.'))
  if (how.strict && skips.length > 0) lines.push(styleText('red', 'Here a skipped test counts as a failure.'))
  return lines.join('\n')
}

/** The file that was run. A test of a suite that several files share has the suite's file as its own. */
function entryOf(data: { readonly file?: string | undefined }): string {
  return (data as { readonly entryFile?: string }).entryFile ?? data.file ?? ''
}

type Failure = Extract<TestEvent, { type: 'test:fail' }>

function consequence(event: Failure): boolean {
  return (event.data.details.error as { failureType?: unknown }).failureType === 'subtestsFailed'
}

function explain(event: Failure): string {
  const { error } = event.data.details
  const { line, column, file } = event.data
  const place = line === undefined ? '' : `\n(${file}:${line}:${column})`
  const cause: unknown = error.cause ?? error
  return `${cause instanceof Error ? inspect(cause) : String(cause)}${place}`
}

function reason(given: string | boolean): string {
  return typeof given === 'string' && given !== '' ? given : 'no reason given'
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
