import { randomInt } from 'node:crypto'

export const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Text that nobody can guess, each character drawn evenly from the alphabet. */
export function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
