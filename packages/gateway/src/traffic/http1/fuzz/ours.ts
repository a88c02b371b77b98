import { BodyReader } from '../body-reader.ts'
import { HOST } from '../fields.ts'
import { BROKEN, MORE } from '../head.ts'
import { RequestHead, leadingBreak } from '../request-head.ts'
import { readTarget } from '../request-target.ts'

/** What a request means. */
export interface Meaning {
  readonly method: string
  readonly target: string
  readonly version: string
  /** Names as they came, values without the white space around them, in order. */
  readonly fields: readonly (readonly [string, string])[]
  /** Latin-1. */
  readonly body: string
}

export interface Reading {
  readonly messages: Meaning[]
  /** Why it stopped: nothing more came, a message is unfinished, one was refused, or one asked to be the last. */
  readonly stop: 'end' | 'more' | 'refused' | 'close'
}

/** As on a connection, one of each serves all messages, so that what one leaves behind shows in the next. */
const head = new RequestHead()
const body = new BodyReader()
const bodyLimit = 12_582_912

/**
 * Reads requests as a connection does that gets the first `cut` bytes and then the others.
 * @param cut Default: all at once.
 */
export function read(bytes: Buffer, cut: number = bytes.length): Reading {
  const messages: Meaning[] = []
  let end = cut
  let at = 0
  for (;;) {
    if (at === end && end === bytes.length) return { messages, stop: 'end' }
    if (end < bytes.length && end - at < 2) end = bytes.length
    at += leadingBreak(bytes, at, end)
    if (at === end && end === bytes.length) return { messages, stop: 'end' }
    head.reset()
    let length = head.parse(bytes, at, end)
    if (length === MORE && end < bytes.length) length = head.parse(bytes, at, (end = bytes.length))
    if (length === MORE) return { messages, stop: 'more' }
    if (length === BROKEN || !legal()) return { messages, stop: 'refused' }
    at += length
    let text = ''
    body.begin(head.chunked, head.bodyLength, bodyLimit)
    if (head.bodyLength > bodyLimit) return { messages, stop: 'refused' }
    while (!body.done) {
      if (at === end) {
        if (end === bytes.length) return { messages, stop: 'more' }
        end = bytes.length
      }
      at = body.read(bytes, at, end)
      if (body.fault !== undefined) return { messages, stop: 'refused' }
      text += bytes.toString('latin1', body.from, body.to)
    }
    const fields = Array.from({ length: head.count }, (_, i) => [head.name(i), head.valueAt(i)] as const)
    messages.push({ method: head.method, target: head.target, version: `1.${head.minor}`, fields, body: text })
    if (!head.keepAlive) return { messages, stop: 'close' }
  }
}

function legal(): boolean {
  if (head.illegality() !== undefined) return false
  const target = readTarget(head.target, head.method)
  if ('row' in target) return false
  return target.authority === '' || target.authority.toLowerCase() === head.value(HOST)!.toLowerCase()
}
