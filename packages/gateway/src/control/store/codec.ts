import { isSecret } from '../../base/secret.ts'
import type { DocumentKind, Documents } from '../documents/documents.ts'
import type { Keyring } from '../keyring.ts'
import { StoreDamaged } from './config-store.ts'

/** In stored text this stands in the place of a secret's value: `{"secret": {"$sealed": "…"}}`. */
const mark = '$sealed'

/** A document as text, every secret in it sealed, wherever it stands and whatever it is called. */
export function encode<K extends DocumentKind>(kind: K, document: Documents[K], keyring: Keyring): string {
  const where = place(kind, document.id)
  const sealed = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(sealed)
    const fields = Object.entries(value).map(([name, inner]): [string, unknown] => {
      if (name === mark) throw new TypeError(`${where}: a field must not be called ${mark}`)
      return [name, sealed(inner)]
    })
    if (!isSecret(value)) return Object.fromEntries(fields)
    return { ...Object.fromEntries(fields), secret: { [mark]: keyring.seal(value.secret, where) } }
  }
  return JSON.stringify(sealed(document))
}

/** Throws StoreDamaged for text that is none, and KeyringError for a value that the keyring cannot open. */
export function decode<K extends DocumentKind>(kind: K, id: string, body: string, keyring: Keyring): Documents[K] {
  const where = place(kind, id)
  try {
    return JSON.parse(body, (_name, value: unknown) => {
      const envelope = typeof value === 'object' && value !== null && (value as Record<string, unknown>)[mark]
      return typeof envelope === 'string' ? keyring.open(envelope, where) : value
    }) as Documents[K]
  } catch (error) {
    if (error instanceof SyntaxError) throw new StoreDamaged(`${where} is not readable`, { cause: error })
    throw error
  }
}

function place(kind: DocumentKind, id: string): string {
  return `${kind} ${id}`
}
