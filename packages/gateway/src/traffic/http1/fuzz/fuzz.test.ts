import assert from 'node:assert/strict'
import { test } from 'node:test'
import { campaign } from './campaign.ts'
import { disagreement } from './compare.ts'
import { readCorpus } from './corpus.ts'
import { Oracle } from './oracle.ts'
import { read } from './ours.ts'

const corpus = readCorpus()
const sentinel = Buffer.from('GET /sentinel HTTP/1.1\r\nHost: s\r\n\r\n')

test('the corpus is there', () => assert.ok(corpus.size >= 60))

for (const [name, bytes] of corpus) {
  test(`${name} means the same to Node, wherever it is cut, and is ${name.startsWith('good') ? 'taken' : 'refused'}`, async () => {
    const oracle = new Oracle()
    for (const message of [bytes, Buffer.concat([bytes, sentinel])]) {
      assert.equal(await disagreement(message, message.length, oracle), undefined)
      const whole = read(message)
      for (let cut = 0; cut < message.length; cut++) assert.deepEqual(read(message, cut), whole, `cut at ${cut}`)
    }
    const { stop } = read(bytes)
    if (name.startsWith('good')) assert.ok(stop === 'end' || stop === 'close', stop)
    else assert.equal(stop, 'refused')
  })
}

test('what generated and mutated messages mean to us they mean to Node', async () => {
  const { tried, accepted, found } = await campaign(20260101, [...corpus.values()], tried => tried < 60_000)
  assert.deepEqual(
    found.map(({ bytes, problem }) => `${JSON.stringify(bytes.toString('latin1'))}: ${problem}`),
    [],
  )
  assert.equal(tried, 60_000)
  assert.ok(accepted > tried / 20, 'enough of them are good')
})

test('another seed is another run, and the same seed the same', async () => {
  const run = async (seed: number) => (await campaign(seed, [], tried => tried < 500)).accepted
  assert.equal(await run(1), await run(1))
  assert.notEqual(await run(1), await run(2))
})
