import assert from 'node:assert/strict'
import { apiBody, mock, releaseId, type Admin } from './admin.ts'
import type { Program } from './program.ts'

/** What the admin API has acknowledged of one API. */
export interface Acknowledged {
  readonly id: string
  readonly path: string
  /** The text of the last version whose publication was acknowledged. */
  content?: string
  /** Of the next one, which may have been stored although its answer was lost. */
  attempted?: string
}

/** Creates and publishes one API after the other, each twice, until the program is no more. */
export async function writeOn(
  admin: Admin,
  groupId: string,
  name: string,
  acknowledged: Acknowledged[],
): Promise<void> {
  for (let number = 0; ; number++) {
    const path = `/${name}/${number}`
    const definition = (content: string) =>
      apiBody(groupId, { name: `${name}_${number}`, req_uri: path, ...mock(content) })
    const { id } = await admin.make('POST', 'apis', definition('one'))
    const api: Acknowledged = { id, path }
    acknowledged.push(api)
    for (const content of ['one', 'two']) {
      api.attempted = content
      if (content === 'two') await admin.make('PUT', `apis/${id}`, definition(content))
      await admin.publish(id)
      api.content = content
    }
  }
}

/** Every acknowledged API is there, serves what was acknowledged or the next, and no publication stands by half. */
export async function assertWhole(
  program: Program,
  domain: string,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const { admin } = program
  for (const { id, path, content, attempted } of acknowledged) {
    const draft = await admin.inside('GET', `apis/${id}`)
    assert.equal(draft.status, 200, `${path} was acknowledged: ${draft.text}`)
    const { api_versions: versions } = await admin.make('GET', `apis/publish/${id}`)
    const published = draft.json.run_env_id === releaseId
    const serving = versions.filter(({ status }: { status: number }) => status === 1)
    assert.equal(serving.length, published ? 1 : 0, `${path}: ${JSON.stringify(versions)}`)
    assert.equal(draft.json.publish_id === '', !published)
    const answer = await program.call(domain, path)
    assert.equal(answer.status, published ? 200 : 404)
    if (content !== undefined) assert.ok(published, `the publication of ${path} was acknowledged`)
    if (published) assert.ok([content, attempted].includes(answer.text), `${path} answers ${answer.text}`)
  }
}

/** Nothing but the kill ends a writer: no refusal, no server error. */
export function assertKilled(ends: readonly PromiseSettledResult<void>[]): void {
  for (const end of ends) {
    const code: unknown = end.status === 'rejected' && end.reason.code
    assert.match(String(code), /^(ECONNREFUSED|ECONNRESET|EPIPE)$/, JSON.stringify(end))
  }
}
