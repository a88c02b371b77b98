import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { valueOf, type Message, type Response } from '../testing/messages.ts'
import { RawClient, aMoment } from '../testing/raw-client.ts'
import { Recorder } from '../testing/recorder.ts'
import { hostName, httpBackend, mockBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const host = `Host: ${hostName}\r\n`
const post = (lines: string, body: string) => `POST /x HTTP/1.1\r\n${host}${lines}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)

/** What callers send. Nothing of what becomes of it may depend on how it is cut into pieces. */
const requests: Record<string, string> = {
  'a GET': `GET /x?a=b HTTP/1.1\r\n${host}X-A: 1\r\n\r\n`,
  'an empty line before a GET': `\r\nGET /x HTTP/1.1\r\n${host}\r\n`,
  'a GET that closes': `GET /x HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  'two GETs': `GET /1 HTTP/1.1\r\n${host}\r\nGET /2 HTTP/1.1\r\n${host}\r\n`,
  'HTTP/1.0': `GET /x HTTP/1.0\r\n${host}\r\n`,
  'a HEAD and a GET': `HEAD /mock HTTP/1.1\r\n${host}\r\nGET /x HTTP/1.1\r\n${host}\r\n`,
  'a length': post('Content-Length: 10\r\n', '0123456789'),
  'a length of nothing': post('Content-Length: 0\r\n', ''),
  'a length and a GET': `${post('Content-Length: 3\r\n', 'abc')}\r\nGET /2 HTTP/1.1\r\n${host}\r\n`,
  'chunks': chunked('3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n'),
  'chunks with all there can be': chunked('3;a=b;c="d"\r\nabc\r\n00000001;e\r\nd\r\n000;f\r\nX-T: 1\r\nX-U: 2\r\n\r\n'),
  'chunks and a GET': `${chunked('1\r\na\r\n0\r\n\r\n')}GET /2 HTTP/1.1\r\n${host}\r\n`,
  'a refusal and a GET': `GET /x HTTP/1.1\r\nHost: unknown\r\n\r\nGET /2 HTTP/1.1\r\n${host}\r\n`,
  'white space around values': `GET /x HTTP/1.1\r\nHost:   ${hostName} \t \r\nX-A:\t a b \r\nX-B:\r\nX-C: \r\n\r\n`,
  'bad: a space before the colon': `GET /x HTTP/1.1\r\n${host}X-A : 1\r\n\r\n`,
  'bad: a folded line': `GET /x HTTP/1.1\r\n${host}X-A: 1\r\n 2\r\n\r\n`,
  'bad: a bare LF': `GET /x HTTP/1.1\n${host}\r\n`,
  'bad: a bare CR': `GET /x HTTP/1.1\r\n${host}X-A: 1\r2\r\n\r\n`,
  'bad: a version': `GET /x HTTP/1.2\r\n${host}\r\n`,
  'bad: two lengths': post('Content-Length: 1\r\nContent-Length: 1\r\n', 'a'),
  'bad: length and chunks': post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'bad: dot segments': `GET /a/../../b HTTP/1.1\r\n${host}\r\nGET /2 HTTP/1.1\r\n${host}\r\n`,
  'bad: a GET behind a good one': `GET /x HTTP/1.1\r\n${host}\r\nGET  /2 HTTP/1.1\r\n${host}\r\n`,
  'bad: a chunk size': chunked('3\r\nabc\r\nx\r\n\r\n'),
  'bad: a chunk': chunked('3\r\nabcd\r\n0\r\n\r\n'),
  'bad: a trailer': chunked('3\r\nabc\r\n0\r\nX T: 1\r\n\r\n'),
  'bad: an announced body too large': post('Content-Length: 99999999\r\n', 'abc'),
}

interface Outcome {
  readonly responses: unknown[]
  /** For each response what the backend got of its request, when it got it whole. */
  readonly forwarded: unknown[]
  readonly ended: boolean
}

function withoutIds({ fields, start, body }: Message): unknown {
  const kept = fields.filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return { start, fields: kept, body: body.toString('latin1').replace(/"request_id":"[0-9a-f]{32}"/, '') }
}

const inParallel = 24

/** So many at a time: most of the time of each is waiting for the other side to read. */
async function each<T>(all: readonly T[], one: (item: T) => Promise<void>): Promise<void> {
  const rest = all.entries()
  await Promise.all(
    Array.from({ length: inParallel }, async () => {
      for (const [, item] of rest) await one(item)
    }),
  )
}

/** The whole; cut in two at every offset; and byte by byte. */
function cuts(text: string): string[][] {
  const pairs = Array.from({ length: text.length - 1 }, (_, i) => [text.slice(0, i + 1), text.slice(i + 1)])
  return [...pairs, [...text]]
}

suite('a message cut into pieces', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    const mock = route(mockBackend('made here'), { path: '/mock', matchMode: 'NORMAL' })
    stand = await Stand.open({ snapshot: snapshotOf([route(httpBackend(recorder.port)), mock]) })
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  async function say(text: string, pieces: readonly string[], expected?: Outcome): Promise<Outcome> {
    const methods = [...text.matchAll(/([A-Z]+) \S+ HTTP/g)].map(match => match[1]!)
    const client = await RawClient.open(stand.port)
    await client.writePieces(pieces)
    if (expected === undefined) await new Promise(resolve => setTimeout(resolve, 60))
    else if (expected.ended) await client.untilOver()
    else await client.responses(expected.responses.length, methods)
    await aMoment()
    const { messages, incomplete } = client.read(methods)
    assert.equal(incomplete, false)
    client.destroy()
    return { responses: messages.map(withoutIds), forwarded: messages.map(forwarded), ended: client.ended }
  }

  function forwarded(response: Response): unknown {
    const id = valueOf(response, 'x-request-id')
    const request = recorder.requests.find(request => valueOf(request, 'x-request-id') === id)
    return request && withoutIds(request)
  }

  for (const [name, text] of Object.entries(requests)) {
    test(`${name}: the same at every offset, and byte by byte`, async () => {
      recorder.clear()
      const expected = await say(text, [text])
      assert.notEqual(expected.responses.length, 0)
      assert.equal(
        expected.responses.some(response => /^HTTP\/1.1 (400|413)/.test((response as Message).start)),
        name.startsWith('bad'),
      )
      await each(cuts(text), async pieces => {
        const at = pieces.length === 2 ? `cut at ${pieces[0]!.length}` : 'byte by byte'
        assert.deepEqual(await say(text, pieces, expected), expected, at)
      })
    })
  }
})

const fine = 'HTTP/1.1 200 OK\r\n'

/** What backends answer. */
const responses: Record<string, string> = {
  'a length': `${fine}Content-Length: 5\r\nX-A: 1\r\n\r\nhello`,
  'no reason': 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok',
  'no body': 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
  'chunks': `${fine}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n02;a="b"\r\nde\r\n0\r\nX-T: 1\r\n\r\n`,
  'the end': `${fine}X-A: 1\r\n\r\nuntil the end`,
  'the end in HTTP/1.0': 'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  'an interim response': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX-A: 1\r\n\r\n${fine}Content-Length: 2\r\n\r\nok`,
  'bad: not HTTP': 'SSH-2.0-OpenSSH\r\n\r\n',
  'bad: a folded line': `${fine}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`,
  'bad: two lengths': `${fine}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`,
  'bad: length and chunks': `${fine}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'bad: a chunk size': `${fine}Transfer-Encoding: chunked\r\n\r\nx\r\nabc\r\n0\r\n\r\n`,
  'bad: a length that is too long': `${fine}Content-Length: 9\r\n\r\nshort`,
}
const named = Object.entries(responses)

suite('a response cut into pieces', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start({
      // The request says which response is asked for, and how it is to be cut.
      request: async ({ socket }, { start }) => {
        const [, which, cut] = /\/(\d+)\/(\d+) /.exec(start)!
        const [name, text] = named[Number(which)]!
        const pieces = cut === '0' ? [...text] : [text.slice(0, Number(cut)), text.slice(Number(cut))]
        for (const piece of pieces) {
          if (piece !== '' && !socket.destroyed) socket.write(piece)
          await aMoment()
        }
        // The others leave the connection open, and it is used again.
        if (/^(the end|bad)/.test(name)) socket.end()
      },
    })
    stand = await Stand.open({ snapshot: snapshotOf([route(httpBackend(recorder.port))]) })
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  async function ask(which: number, cut: number, version: string): Promise<unknown> {
    const client = await RawClient.open(stand.port)
    client.write(`GET /${which}/${cut} HTTP/${version}\r\n${host}Connection: close\r\n\r\n`)
    await client.untilOver()
    const { messages, incomplete } = client.read()
    client.destroy()
    // Of a response that breaks off there may be more or less; that it is incomplete is what counts.
    return { responses: messages.map(withoutIds), incomplete }
  }

  for (const [which, [name, text]] of named.entries()) {
    for (const version of ['1.1', '1.0']) {
      // To HTTP/1.0 the end of the connection is the end of the response: a broken one cannot be told from a whole one.
      if (version === '1.0' && name === 'bad: a chunk size') continue
      test(`${name}, for HTTP/${version}: the same at every offset, and byte by byte`, async () => {
        const expected = (await ask(which, text.length, version)) as { responses: Message[]; incomplete: boolean }
        const good = expected.responses[0]?.start.startsWith('HTTP/1.1 2') === true
        assert.equal(good, !name.startsWith('bad'))
        await each(
          [...text].map((_, cut) => cut),
          async cut => {
            assert.deepEqual(await ask(which, cut, version), expected, cut === 0 ? 'byte by byte' : `cut at ${cut}`)
          },
        )
      })
    }
  }
})
