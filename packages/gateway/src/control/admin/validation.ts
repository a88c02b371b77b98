import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'

import { AdminError, invalid, invalidInUrl, missing, outOfRange, tooLarge, tooSmall } from './admin-error.ts'

const validators = new WeakMap<TSchema, Validator>()

/** Compiled at the first call: most operations of most installations are never asked for. */
function validatorOf(schema: TSchema): Validator {
  let validator = validators.get(schema)
  if (!validator) validators.set(schema, (validator = Compile(schema)))
  return validator
}

/** Where a value came from: it decides between the contract's codes for bodies and for URLs. */
export type Source = 'body' | 'form' | 'url'

/** Returns the value when it fits. Throws AdminError for the first thing that does not, with the field named. */
export function validated(schema: TSchema, value: unknown, source: Source): unknown {
  const validator = validatorOf(schema)
  // In a URL or a form everything is text: `20` is a number where a number is wanted.
  const read = source === 'body' ? value : validator.Convert(value)
  if (validator.Check(read)) return read
  throw refusalOf(validator.Errors(read), source)
}

function refusalOf(errors: readonly TLocalizedValidationError[], source: Source): AdminError {
  const error = errors.find(({ keyword }) => keyword === 'required') ?? mostTelling(errors)
  if (!error) return new AdminError('APIG.2000')
  const at = fieldName(error.instancePath)
  switch (error.keyword) {
    case 'required':
      return missing([at, error.params.requiredProperties[0]].filter(Boolean).join('.'))
    case 'minimum':
    case 'exclusiveMinimum':
      return tooSmall(at)
    case 'maximum':
    case 'exclusiveMaximum':
      return tooLarge(at)
    case 'enum':
    case 'const':
    case 'anyOf':
      return source === 'url' ? invalidInUrl(at) : outOfRange(at)
    default:
      if (at === '') return new AdminError('APIG.2000', 'The request body has to be a JSON object')
      return source === 'url' ? invalidInUrl(at) : invalid(at)
  }
}

/** Of a union every branch complains. When one of them accepts the type, its complaint says more than "none fits". */
function mostTelling(errors: readonly TLocalizedValidationError[]): TLocalizedValidationError | undefined {
  const first = errors[0]
  if (!first) return undefined
  const union = errors.find(({ keyword, instancePath }) => keyword === 'anyOf' && instancePath === first.instancePath)
  if (!union) return first
  const branches = errors.filter(
    ({ instancePath, keyword }) => instancePath === first.instancePath && keyword !== 'anyOf',
  )
  const telling = branches.find(({ keyword }) => keyword !== 'type' && keyword !== 'const')
  if (telling) return telling
  return branches.every(({ keyword }) => keyword === 'type') ? first : union
}

/** `/backend_api/timeout` → `backend_api.timeout`, `/tags/0` → `tags[0]`. */
function fieldName(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path ? `${path}.${part}` : part), '')
}
