import type { Random } from './random.ts'

/** Messages that are nearly right: the grammar of HTTP/1.1 with what people have tried on parsers mixed in. */
export function generate(random: Random): Buffer {
  const count = random.pick([1, 1, 1, 2, 2, 3])
  let text = ''
  for (let i = 0; i < count; i++) text += request(random)
  return Buffer.from(text, 'latin1')
}

const methods = ['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']
const oddMethods = ['get', 'CONNECT', 'TRACE', 'PRI', 'QUERY', 'FOO', 'G\tET', '', 'GET ', 'M-SEARCH', 'PROPFIND']
const targets = [
  '/',
  '/x',
  '/a/b?c=d',
  '/%41',
  '/a%2Fb',
  '/a/./b/../c',
  '*',
  'http://h/x',
  'http://h',
  'https://h:80/?q',
  '/?',
  '//x',
  '/a;b=c',
  "/!$&'()*+,;=:@",
]
const oddTargets = [
  '',
  'x',
  '/..',
  '/%zz',
  '/%00',
  '/a b',
  '/#',
  '/\xe9',
  '/\x7f',
  '/\0',
  'h:80',
  'http://u@h/',
  'ftp://h/',
  '/"<>',
  '/[]{}|\\^`',
]
const versions = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0']
const oddVersions = [
  'HTTP/1.2',
  'HTTP/0.9',
  'HTTP/2.0',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/1.',
  'HTTP/01.1',
  'ICE/1.1',
  'RTSP/1.0',
  '',
]
const ends = [
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  '\r\r\n',
  '\n\r',
  '\r\n ',
  '\0\r\n',
]
const names = [
  'X-A',
  'x-b',
  'Accept',
  'Cookie',
  'Via',
  "!#$%&'*+-.^_`|~09",
  'Content-Type',
  'Keep-Alive',
  'TE',
  'Trailer',
  'Proxy-Connection',
  'Upgrade',
  'Expect',
  'Content-Length-',
  'Hos',
  'Date',
]
const oddNames = ['', 'X A', 'X-A ', 'X\tA', ' X-A', '\tX', 'X(A)', 'X\xe9', 'X\0', 'X:', 'Content\rLength']
const values = ['', 'a', 'a b', '  a\t', '"q"', '\xe9\xff', 'a, b', '100-continue', 'websocket', 'timeout=5', ',', '\t']
const oddValues = ['a\0', 'a\x01', 'a\x7f', 'a\rb', 'a\nb', 'a\r\n b', '\x0b', '\r']
const lengths = ['0', '1', '3', '5', '10', '00', '03', '3']
const oddLengths = [
  '',
  ' ',
  '+3',
  '-3',
  '3,3',
  '3, 3',
  '0x3',
  '3 3',
  '3.0',
  '3e0',
  '18446744073709551619',
  '9999999999999999',
  '3;',
  '٣',
  '\x0b3',
  '3\t',
]
const encodings = ['chunked', 'chunked', 'Chunked', 'CHUNKED', ' chunked ']
const oddEncodings = [
  '',
  'gzip',
  'identity',
  'gzip, chunked',
  'chunked, gzip',
  'chunked,',
  ',chunked',
  'chunked, chunked',
  'chunked;q=1',
  'xchunked',
  '\x0bchunked',
  'chun ked',
  '"chunked"',
  'chunked\t',
]
const connections = [
  'close',
  'keep-alive',
  'Keep-Alive, x-a',
  'upgrade',
  'x-a',
  'close, x-a',
  'Host',
  'content-length',
  '',
  'TE',
]

/** Mostly something right; now and then something odd. */
function either(random: Random, right: readonly string[], odd: readonly string[]): string {
  return random.chance(0.04) ? random.pick(odd) : random.pick(right)
}

function colon(random: Random): string {
  return random.chance(0.02)
    ? random.pick([' :', '\t:', '', '::', ' : '])
    : random.pick([': ', ': ', ':', ':\t ', ':  '])
}

function field(random: Random, name: string, value: string): string {
  return name + colon(random) + value + (random.chance(0.1) ? random.pick([' ', '\t', ' \t']) : '') + end(random)
}

function end(random: Random): string {
  return random.chance(0.03) ? random.pick(ends) : '\r\n'
}

function request(random: Random): string {
  const lines: string[] = []
  if (!random.chance(0.03))
    lines.push(
      field(random, random.pick(['Host', 'host', 'HOST']), random.pick(['h', 'h', 'h', 'h:80', '[::1]', 'a b', ''])),
    )
  for (let i = random.below(4); i > 0; i--) {
    lines.push(field(random, either(random, names, oddNames), either(random, values, oddValues)))
  }
  if (random.chance(0.15)) lines.push(field(random, 'Connection', random.pick(connections)))
  let body = ''
  if (random.chance(0.3)) {
    const length = either(random, lengths, oddLengths)
    lines.push(field(random, random.pick(['Content-Length', 'content-length']), length))
    if (random.chance(0.05)) lines.push(field(random, 'Content-Length', random.pick([length, ...lengths])))
    body = 'abcdefghijklmnop'.slice(0, Number.parseInt(length, 10) || 0)
  }
  if (random.chance(body === '' ? 0.35 : 0.05)) {
    lines.push(
      field(random, random.pick(['Transfer-Encoding', 'transfer-encoding']), either(random, encodings, oddEncodings)),
    )
    if (random.chance(0.05)) lines.push(field(random, 'Transfer-Encoding', random.pick(encodings)))
    body = chunks(random)
  }
  for (let i = lines.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[lines[i], lines[j]] = [lines[j]!, lines[i]!]
  }
  const space = () => (random.chance(0.02) ? random.pick(['  ', '\t', '', ' \t']) : ' ')
  const start =
    either(random, methods, oddMethods) +
    space() +
    either(random, targets, oddTargets) +
    space() +
    either(random, versions, oddVersions)
  const before = random.chance(0.04) ? random.pick(['\r\n', '\n', '\r\n\r\n', ' ', '\r']) : ''
  return before + start + end(random) + lines.join('') + end(random) + body
}

function chunks(random: Random): string {
  let text = ''
  for (let i = random.below(3); i > 0; i--) {
    const data = 'abcdefghijklmnop'.slice(0, 1 + random.below(15))
    const size = random.pick([
      data.length.toString(16),
      data.length.toString(16).toUpperCase(),
      `0${data.length.toString(16)}`,
    ])
    const odd = random.pick(['', 'x', '+1', '-1', ' 1', '1 ', '0x1', '1\t', 'fffffffff', '100000001', '00000000001'])
    text += (random.chance(0.03) ? odd : size) + extension(random) + end(random) + data + end(random)
  }
  text += random.pick(['0', '0', '0', '00', '000']) + extension(random) + end(random)
  for (let i = random.chance(0.2) ? 1 + random.below(2) : 0; i > 0; i--) {
    text += field(
      random,
      either(random, [...names, 'Content-Length', 'Host'], oddNames),
      either(random, values, oddValues),
    )
  }
  return text + end(random)
}

const extensions = [
  ';a',
  ';a=b',
  ';a="b c"',
  ';a=b;c=d',
  '; a',
  ';a = b',
  ';a="b\\"c"',
  ';',
  ';=',
  ';;',
  ';a=',
  ';a="',
  ';\xe9',
  ';a\0',
  ';a\n',
  ' ;a',
  ';a b',
  ';a"b"',
  ';a=b"c',
  ';(a)',
  ';"a"',
  ';a=\t',
]

function extension(random: Random): string {
  return random.chance(0.12) ? random.pick(extensions) : ''
}

const bites = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0',
  '1',
  'a',
  '\x7f',
  '\x80',
  '\xff',
  '\r\n\r\n',
  '\x0b',
  '\x0c',
  '%',
  '#',
  '"',
  '=',
  '-',
  '+',
  '_',
  'HTTP/1.1',
  'chunked',
]

/** A few bytes changed, added, left out or doubled. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let text = bytes.toString('latin1')
  for (let i = 1 + random.below(3); i > 0; i--) {
    const at = random.below(text.length + 1)
    const length = random.pick([0, 1, 1, 2, 5])
    const kind = random.below(4)
    if (kind === 0) text = text.slice(0, at) + random.pick(bites) + text.slice(at)
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + length)
    else if (kind === 2) text = text.slice(0, at) + random.pick(bites) + text.slice(at + 1)
    else {
      // A whole line twice, or a piece of one.
      const lineEnd = text.indexOf('\n', at) + 1
      const piece =
        lineEnd > 0 && random.chance(0.5)
          ? text.slice(text.lastIndexOf('\n', at - 1) + 1, lineEnd)
          : text.slice(at, at + 10)
      text = text.slice(0, at) + piece + text.slice(at)
    }
  }
  return Buffer.from(text, 'latin1')
}
