import { type BodyOf, type OperationById } from '@pailou/contract'

import { secret } from '../../../base/secret.ts'
import type { Catalog } from '../../catalog.ts'
import type { SignatureKey } from '../../documents/signature-keys.ts'
import { base62, randomText } from '../../random-text.ts'
import { AdminError, invalid, missing } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

/** What a key or a secret has to look like, and what a generated one does. */
interface Form {
  readonly pattern: RegExp
  readonly min: number
  readonly max: number
  readonly generated: () => string
}

interface Forms {
  readonly key: Form
  readonly secret: Form
}

const name = /^[A-Za-z0-9][-A-Za-z0-9_]*$/
const marked = /^[A-Za-z0-9][-A-Za-z0-9_!@#$%]*$/
const base64 = /^[A-Za-z0-9+/][-A-Za-z0-9_+/=]*$/
const wide = /^[A-Za-z0-9+/][-A-Za-z0-9_!@#$%+/=]*$/

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function form(pattern: RegExp, min: number, max: number, generatedLength: number): Form {
  return { pattern, min, max, generated: () => randomText(base62, generatedLength) }
}

const vector = form(wide, 16, 16, 16)

const forms: Record<Exclude<SignatureKey['type'], 'aes'> | NonNullable<SignatureKey['algorithm']>, Forms> = {
  hmac: { key: form(name, 8, 32, 32), secret: form(marked, 16, 64, 64) },
  basic: {
    key: {
      ...form(/^[A-Za-z][-A-Za-z0-9_]*$/, 4, 32, 32),
      generated: () => randomText(letters, 1) + randomText(base62, 31),
    },
    secret: form(marked, 8, 64, 64),
  },
  public_key: { key: form(base64, 8, 512, 64), secret: form(wide, 16, 2048, 128) },
  'aes-128-cfb': { key: form(wide, 16, 16, 16), secret: vector },
  'aes-256-cfb': { key: form(wide, 32, 32, 32), secret: vector },
}

/**
 * What a body says about a key, `hmac` unless it says otherwise. What it leaves out stays as it was `before` while that
 * still fits, and is generated otherwise. Throws AdminError for what does not fit the type; the text names the field and
 * never the value.
 */
export function signatureSettings(body: BodyOf<OperationById<'createSignatureKeyV2'>>, before?: SignatureKey) {
  const type = body.sign_type ?? before?.type ?? 'hmac'
  const algorithm = type === 'aes' ? (body.sign_algorithm ?? before?.algorithm) : undefined
  if (type === 'aes' && algorithm === undefined) throw missing('sign_algorithm')
  const expected = forms[algorithm ?? (type as Exclude<SignatureKey['type'], 'aes'>)]
  const kept = before?.type === type && before.algorithm === algorithm ? before : undefined
  return {
    name: body.name,
    type,
    key: secret(given(expected.key, 'sign_key', body.sign_key) ?? kept?.key.secret ?? expected.key.generated()),
    secret: secret(
      given(expected.secret, 'sign_secret', body.sign_secret) ?? kept?.secret.secret ?? expected.secret.generated(),
    ),
    ...(algorithm && { algorithm }),
  }
}

function given({ pattern, min, max }: Form, field: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value.length < min || value.length > max || !pattern.test(value)) throw invalid(field)
  return value
}

export function refuseTakenSignatureKey(catalog: Catalog, { id, instanceId, name }: SignatureKey): void {
  const taken = belongingTo(catalog, 'signature-key', 'instanceId', instanceId).some(
    other => other.name === name && other.id !== id,
  )
  if (taken) throw new AdminError('APIG.3207')
}
