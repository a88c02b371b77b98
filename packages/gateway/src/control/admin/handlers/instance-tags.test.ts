import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { assertNothingStored, openForTests, type Gateway } from '../open-for-tests.ts'

let gateway: Gateway
let other: string
before(async () => {
  gateway = await openForTests()
  const tags = [{ key: 'team', value: 'b' }]
  ;({ instance_id: other } = await gateway.ask('createInstanceV2', { body: { instance_name: 'other', tags } }))
})
after(() => gateway.close())

const act = (action: 'create' | 'delete', ...tags: { key: string; value?: string }[]) =>
  gateway.ask('batchCreateOrDeleteInstanceTags', { body: { action, tags } })
const tags = async () => (await gateway.ask('listInstanceTags')).tags

test('tags are given, replaced by their key, and taken away', async () => {
  await act('create', { key: 'team', value: 'a' }, { key: 'stage', value: 'test' })
  await act('create', { key: 'team', value: 'c' }, { key: 'empty' })
  assert.deepEqual(await tags(), [
    { key: 'team', value: 'c' },
    { key: 'stage', value: 'test' },
    { key: 'empty', value: '' },
  ])
  assert.deepEqual((await gateway.ask('listProjectInstanceTags')).tags, [
    { key: 'empty', values: [''] },
    { key: 'stage', values: ['test'] },
    { key: 'team', values: ['b', 'c'] },
  ])
  await act('delete', { key: 'empty' }, { key: 'stage' }, { key: 'unknown' })
  assert.deepEqual(await tags(), [{ key: 'team', value: 'c' }])
})

const questions: [question: object, found: readonly string[]][] = [
  [{}, ['other', 'pailou']],
  [{ tags: [{ key: 'team' }] }, ['other', 'pailou']],
  [{ tags: [{ key: 'team', values: ['b', 'x'] }] }, ['other']],
  [{ tags: [{ key: 'team', values: ['b'] }, { key: 'more' }] }, []],
  [{ matches: [{ key: 'resource_name', value: 'PAI' }] }, ['pailou']],
  [{ without_any_tag: true, tags: [{ key: 'team' }] }, ['bare']],
]
for (const [question, names] of questions) {
  test(`instances are found by ${JSON.stringify(question)}`, async () => {
    if (names.includes('bare')) await gateway.ask('createInstanceV2', { body: { instance_name: 'bare' } })
    const { resources, total_count } = await gateway.ask('listInstancesByTags', { body: question })
    assert.deepEqual(resources.map(({ resource_name }) => resource_name).toSorted(), names)
    assert.equal(total_count, names.length)
    assert.equal((await gateway.ask('showInstancesNumByTags', { body: question })).total_count, names.length)
  })
}

test('a list of instances comes in pages', async () => {
  const all = await gateway.ask('listInstancesByTags', { query: { limit: '1', offset: '1' }, body: {} })
  assert.deepEqual([all.resources.length, all.total_count], [1, 3])
  assert.ok(other)
})

const refusals: [what: string, body: object, code: string][] = [
  ['an unknown action', { action: 'replace', tags: [{ key: 'a' }] }, 'APIG.2004'],
  ['no tag', { action: 'create', tags: [] }, 'APIG.2011'],
  ['a key that begins with a space', { action: 'create', tags: [{ key: ' a' }] }, 'APIG.2011'],
  ['a key of 129', { action: 'create', tags: [{ key: 'a'.repeat(129) }] }, 'APIG.2011'],
  ['a value with a comma', { action: 'create', tags: [{ key: 'a', value: 'b,c' }] }, 'APIG.2011'],
]
for (const [what, body, code] of refusals) {
  test(`${what} is refused`, () =>
    assertNothingStored(gateway, { status: 400, code }, () => gateway.inside('POST', 'instance-tags/action', { body })))
}

test('an instance has twenty tags and no more', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ key: `k${at}`, value: 'v' }))
  const body = { action: 'create', tags: many }
  await assertNothingStored(gateway, { status: 403, code: 'APIC.7402' }, () =>
    gateway.inside('POST', 'instance-tags/action', { body }),
  )
  await act('create', ...many.slice(1))
  assert.equal((await tags()).length, 20)
})
