import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { PolicyPlan } from '../../seam/plans.ts'
import type { WordedResponses } from '../../seam/responses.ts'
import type { App, Host, Snapshot } from '../../seam/snapshot.ts'
import { valueOf, type Response } from '../testing/messages.ts'
import { exchange } from '../testing/raw-client.ts'
import { groupId, hostName, httpBackend, mockBackend, route } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

const said = (text: string, more: object = {}) => ({ body: text, headers: [], ...more })

/** What the group says where no API of its own has a say. */
const ofGroup: WordedResponses = {
  NOT_FOUND: said('not found: $context.reqMethod $context.reqUri in [$context.stage] of [$context.apiName]'),
  REQUEST_PARAMETERS_FAILURE: said('parameters'),
}
/** What the APIs say. */
const ofApi: WordedResponses = {
  AUTH_HEADER_MISSING: said('{"type":"$context.error.type"}', { status: 200 }),
  AUTH_FAILURE: said('{"code":"$context.error.code","id":"$context.requestId"}'),
  UNAUTHORIZED: said('{"app":"$context.appName $context.appId"}'),
  ACCESS_DENIED: said('from $context.sourceIp', { headers: [{ key: 'Content-Type', value: 'text/html' }] }),
  BACKEND_UNAVAILABLE: said('down', { status: 204 }),
  DEFAULT_4XX: said('any other: $context.error.message'),
}

const app: App = {
  id: 'app-1',
  name: 'say "一"',
  key: 'key',
  secret: { secret: 'planted-secret' },
  codes: [{ secret: 'planted-code' }],
}
const asks: PolicyPlan[] = [
  { kind: 'app-code', settings: {} },
  { kind: 'app-authorization', settings: { appIds: [] } },
]
const closed: PolicyPlan = {
  kind: 'ip-acl',
  settings: { id: 'list', name: 'list', type: 'DENY', entries: ['127.0.0.1'] },
}

suite('the words of an API group', { concurrency: 1 }, () => {
  let stand: Stand

  before(async () => {
    const host = (name: string, more: Partial<Host> = {}): Host => ({ name, groupId, kind: 'independent', ...more })
    const at = (path: string, backend = mockBackend(), policies: PolicyPlan[] = [], responses?: WordedResponses) =>
      route(backend, { path, matchMode: 'NORMAL', ...(responses === undefined ? {} : { responses }) }, policies)
    const headers = [
      { key: 'X-Path', value: 'ˆ[$context.reqPath]č' },
      { key: 'X-App', value: '$context.appId' },
    ]
    const snapshot: Snapshot = {
      revision: 1,
      hosts: [
        host(hostName, { responses: ofGroup }),
        host('empty.test', { groupId: 'e'.repeat(32), responses: { NOT_FOUND: said('nothing here') } }),
      ],
      routes: [
        at('/asks', mockBackend(), asks, ofApi),
        at('/closed', mockBackend(), [closed], ofApi),
        at('/down', httpBackend(1), [], ofApi),
        at('/secure', mockBackend(), [{ kind: 'protocol', settings: { allowed: 'HTTPS' } }], ofApi),
        at('/plain', mockBackend(), [closed]),
        at('/{name}', mockBackend(), [closed], { ACCESS_DENIED: said('{"path":"$context.reqPath"}', { headers }) }),
        at('/reset', mockBackend(), [closed], { ACCESS_DENIED: said('no', { status: 205 }) }),
        at('/posted', httpBackend(1), [], { DEFAULT_4XX: said('worded'), DEFAULT_5XX: said('worded') }),
      ],
      apps: [app],
    }
    stand = await Stand.open({ snapshot, tls: true })
  })
  beforeEach(() => void (stand.records.length = 0))
  after(() => stand.close())

  const cases: [what: string, request: string, lines: string, outcome: string, row: string][] = [
    ['a path that nobody serves', 'GET /a/b?c=d', '', '404 not found: GET /a/b?c=d in [] of []', '0101'],
    ['an X-Stage that is none', 'GET /asks', 'X-Stage: 1\r\n', '400 parameters', '0602'],
    ['a group that has nothing published', 'GET /', 'Host: empty.test\r\n', '404 nothing here', '0101'],
    [
      'a credential that is missing, with a status of its own',
      'GET /asks',
      '',
      '200 {"type":"AUTH_HEADER_MISSING"}',
      '0303',
    ],
    [
      'an app that is not authorised',
      'GET /asks',
      'X-Apig-AppCode: planted-code\r\n',
      '403 {"app":"say \\"一\\" app-1"}',
      '0304',
    ],
    ['an address that is refused', 'GET /closed', '', '403 from 127.0.0.1', '0402'],
    ['a backend that is down, with a status that has no body', 'GET /down', '', '204 ', '0201/503'],
    ['an address that is refused, with a status whose body is empty', 'GET /reset', '', '205 ', '0402'],
    ['HEAD, with the length alone', 'HEAD /closed', '', '403 ', '0402'],
  ]
  for (const [what, request, lines, outcome, row] of cases) {
    test(`say it of ${what}`, async () => {
      const host = lines.startsWith('Host') ? '' : `Host: ${hostName}\r\n`
      const [method = ''] = request.split(' ')
      const bytes = `${request} HTTP/1.1\r\n${host}${lines}\r\n`
      const [response] = await exchange(stand.tlsPort, bytes, { tls: true, methods: [method] })
      assert.equal(`${response!.status} ${response!.body.toString()}`, outcome)
      assert.match(valueOf(response!, 'x-request-id') ?? '', /^[0-9a-f]{32}$/)
      assert.equal(valueOf(response!, 'server'), 'api-gateway')
      const length = method === 'HEAD' ? String('from 127.0.0.1'.length) : String(response!.body.length)
      assert.equal(valueOf(response!, 'content-length'), response!.status === 204 ? undefined : length)
      const [record] = stand.records
      assert.deepEqual([record!.row, record!.requestId], [row, valueOf(response!, 'x-request-id')])
      assert.equal(JSON.stringify([record, response]).includes('planted'), false)
    })
  }

  const call = async (target: string, lines = '', tls = false): Promise<Response> => {
    const bytes = `GET ${target} HTTP/1.1\r\nHost: ${hostName}\r\n${lines}\r\n`
    return (await exchange(tls ? stand.tlsPort : stand.port, bytes, { tls }))[0]!
  }

  test('hold for credentials that are wrong, with the request id in them', async () => {
    const response = await call('/asks', 'X-Apig-AppCode: wrong\r\n', true)
    const id = valueOf(response, 'x-request-id')
    assert.deepEqual(JSON.parse(response.body.toString()), { code: 'APIG.0303', id })
    assert.equal(valueOf(response, 'content-type'), 'application/json')
  })

  test('stand under DEFAULT_4XX for what has none of its own, with the whole message', async () => {
    const response = await call('/secure')
    assert.equal(response.status, 400)
    assert.equal(response.body.toString(), 'any other: Unsupported protocol. Supported protocol: HTTPS')
    assert.equal(valueOf(response, 'content-type'), 'text/plain; charset=utf-8')
  })

  test('may name their content type', async () => {
    assert.equal(valueOf(await call('/closed'), 'content-type'), 'text/html')
  })

  test('are not those of the group where an API has none', async () => {
    const response = await call('/plain')
    assert.deepEqual([response.status, JSON.parse(response.body.toString()).error_code], [403, 'APIG.0402'])
  })

  test('are not asked for hosts that lead to no group', async () => {
    const [response] = await exchange(stand.port, 'GET / HTTP/1.1\r\nHost: unknown.test\r\n\r\n')
    assert.equal(JSON.parse(response!.body.toString()).error_code, 'APIG.0101')
  })

  test('are not asked for what is no HTTP, even where the API is known', async () => {
    for (const broken of [
      'GET /posted\r\n\r\n',
      `POST /posted HTTP/1.1\r\nHost: ${hostName}\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n`,
    ]) {
      const [response] = await exchange(stand.port, broken)
      assert.deepEqual([response!.status, JSON.parse(response!.body.toString()).error_code], [400, 'APIG.0201'], broken)
    }
  })

  test("let no caller's value end a line, end a text or begin a tag", async () => {
    const response = await call('/%22%3Cb%3E%0D%0AX-Evil:%20%E4%B8%AD%C4%8D')
    const path = '/"<b>\r\nX-Evil: 中č'
    assert.deepEqual(JSON.parse(response.body.toString()), { path })
    assert.equal(response.body.includes('<'), false)
    assert.equal(valueOf(response, 'x-evil'), undefined)
    assert.equal(Buffer.from(valueOf(response, 'x-path')!, 'latin1').toString(), 'ˆ[/"<b>X-Evil: 中č]č')
    assert.equal(valueOf(response, 'x-app'), '')
  })
})
