import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { accessKey, openForTests, secretKey, type Gateway } from './open-for-tests.ts'

interface Client {
  sendRequest(options: object): Promise<Record<string, unknown>>
}
interface Builder {
  withCredential(credential: object): Builder
  withEndpoint(endpoint: string): Builder
  withRegion(region: object): Builder
  build(): Client
}
interface Credentials {
  withAk(ak: string): Credentials
  withSk(sk: string): Credentials
  withProjectId(id: string): Credentials
  withIamEndpoint(endpoint: string): Credentials
}

let gateway: Gateway
let home: string
let core: {
  ClientBuilder: new (init: (client: object) => object) => Builder
  BasicCredentials: new () => Credentials
  Region: new (id: string, endpoints: string[]) => object
}
before(async () => {
  // The client writes a file into the home directory of whoever runs it.
  home = mkdtempSync(join(tmpdir(), 'pailou-home-'))
  process.env['HOME'] = home
  const require = createRequire(import.meta.url)
  core = {
    ...require('@huaweicloud/huaweicloud-sdk-core'),
    ...require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js'),
    ...require('@huaweicloud/huaweicloud-sdk-core/region/region.js'),
  }
  gateway = await openForTests()
})
after(async () => {
  await gateway.close()
  rmSync(home, { recursive: true, force: true })
})

const credentials = () => new core.BasicCredentials().withAk(accessKey).withSk(secretKey)
const builder = () => new core.ClientBuilder(client => client)
const request = (method: string, url: string, data?: unknown) => ({
  method,
  url,
  contentType: 'application/json',
  queryParams: {},
  pathParams: { instance_id: gateway.instanceId },
  headers: {},
  data,
})

test('the official client manages the gateway through its endpoint', async () => {
  const endpoint = `http://127.0.0.1:${gateway.port}`
  const client = builder().withCredential(credentials().withProjectId(gateway.projectId)).withEndpoint(endpoint).build()
  const groups = '/v2/{project_id}/apigw/instances/{instance_id}/api-groups'
  const created = await client.sendRequest(request('POST', groups, { name: 'api_group_001', remark: 'API分组1' }))
  assert.equal(created['httpStatusCode'], 201)
  assert.equal(created['remark'], 'API分组1')
  const deleted = await client.sendRequest(request('DELETE', `${groups}/${String(created['id'])}`))
  assert.equal(deleted['httpStatusCode'], 204)
})

test('the official client finds its project by the name of the region', async () => {
  const endpoint = `http://127.0.0.1:${gateway.port}`
  const client = builder()
    .withCredential(credentials().withIamEndpoint(endpoint))
    .withRegion(new core.Region('pailou-1', [endpoint]))
    .build()
  const { total } = await client.sendRequest(request('GET', '/v2/{project_id}/apigw/instances'))
  assert.equal(total, 1)
})
