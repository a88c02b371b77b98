import type { ByteString } from './bytes.ts'

/**
 * SHA-256 in plain JavaScript. For the few hundred bytes of a canonical request it is faster than a call into OpenSSL,
 * and it is the same in a browser, without promises. Large bodies are better hashed by the platform.
 */

// prettier-ignore
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)
const start = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

/** The block at work, and the words made from it. One for all: nothing here is ever interrupted. */
const W = new Int32Array(64)

/** Eight words: a hash under way, or a finished one. */
export type State = Int32Array

export function initialState(): State {
  return start.slice()
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Lower-case hex.
 * @throws RangeError when a string has a character beyond one byte: see {@link toByteString}.
 */
export function sha256Hex(message: Uint8Array | ByteString): string {
  scratch.set(start)
  absorb(scratch, message, 0)
  return hexOf(scratch)
}
const scratch = initialState()

export function hexOf(state: State): string {
  let hex = ''
  for (let i = 0; i < 8; i++) {
    const word = state[i]!
    hex +=
      hexPairs[word >>> 24]! + hexPairs[(word >>> 16) & 255]! + hexPairs[(word >>> 8) & 255]! + hexPairs[word & 255]!
  }
  return hex
}

/** Finishes `state` with the whole message and the padding. `before` is the number of bytes that it has seen already, a multiple of 64. */
export function absorb(state: State, message: Uint8Array | ByteString, before: number): void {
  const { length } = message
  const beyond = typeof message === 'string' ? absorbText(state, message) : absorbBytes(state, message)
  if (beyond > 255)
    throw new RangeError('a byte string has a character beyond one byte; encode the text as UTF-8 first')

  const rest = length & 63
  W[rest >> 2]! |= 0x80 << (24 - ((rest & 3) << 3))
  if (rest >= 56) {
    compress(state)
    W.fill(0, 0, 16)
  }
  const total = before + length
  W[14] = Math.floor(total / 0x20000000)
  W[15] = total << 3
  compress(state)
}

/** Finishes `state` with the 32 bytes of another hash, after one block: the outer half of an HMAC. */
export function absorbDigest(state: State, digest: State): void {
  W.set(digest)
  W[8] = 0x80000000 | 0
  W.fill(0, 9, 15)
  W[15] = (64 + 32) * 8
  compress(state)
}

/** One block of exactly 64 bytes, without padding. */
export function absorbBlock(state: State, block: Uint8Array): void {
  for (let i = 0; i < 16; i++) W[i] = wordOf(block, i << 2)
  compress(state)
}

/** Whole blocks go into the state, what is left over stays in W. Returns the largest code seen, or more. */
function absorbText(state: State, text: ByteString): number {
  const whole = text.length & ~63
  let seen = 0
  for (let at = 0; at < whole; at += 64) {
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      const a = text.charCodeAt(p)
      const b = text.charCodeAt(p + 1)
      const c = text.charCodeAt(p + 2)
      const d = text.charCodeAt(p + 3)
      seen |= a | b | c | d
      W[i] = (a << 24) | (b << 16) | (c << 8) | d
    }
    compress(state)
  }
  W.fill(0, 0, 16)
  for (let i = whole; i < text.length; i++) {
    const code = text.charCodeAt(i)
    seen |= code
    W[(i & 63) >> 2]! |= code << (24 - ((i & 3) << 3))
  }
  return seen
}

function absorbBytes(state: State, bytes: Uint8Array): number {
  const whole = bytes.length & ~63
  for (let at = 0; at < whole; at += 64) {
    for (let i = 0, p = at; i < 16; i++, p += 4) W[i] = wordOf(bytes, p)
    compress(state)
  }
  W.fill(0, 0, 16)
  for (let i = whole; i < bytes.length; i++) W[(i & 63) >> 2]! |= bytes[i]! << (24 - ((i & 3) << 3))
  return 0
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

function compress(state: State): void {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15]!
    const y = W[i - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[i] = (W[i - 16]! + s0 + W[i - 7]! + s1) | 0
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + K[i]! + W[i]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}
