import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCall } from './open-call.ts'

const printed: [name: string, text: string, url: string | undefined, host?: string][] = [
  [
    'a bare address',
    'open  http://g1.apig.localhost:8000/hello',
    'http://g1.apig.localhost:8000/hello',
    'g1.apig.localhost:8000',
  ],
  ['a curl line with a Host', `  curl http://127.0.0.1:1/hello -H 'Host: g.x'`, 'http://127.0.0.1:1/hello', 'g.x'],
  ['colours', '\u001b[1mhttp://a:1/hello\u001b[0m', 'http://a:1/hello', 'a:1'],
  ['another API first', 'http://a:1/code\nhttp://a:1/hello', 'http://a:1/hello', 'a:1'],
  ['a line that is not complete yet', 'starting http://a:1/hel', undefined],
  ['something else', 'http://a:1/hello/world http://a:1/helloes', undefined],
]
for (const [name, text, url, host] of printed) {
  test(`${url ? 'finds' : 'does not find'} the open API in ${name}`, () => {
    const call = openCall(text)
    assert.equal(call?.url.href, url)
    assert.equal(call?.host, host)
  })
}
