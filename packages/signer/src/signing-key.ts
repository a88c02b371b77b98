import type { ByteString } from './bytes.ts'
import { absorb, absorbBlock, absorbDigest, hexOf, initialState, sha256Hex, type State } from './sha256.ts'

const work = initialState()
const outer = initialState()
const hexDigits = Uint8Array.from('0123456789abcdef', digit => digit.charCodeAt(0))

/**
 * A secret made ready for HMAC-SHA256: the two blocks that depend on the secret alone are hashed once.
 * The states are as good as the secret, so they are private: printing or cloning a key shows nothing of them.
 */
export class SigningKey {
  readonly #inner: State = initialState()
  readonly #outer: State = initialState()

  constructor(secret: string) {
    const key = keyBytes(secret)
    absorbBlock(
      this.#inner,
      key.map(byte => byte ^ 0x36),
    )
    absorbBlock(
      this.#outer,
      key.map(byte => byte ^ 0x5c),
    )
  }

  /** The HMAC of a message, in lower-case hex. */
  sign(message: ByteString): string {
    return hexOf(this.#mac(message))
  }

  /** Whether `signature` is the HMAC of the message, in lower-case hex. Takes as long for a near miss as for a far one. */
  matches(message: ByteString, signature: string): boolean {
    if (signature.length !== 64) return false
    const mac = this.#mac(message)
    let difference = 0
    for (let i = 0; i < 64; i++) {
      const nibble = (mac[i >> 3]! >>> (28 - ((i & 7) << 2))) & 15
      difference |= hexDigits[nibble]! ^ signature.charCodeAt(i)
    }
    return difference === 0
  }

  #mac(message: ByteString): State {
    work.set(this.#inner)
    absorb(work, message, 64)
    outer.set(this.#outer)
    absorbDigest(outer, work)
    return outer
  }
}

/** Prepare once per secret and keep. The secret counts as its UTF-8 bytes. */
export function prepareKey(secret: string): SigningKey {
  return new SigningKey(secret)
}

function keyBytes(secret: string): Uint8Array {
  const block = new Uint8Array(64)
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length <= 64) block.set(bytes)
  else for (let i = 0, hex = sha256Hex(bytes); i < 32; i++) block[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return block
}
