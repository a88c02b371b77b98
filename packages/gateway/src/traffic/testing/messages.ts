/** A message as a test reads it: everything that has a meaning, nothing of how it was cut into pieces. */
export interface Message {
  /** The first line, without its end. */
  readonly start: string
  /** Names in lower case, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
}

export interface Response extends Message {
  readonly status: number
}

/** What was read, where the reading stopped, and whether a message is unfinished there. */
export interface Read<M> {
  readonly messages: readonly M[]
  readonly end: number
  readonly incomplete: boolean
}

const field = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

interface Head {
  readonly start: string
  readonly fields: (readonly [string, string])[]
  readonly end: number
}

function readHead(bytes: Buffer, at: number): Head | undefined {
  const stop = bytes.indexOf('\r\n\r\n', at, 'latin1')
  if (stop === -1) return undefined
  const [start = '', ...lines] = bytes.toString('latin1', at, stop).split('\r\n')
  const fields = lines.map(line => {
    const match = field.exec(line)
    if (match === null) throw new Error(`not a header line: ${JSON.stringify(line)}`)
    return [match[1]!.toLowerCase(), match[2]!] as const
  })
  return { start, fields, end: stop + 4 }
}

export function valueOf({ fields }: Pick<Message, 'fields'>, name: string): string | undefined {
  const found = fields.filter(([other]) => other === name)
  if (found.length > 1) throw new Error(`more than one ${name}`)
  return found[0]?.[1]
}

function readChunks(bytes: Buffer, at: number): { body: Buffer; end: number } | undefined {
  const pieces: Buffer[] = []
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1')
    if (lineEnd === -1) return undefined
    const line = bytes.toString('latin1', at, lineEnd)
    // The gateway writes neither extensions nor trailers.
    if (!/^[0-9a-f]{1,8}$/.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    const end = lineEnd + 2 + size
    if (bytes.length < end + 2) return undefined
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new Error('a chunk does not end where it should')
    if (size === 0) return { body: Buffer.concat(pieces), end: end + 2 }
    pieces.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
  }
}

function readBody(head: Head, bytes: Buffer, none: boolean, untilClose: boolean, closed: boolean) {
  const { fields, end } = head
  const length = valueOf({ fields }, 'content-length')
  const encoding = valueOf({ fields }, 'transfer-encoding')
  if (length !== undefined && encoding !== undefined) throw new Error('both a length and a transfer encoding')
  if (none) return { body: Buffer.alloc(0), end, framing: 'none' as const }
  if (encoding !== undefined) {
    if (encoding !== 'chunked') throw new Error(`transfer encoding ${encoding}`)
    const read = readChunks(bytes, end)
    return read && { ...read, framing: 'chunked' as const }
  }
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) throw new Error(`length ${length}`)
    const stop = end + Number(length)
    return bytes.length < stop ? undefined : { body: bytes.subarray(end, stop), end: stop, framing: 'length' as const }
  }
  if (!untilClose) return { body: Buffer.alloc(0), end, framing: 'none' as const }
  return closed ? { body: bytes.subarray(end), end: bytes.length, framing: 'close' as const } : undefined
}

/**
 * Reads responses as strictly as it can: what is not exactly right throws.
 * @param methods those of the requests, in order; what lies beyond the list counts as GET
 * @param closed no more bytes will come
 */
export function readResponses(bytes: Buffer, methods: readonly string[] = [], closed = false): Read<Response> {
  const messages: Response[] = []
  let at = 0
  let answered = 0
  while (at < bytes.length) {
    const head = readHead(bytes, at)
    if (head === undefined) break
    const match = /^HTTP\/1\.1 (\d{3}) [\t\x20-\x7e\x80-\xff]*$/.exec(head.start)
    if (match === null) throw new Error(`not a status line: ${JSON.stringify(head.start)}`)
    const status = Number(match[1])
    const none = status < 200 || status === 204 || status === 304 || methods[answered] === 'HEAD'
    const read = readBody(head, bytes, none, true, closed)
    if (read === undefined) break
    if (status >= 200) answered++
    messages.push({ start: head.start, fields: head.fields, status, body: read.body, framing: read.framing })
    at = read.end
  }
  return { messages, end: at, incomplete: at < bytes.length }
}

/** Reads what the gateway sent to a backend, as strictly. */
export function readRequests(bytes: Buffer): Read<Message> {
  const messages: Message[] = []
  let at = 0
  while (at < bytes.length) {
    const head = readHead(bytes, at)
    if (head === undefined) break
    if (!/^[A-Z]+ [\x21-\x7e]+ HTTP\/1\.1$/.test(head.start)) throw new Error(`not a request line: ${head.start}`)
    const read = readBody(head, bytes, false, false, false)
    if (read === undefined) break
    messages.push({ start: head.start, fields: head.fields, body: read.body, framing: read.framing })
    at = read.end
  }
  return { messages, end: at, incomplete: at < bytes.length }
}
