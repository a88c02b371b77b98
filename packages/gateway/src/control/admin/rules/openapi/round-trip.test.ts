import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operations, withoutBlanks } from '@pailou/contract'
import fc from 'fast-check'
import { stringify } from 'yaml'

import { catalogOf } from '../../../catalog.ts'
import type { ApiDefinition, Instance } from '../../../documents/documents.ts'
import type { GatewayResponse } from '../../../documents/gateway-response.ts'
import { validated } from '../../validation.ts'
import { definitionOf, type ApiBody } from '../api-definition.ts'
import { readDocument } from './document.ts'
import { planImport } from './import-plan.ts'
import { writeDocument, type Extent, type OasVersion } from './write-document.ts'

const instance: Instance = { id: 'i', projectId: 'p', name: 'instance', description: '', createdAt: 0 }
const responses: readonly GatewayResponse[] = [
  { id: 'r0', instanceId: 'i', groupId: 'g', name: 'default', rules: {}, createdAt: 0, updatedAt: 0 },
  {
    id: 'r1',
    instanceId: 'i',
    groupId: 'g',
    name: 'worded',
    rules: {
      THROTTLED: { status: 503, body: '{"code":"$context.error.code"}', headers: [{ key: 'X-A', value: 'b' }] },
    },
    createdAt: 0,
    updatedAt: 0,
  },
]

const written = (definitions: readonly ApiDefinition[], oas: OasVersion, extent: Extent): object =>
  writeDocument({
    oas,
    extent,
    title: 'A组.1',
    description: 'a remark: #1',
    version: '1',
    host: 'g.apig.test',
    definitions,
    responses,
  })

/** Any text, but of the length that every text of the contract has room for. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const whole = fc.integer({ min: -1000, max: 1000 })
const size = fc.integer({ min: 1, max: 1000 })

/** The ends of a range in their order. */
const range = (numbers: fc.Arbitrary<number>) =>
  fc
    .tuple(maybe(numbers), maybe(numbers))
    .map(([a, b]) => (a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]))

const parameter = fc.record({
  name: fc.oneof(fc.stringMatching(/^[a-z0-9.-]{0,8}$/), fc.constantFrom('Content-Type', 'Accept')),
  type: fc.constantFrom('STRING', 'NUMBER'),
  location: fc.constantFrom('QUERY', 'HEADER', 'PATH'),
  flags: fc.array(fc.constantFrom(1, 2), { minLength: 3, maxLength: 3 }),
  word: maybe(text),
  number: fc.oneof(fc.integer().map(String), fc.constantFrom('1.50', '007', '-0.5', '00')),
  sample_value: maybe(text),
  remark: maybe(text),
  enumerations: maybe(fc.stringMatching(/^[a-z0-9. ,-]{1,12}$/)),
  numbers: range(whole),
  sizes: range(size),
})

const api = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9一-龟][-A-Za-z0-9_./()（）:：、一-龟]{2,20}$/),
  type: fc.constantFrom(1, 2),
  version: maybe(text),
  req_protocol: fc.constantFrom('HTTP', 'HTTPS', 'BOTH'),
  req_method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'),
  match_mode: fc.constantFrom('NORMAL', 'SWA'),
  both: fc.boolean(),
  auth: fc.constantFrom(['NONE', 'DISABLE'], ['APP', 'DISABLE'], ['APP', 'HEADER']),
  response: fc.constantFrom(undefined, 'r0', 'r1'),
  texts: fc.array(maybe(text), { minLength: 5, maxLength: 5 }),
  tags: fc.uniqueArray(fc.stringMatching(/^[A-Za-z一-龟][-A-Za-z0-9*#%.:_一-龟]{0,9}$/), { maxLength: 3 }),
  base64: fc.boolean(),
  parameters: fc.array(parameter, { maxLength: 5 }),
  mock: fc.boolean(),
  status: fc.integer({ min: 200, max: 599 }),
  timeout: fc.integer({ min: 1, max: 60_000 }),
  retries: fc.integer({ min: -1, max: 10 }),
  constant: fc.stringMatching(/^[ -~]{1,20}$/),
})

type Api = typeof api extends fc.Arbitrary<infer T> ? T : never

/** The bodies of an API and, when both match modes are wanted, of its twin that differs in nothing else. */
function bodiesOf(made: Api, index: number): readonly object[] {
  const [remark, body_remark, result_normal_sample, result_failure_sample, backendRemark] = made.texts
  const req_params = made.parameters.map((each, n) => {
    const number = each.type === 'NUMBER'
    // These two are parameters only where somebody means them.
    const special = n === 0 && each.location === 'HEADER' && /^[A-Z]/.test(each.name)
    return {
      name: special ? each.name : `p${n}${each.name.toLowerCase()}`,
      type: each.type,
      location: each.location,
      required: each.flags[0],
      valid_enable: each.flags[1],
      pass_through: each.flags[2],
      default_value: number ? each.number : each.word,
      sample_value: each.sample_value,
      remark: each.remark,
      enumerations: each.enumerations,
      min_num: each.numbers[0],
      max_num: each.numbers[1],
      min_size: each.sizes[0],
      max_size: each.sizes[1],
    }
  })
  const inPath = req_params.filter(({ location }) => location === 'PATH').map(({ name }) => name)
  const rest = made.match_mode === 'NORMAL' && !made.both && made.mock
  const segments = inPath.map((name, n) => `/{${name}${rest && n === inPath.length - 1 ? '+' : ''}}`).join('')
  const body = {
    name: `${made.name}${index}`,
    type: made.type,
    version: made.version,
    req_protocol: made.req_protocol,
    req_method: made.req_method,
    req_uri: `/${index}${segments}`,
    match_mode: made.match_mode,
    auth_type: made.auth[0],
    auth_opt: { app_code_auth_type: made.auth[1] },
    group_id: 'g',
    response_id: made.response,
    tags: made.tags,
    remark,
    body_remark,
    result_normal_sample,
    result_failure_sample,
    is_send_fg_body_base64: made.base64,
    req_params,
    backend_params: [
      ...req_params.map(({ name, location }, n) => ({ name: `b${n}`, location, origin: 'REQUEST', value: name })),
      { name: 'constant', location: 'QUERY', origin: 'CONSTANT', value: made.constant, remark: backendRemark },
      { name: 'from', location: 'HEADER', origin: 'SYSTEM', value: '$context.sourceIp' },
    ],
    ...(made.mock
      ? {
          backend_type: 'MOCK',
          mock_info: { result_content: made.texts[0], status_code: made.status, remark: backendRemark, version: 'v1' },
        }
      : {
          backend_type: 'HTTP',
          backend_api: {
            url_domain: made.base64 ? 'example.com:8080' : '#host#.example.com',
            req_protocol: made.req_protocol === 'HTTP' ? 'HTTP' : 'HTTPS',
            req_method: made.req_method,
            req_uri: `/b/${req_params.flatMap(({ location }, n) => (location === 'PATH' ? [`x-{b${n}}`] : [])).join('/')}`,
            timeout: made.timeout,
            retry_count: String(made.retries),
            remark: backendRemark,
            version: made.version,
          },
        }),
  }
  const twin = { ...body, name: `${body.name}b`, match_mode: body.match_mode === 'SWA' ? 'NORMAL' : 'SWA' }
  return made.both ? [body, twin] : [body]
}

const { body: schema } = operations.createApiV2

function definitionFrom(body: object): ApiDefinition {
  const sent: unknown = JSON.parse(JSON.stringify(body))
  return definitionOf(validated(schema, withoutBlanks(schema, sent), 'body') as ApiBody)
}

/** Everything but the ids, which are new; a response stands for its name. */
function withoutIds(definition: ApiDefinition, named: ReadonlyMap<string, string>): unknown {
  const response = definition.response_id === undefined ? undefined : named.get(definition.response_id)
  return JSON.parse(
    JSON.stringify({ ...definition, response_id: response }, (key, value) => (key === 'id' ? undefined : value)),
  )
}

async function reimported(text: string) {
  const modes = { groupId: undefined, replaceApis: false, replaceResponses: false, simple: false, mock: false }
  const { edits, result } = planImport(catalogOf([], 0), instance, await readDocument(text), modes, 1)
  assert.deepEqual(result.failure, [])
  assert.deepEqual(result.ignore, [])
  const put = <K extends string>(kind: K) =>
    edits.flatMap(edit => ('put' in edit && edit.put === kind ? [edit.document] : []))
  const [group] = put('api-group') as { name: string; remark: string; id: string }[]
  const words = put('gateway-response') as GatewayResponse[]
  const apis = put('api') as { definition: ApiDefinition }[]
  return { group: group!, words, definitions: apis.map(({ definition }) => definition) }
}

const formats = {
  json: (value: object) => JSON.stringify(value),
  yaml: (value: object) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 }),
}

for (const oas of ['2.0', '3.0'] as const) {
  for (const [format, write] of Object.entries(formats)) {
    test(`what is exported as ${oas} in ${format} is the same when it is imported`, async () => {
      const run = async (made: readonly Api[]): Promise<void> => {
        const definitions = made.flatMap(bodiesOf).map(definitionFrom)
        const back = await reimported(write(written(definitions, oas, 'all')))
        assert.deepEqual([back.group.name, back.group.remark], ['A组.1', 'a remark: #1'])
        assert.deepEqual(
          back.words.map(({ name, rules }) => [name, rules]),
          [['worded', responses[1]!.rules]],
        )
        const before = new Map(responses.map(({ id, name }) => [id, name]))
        const after = new Map(back.definitions.map(({ response_id: id = '' }) => [id, 'default']))
        for (const { id, name } of back.words) after.set(id, name)
        const sorted = (all: readonly ApiDefinition[], named: ReadonlyMap<string, string>) =>
          all.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(each => withoutIds(each, named))
        assert.deepEqual(sorted(back.definitions, after), sorted(definitions, before))
      }
      await fc.assert(fc.asyncProperty(fc.array(api, { minLength: 1, maxLength: 4 }), run), { numRuns: 60 })
    })
  }
}

for (const oas of ['2.0', '3.0'] as const) {
  for (const extent of ['spec', 'proxy', 'all'] as const) {
    test(`an export as ${oas} with ${extent} is a valid document`, async () => {
      const parameter = { type: 'STRING', required: 1, valid_enable: 1, pass_through: 1 }
      const body = {
        name: 'an_api',
        type: 1,
        req_method: 'GET',
        req_uri: '/a/{id}',
        auth_type: 'APP',
        auth_opt: { app_code_auth_type: 'HEADER' },
        group_id: 'g',
        tags: ['one'],
        req_params: [
          { ...parameter, name: 'id', location: 'PATH', min_size: 1, max_size: 9, enumerations: 'a,b' },
          { ...parameter, name: 'n', location: 'QUERY', type: 'NUMBER', required: 2, default_value: '3', min_num: 1 },
        ],
        response_id: 'r1',
        backend_type: 'MOCK',
        mock_info: { result_content: 'x', status_code: 200 },
      }
      const open = { ...body, name: 'another', req_method: 'POST', auth_type: 'NONE', body_remark: 'a body' }
      const { valid, errors } = await new Validator().validate({
        ...written([body, open].map(definitionFrom), oas, extent),
      })
      assert.ok(valid, JSON.stringify(errors))
    })
  }
}
