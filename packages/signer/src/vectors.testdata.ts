import { readFileSync } from 'node:fs'
import type { SecondReading } from './index.ts'

/** A golden request: what goes in, and every text on the way to its signature. Made by official signers. */
export interface Vector {
  readonly name: string
  readonly title: string
  readonly key: string
  readonly secret: string
  readonly date: string
  readonly method: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Absent: the strict reading. */
  readonly reading?: SecondReading
  readonly signedHeaders: readonly string[]
  readonly canonicalRequest: string
  readonly canonicalRequestHash?: string
  readonly signature: string
  /** The whole header, where it is written down. */
  readonly authorization?: string
}

const vectorsFile = new URL('../vectors/signatures.json', import.meta.url)
export const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as readonly Vector[]
