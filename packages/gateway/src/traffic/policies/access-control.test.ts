import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { PolicyPlan } from '../../seam/plans.ts'
import type { App } from '../../seam/snapshot.ts'
import { RawClient, exchange } from '../testing/raw-client.ts'
import { Recorder } from '../testing/recorder.ts'
import { hostName, httpBackend, route, snapshotOf } from '../testing/snapshots.ts'
import { Stand } from '../testing/stand.ts'

type Access = Pick<App, 'acl'>['acl']

function app(id: string, more: Partial<App> = {}): App {
  const account = { id: 'id-of-owner', name: 'owner' }
  return {
    id,
    name: `name of ${id}`,
    key: id,
    secret: { secret: id },
    codes: [{ secret: `code-${id}` }],
    account,
    ...more,
  }
}

const permit = (...entries: string[]) => ({ type: 'PERMIT', entries }) as const
const deny = (...entries: string[]) => ({ type: 'DENY', entries }) as const
const list = { id: 'list-1', name: 'a list' }

const byAddress = (access: NonNullable<Access>): PolicyPlan => ({ kind: 'ip-acl', settings: { ...list, ...access } })
const byAccount = (entityType: 'DOMAIN' | 'DOMAIN_ID', access: NonNullable<Access>) =>
  ({ ...list, entityType, ...access }) as const
const byAccounts = (...lists: ReturnType<typeof byAccount>[]): PolicyPlan => ({
  kind: 'account-acl',
  settings: { lists },
})
const appAcl: PolicyPlan = { kind: 'app-acl', settings: {} }

const apps = [
  app('plain'),
  app('here', { acl: permit('127.0.0.0/8') }),
  app('elsewhere', { acl: permit('10.0.0.0/8') }),
  app('banned', { acl: deny('127.0.0.1') }),
  app('stranger', { acl: deny('127.0.0.1') }),
]
const { account: _, ...nobodys } = app('nobodys')

/** Each API with what is bound to it. Where a caller is named it sends its AppCode. */
const cases: [what: string, policies: PolicyPlan[], caller: string, outcome: string, evidence?: object][] = [
  ['an address on the white list passes', [byAddress(permit('127.0.0.1'))], '', '200'],
  ['a block on the white list passes', [byAddress(permit('10.0.0.0/8', '127.0.0.0/8'))], '', '200'],
  ['a range on the white list passes', [byAddress(permit('127.0.0.0-127.0.0.9'))], '', '200'],
  [
    'an address that is not on the white list is refused',
    [byAddress(permit('10.0.0.0/8', '::/0'))],
    '',
    '403 0402',
    {
      check: 'access control by address',
      policy: list,
      address: '127.0.0.1',
      type: 'PERMIT',
      found: 'not on the list',
      entries: ['10.0.0.0/8', '::/0'],
      numberOfEntries: 2,
    },
  ],
  ['an address that is not on the black list passes', [byAddress(deny('10.0.0.0/8', '::1'))], '', '200'],
  [
    'an address on the black list is refused, and the entry is named',
    [byAddress(deny('10.0.0.0/8', '127.0.0.0-127.0.0.2'))],
    '',
    '403 0402',
    {
      check: 'access control by address',
      policy: list,
      address: '127.0.0.1',
      type: 'DENY',
      found: 'on the list',
      entry: '127.0.0.0-127.0.0.2',
    },
  ],
  ['a list of addresses is asked before any credential', [byAddress(deny('127.0.0.1'))], 'unknown', '403 0402'],
  ['who may call from there still needs a credential', [byAddress(permit('127.0.0.1'))], 'unknown', '401 0303'],
  ['an app that may call from here passes', [appAcl], 'here', '200'],
  ['an app without a list of its own passes', [appAcl], 'plain', '200'],
  [
    'an app that may call from elsewhere only is refused',
    [appAcl],
    'elsewhere',
    '403 0402',
    {
      check: "access control of the app's addresses",
      app: { id: 'elsewhere', name: 'name of elsewhere' },
      address: '127.0.0.1',
      type: 'PERMIT',
      found: 'not on the list',
      entries: ['10.0.0.0/8'],
      numberOfEntries: 1,
    },
  ],
  ['an app that may not call from here is refused', [appAcl], 'banned', '403 0402'],
  ['an app is asked whether it is authorised before its addresses are looked at', [appAcl], 'stranger', '403 0304'],
  [
    'an account on the white list passes by its name',
    [byAccounts(byAccount('DOMAIN', permit('owner')))],
    'plain',
    '200',
  ],
  [
    'an account on the white list passes by its id',
    [byAccounts(byAccount('DOMAIN_ID', permit('id-of-owner')))],
    'plain',
    '200',
  ],
  ['an account that is not on the black list passes', [byAccounts(byAccount('DOMAIN', deny('other')))], 'plain', '200'],
  [
    'an account on the black list is refused',
    [byAccounts(byAccount('DOMAIN', deny('other', 'owner')))],
    'plain',
    '403 0302',
    {
      check: 'access control by account',
      policy: list,
      type: 'DENY',
      entityType: 'DOMAIN',
      account: { id: 'id-of-owner', name: 'owner' },
      found: 'on the list',
    },
  ],
  [
    'an account that is not on the white list is refused',
    [byAccounts(byAccount('DOMAIN_ID', permit('owner')))],
    'plain',
    '403 0302',
  ],
  [
    'every list has to be passed',
    [byAccounts(byAccount('DOMAIN', permit('owner')), byAccount('DOMAIN_ID', deny('id-of-owner')))],
    'plain',
    '403 0302',
  ],
  [
    'an app that belongs to nobody passes no list',
    [byAccounts(byAccount('DOMAIN', deny('other')))],
    'nobodys',
    '403 0302',
  ],
  [
    'the lists of the API come before the list of the app',
    [appAcl, byAccounts(byAccount('DOMAIN', deny('owner')))],
    'banned',
    '403 0302',
  ],
]

suite('access control', { concurrency: 1 }, () => {
  let stand: Stand
  let recorder: Recorder

  before(async () => {
    recorder = await Recorder.start()
    const asks: PolicyPlan[] = [
      { kind: 'app-code', settings: {} },
      { kind: 'app-authorization', settings: { appIds: ['plain', 'here', 'elsewhere', 'banned', 'nobodys'] } },
    ]
    const routes = cases.map(([, policies, caller], at) =>
      route(httpBackend(recorder.port), { path: `/${at}`, matchMode: 'NORMAL' }, [
        ...policies,
        ...(caller === '' ? [] : asks),
      ]),
    )
    stand = await Stand.open({ snapshot: snapshotOf(routes, [...apps, nobodys]), tls: true })
  })
  beforeEach(() => {
    recorder.clear()
    stand.records.length = 0
  })
  after(async () => {
    await stand.close()
    await recorder.close()
  })

  for (const [at, [what, , caller, outcome, evidence]] of cases.entries()) {
    test(what, async () => {
      const code = caller === '' ? '' : `X-Apig-AppCode: code-${caller}\r\n`
      const bytes = `GET /${at} HTTP/1.1\r\nHost: ${hostName}\r\n${code}\r\n`
      const [response] = await exchange(stand.tlsPort, bytes, { tls: true })
      const row = response!.status === 200 ? '' : ` ${JSON.parse(response!.body.toString()).error_code.slice(5)}`
      assert.equal(`${response!.status}${row}`, outcome)
      assert.equal(recorder.requests.length, outcome === '200' ? 1 : 0)
      assert.equal(stand.records.length, outcome === '200' ? 0 : 1)
      if (evidence !== undefined) assert.deepEqual(stand.records[0]!.evidence, evidence)
    })
  }

  test('a list that changes in the next snapshot acts on connections that are open', async () => {
    const path = '/moving'
    const serve = (policies: PolicyPlan[], revision: number) =>
      stand.traffic.adopt(snapshotOf([route(httpBackend(recorder.port), { path }, policies)], [], revision))
    const bytes = `GET ${path} HTTP/1.1\r\nHost: ${hostName}\r\n\r\n`
    const statuses: number[] = []
    serve([], 2)
    const client = await RawClient.open(stand.port)
    for (const [at, policies] of [[], [byAddress(deny('127.0.0.1'))], []].entries()) {
      serve(policies, at + 3)
      statuses.push((await client.call(bytes)).status)
    }
    client.destroy()
    assert.deepEqual(statuses, [200, 403, 200])
  })
})
