import { errorMessage, errors, type ErrorRow } from '@pailou/contract/errors'
import type { WordedResponse, WordedResponses } from '../../seam/responses.ts'
import type { Arrival, Refusal, Reply, Visible, Words } from '../exchange.ts'

/** `$context.error.code`, as it may stand in a body or in a header. */
const reference = /\$context\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)/

/** What is no HTTP is answered in the same way everywhere, also when that shows in the body of a request whose API is known. */
const neverWorded: ReadonlySet<ErrorRow> = new Set(['0201/400', '0606'])

const ready = new WeakMap<WordedResponses, Words>()

/** The group's own words, made ready once for all routes that share them. */
export function wordsOf(responses: WordedResponses): Words {
  let words = ready.get(responses)
  if (words === undefined) ready.set(responses, (words = prepare(responses)))
  return words
}

type Speaker = (refusal: Refusal, type: string, visit: Arrival & Visible) => Reply

function prepare(responses: WordedResponses): Words {
  const speakers = new Map(Object.entries(responses).map(([type, response]) => [type, speaker(response)]))
  return (refusal, visit) => {
    if (neverWorded.has(refusal.row)) return undefined
    const { responseType, status } = errors[refusal.row]
    const type = refusal.type ?? responseType
    const speak = speakers.get(type) ?? speakers.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX')
    return speak?.(refusal, type, visit)
  }
}

function speaker({ status, body, headers }: WordedResponse): Speaker {
  const said = template(body)
  const others = headers.filter(({ key }) => key.toLowerCase() !== 'content-type')
  const lines = others.map(({ key, value }) => ({ key, value: template(inHeader(value)) }))
  const written = headers.find(({ key }) => key.toLowerCase() === 'content-type')
  const contentType = template(inHeader(written?.value ?? contentTypeOf(body)))
  return (refusal, type, visit) => {
    const value = (name: string) => valueOf(name, refusal, type, visit)
    const plain = (name: string) => inHeader(value(name))
    return {
      status: status ?? errors[refusal.row].status,
      contentType: fill(contentType, plain),
      body: fill(said, name => inBody(value(name))),
      headerLines: lines.map(line => `${line.key}: ${fill(line.value, plain)}\r\n`).join('') + refusal.headerLines,
    }
  }
}

/** Literal texts at even places, names of references at odd ones. */
function template(text: string): readonly string[] {
  return text.split(new RegExp(reference, 'g'))
}

function fill(parts: readonly string[], value: (name: string) => string): string {
  return parts.map((part, at) => (at % 2 === 0 ? part : value(part))).join('')
}

/** A value of the caller's must not end a JSON text, nor begin a tag where somebody has made the body a page. */
function inBody(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replaceAll('<', String.raw`\u003c`)
}

/** A value of the caller's must not end the line; what is not ASCII travels as UTF-8. */
function inHeader(value: string): string {
  return Buffer.from(value.replaceAll(/[\u0000-\u001f\u007f]/g, ''), 'utf8').toString('latin1')
}

function contentTypeOf(body: string): string {
  return /^\s*[{[]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'
}

/** Empty for what is unknown, or not known yet. */
function valueOf(name: string, refusal: Refusal, type: string, visit: Arrival & Visible): string {
  const { route, caller } = visit
  switch (name) {
    case 'error.code':
      return errors[refusal.row].code
    case 'error.message':
      return errorMessage(refusal.row, refusal.supported === undefined ? {} : { xxx: refusal.supported })
    case 'error.type':
      return type
    case 'requestId':
      return visit.id
    case 'sourceIp':
      return visit.client.address
    case 'reqMethod':
      return visit.head.method
    case 'reqPath':
      return visit.target.path
    case 'reqUri':
      return visit.target.query === '' ? visit.target.path : `${visit.target.path}?${visit.target.query}`
    case 'apiId':
      return route?.apiId ?? ''
    case 'apiName':
      return route?.apiName ?? ''
    case 'stage':
      return route?.environment.name ?? ''
    case 'appId':
      return caller.kind === 'app' ? caller.id : ''
    case 'appName':
      return caller.kind === 'app' ? caller.name : ''
    default:
      return ''
  }
}
