import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A sealed value cannot be opened, or the master key is missing, malformed or another one. Never names the key or the value. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError'
}

/** Seals secrets with AES-256-GCM before they reach a disk. */
export interface Keyring {
  /** Says which key it is and gives nothing of it away: 8 hex characters. */
  readonly keyId: string
  /** `where` is bound into the envelope: a sealed value opens at the place for which it was sealed and nowhere else. */
  seal(value: string, where: string): string
  /** Throws KeyringError. */
  open(envelope: string, where: string): string
  /** A key of 32 bytes for another purpose, derived with HKDF. The same purpose gives the same key. */
  derive(purpose: string): Buffer
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export function keyringOf(masterKey: Uint8Array): Keyring {
  if (masterKey.length !== 32) throw new KeyringError(`a master key has 32 bytes, not ${masterKey.length}`)
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `pailou ${purpose}`, 32))
  const key = derive('seal')
  const keyId = derive('key id').toString('hex', 0, 4)
  return {
    keyId,
    derive,

    seal(value, where) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(where))
      const sealed = Buffer.concat([nonce, sealing.update(value, 'utf8'), sealing.final(), sealing.getAuthTag()])
      return `${keyId}.${sealed.toString('base64url')}`
    },

    open(envelope, where) {
      const [sealedWith = '', text = ''] = envelope.split('.')
      if (sealedWith !== keyId) throw otherKey(sealedWith, keyId)
      const sealed = Buffer.from(text, 'base64url')
      const fault = new KeyringError(`the sealed value of ${where} has been changed or belongs elsewhere`)
      if (sealed.length < nonceBytes + tagBytes) throw fault
      const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
      opening.setAAD(Buffer.from(where)).setAuthTag(sealed.subarray(-tagBytes))
      try {
        return opening.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8')
      } catch {
        throw fault
      }
    },
  }
}

export function otherKey(sealedWith: string, keyId: string): KeyringError {
  return new KeyringError(`the data was sealed with master key ${sealedWith}, but the master key here is ${keyId}`)
}

/** 64 hex characters, or 32 bytes in base64 or base64url. Throws KeyringError without showing the text. */
export function parseMasterKey(text: string, from: string): Buffer {
  const trimmed = text.trim()
  const key = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined
  if (key === undefined) throw new KeyringError(`${from} is no master key: 64 hex characters, or 32 bytes in base64`)
  return key
}
