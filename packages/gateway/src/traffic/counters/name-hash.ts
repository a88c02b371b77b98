/** 64 bits of a text, as two 32-bit integers that are never both zero. Which they are depends on the seed. */
export interface NameHash {
  readonly low: number
  readonly high: number
}

/** Two multiplicative lanes that are mixed at the end: quick for short texts, and no defence on its own: seed it at random. */
export function nameHash(text: string, seed: number): NameHash {
  let a = seed ^ 0x9e3779b9
  let b = Math.imul(seed, 0x85ebca6b) ^ 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    a ^= a >>> 15
    b = Math.imul(b ^ unit, 1597334677)
    b ^= b >>> 13
  }
  const low = mix(a ^ Math.imul(b, 0x27d4eb2f)) | 0
  const high = mix(b ^ Math.imul(a, 0x165667b1)) | 0
  return low === 0 && high === 0 ? { low: 1, high } : { low, high }
}

function mix(value: number): number {
  let x = value ^ (value >>> 16)
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return x ^ (x >>> 16)
}
