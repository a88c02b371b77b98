import { invalid, unsupported } from '../../admin-error.ts'
import { field, listOf, scalarOf, textOf, treeOf, wrong, type ApiDocument, type Tree } from './document.ts'
import { remarkFrom } from './names.ts'

/** What belongs to the body, which travels on as it is. */
const ofBody: ReadonlySet<string> = new Set(['body', 'formData'])
/** OpenAPI says these in other words, and has parameters of these names ignored. */
const saidElsewhere: ReadonlySet<string> = new Set(['accept', 'content-type'])

/** The parameters of an operation, those of its path included, by place and name. */
function declared(document: ApiDocument, item: Tree, operation: Tree): readonly Tree[] {
  const found = new Map<string, Tree>()
  for (const [owner, place] of [
    [item, 'the parameters of the path'],
    [operation, 'the parameters'],
  ] as const) {
    for (const [index, value] of listOf(field(owner, 'parameters')).entries()) {
      const parameter = document.follow(value, `${place}[${index}]`)
      found.set(`${scalarOf(field(parameter, 'in'))} ${scalarOf(field(parameter, 'name'))}`, parameter)
    }
  }
  return [...found.values()]
}

/** The description of the body, where Swagger 2.0 makes it a parameter. */
export function bodyParameter(document: ApiDocument, item: Tree, operation: Tree): Tree | undefined {
  return declared(document, item, operation).find(parameter => field(parameter, 'in') === 'body')
}

/** `passOn`: whether a parameter that does not say so itself travels on under its own name. */
export function requestParameters(document: ApiDocument, item: Tree, operation: Tree, passOn: boolean): object[] {
  return declared(document, item, operation)
    .filter(parameter => !ofBody.has(textOf(field(parameter, 'in')) ?? '') && !ignored(parameter))
    .map((parameter, index) => requestParameter(document, parameter, `req_params[${index}]`, passOn))
}

function ignored(parameter: Tree): boolean {
  if (field(parameter, 'in') !== 'header') return false
  const name = textOf(field(parameter, 'name'))?.toLowerCase() ?? ''
  // With our extension on it somebody has meant it.
  return (
    name === 'authorization' || (saidElsewhere.has(name) && field(parameter, 'x-apigateway-pass-through') === undefined)
  )
}

function requestParameter(document: ApiDocument, parameter: Tree, at: string, passOn: boolean): object {
  if (listOf(field(parameter, 'x-apigateway-orchestrations')).length > 0)
    throw unsupported(`${at}.x-apigateway-orchestrations`)
  const place = textOf(field(parameter, 'in'))
  const name = textOf(field(parameter, 'name'))
  if (place === undefined || name === undefined) throw wrong(`${at} needs a name and an in`)
  const schema = schemaOf(document, parameter, at)
  const pass = textOf(field(parameter, 'x-apigateway-pass-through'))?.toLowerCase()
  if (pass !== undefined && pass !== 'always' && pass !== 'never') throw invalid(`${at}.x-apigateway-pass-through`)
  return {
    name,
    type: numeric(field(schema, 'type')) ? 'NUMBER' : 'STRING',
    location: place.toUpperCase(),
    required: place === 'path' || field(parameter, 'required') === true ? 1 : 2,
    valid_enable: field(parameter, 'x-pailou-valid-enable') === true ? 1 : 2,
    pass_through: (pass ?? (passOn && place !== 'path' ? 'always' : 'never')) === 'always' ? 1 : 2,
    default_value: scalarOf(field(schema, 'default')),
    sample_value: scalarOf(field(parameter, 'x-apigateway-sample') ?? field(parameter, 'example')),
    remark: remarkFrom(textOf(field(parameter, 'description'))),
    enumerations: enumerationsOf(field(schema, 'enum'), `${at}.enumerations`),
    min_num: field(schema, 'minimum'),
    max_num: field(schema, 'maximum'),
    min_size: field(schema, 'minLength'),
    max_size: field(schema, 'maxLength'),
  }
}

/** Swagger 2.0 writes the schema into the parameter; 3 beside it, or below a media type. */
function schemaOf(document: ApiDocument, parameter: Tree, at: string): Tree | undefined {
  if (document.major === 2) return parameter
  const [content] = Object.values(treeOf(field(parameter, 'content')) ?? {})
  const schema = field(parameter, 'schema') ?? field(treeOf(content), 'schema')
  return schema === undefined || schema === true ? undefined : document.follow(schema, `${at}.schema`)
}

function numeric(type: unknown): boolean {
  const [named] = [type].flat().filter(each => each !== 'null')
  return named === 'integer' || named === 'number' || named === 'long' || named === 'float' || named === 'double'
}

/** The contract writes the values in one text with commas between them, so no value can hold one. */
function enumerationsOf(value: unknown, at: string): string | undefined {
  if (!Array.isArray(value)) return undefined
  const texts = value.map(scalarOf)
  if (texts.some(text => text === undefined || text.includes(','))) throw invalid(at)
  return texts.join(',')
}
