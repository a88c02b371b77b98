import { isDeepStrictEqual } from 'node:util'
import { read, type Meaning } from './ours.ts'
import type { Oracle } from './oracle.ts'

/**
 * What is wrong with how we read these bytes, if anything: we took for good what Node refuses, or in another sense, or
 * the sense depends on where the bytes were cut. What stands behind a message is a message again, so where one ends is
 * compared along with it.
 */
export async function disagreement(bytes: Buffer, cut: number, oracle: Oracle): Promise<string | undefined> {
  const whole = read(bytes)
  const inTwo = read(bytes, cut)
  if (!isDeepStrictEqual(whole, inTwo)) {
    return `cut at ${cut} it reads differently: ${JSON.stringify(whole)} and ${JSON.stringify(inTwo)}`
  }
  if (whole.messages.length === 0) return undefined
  const theirs = await oracle.read(bytes, whole.messages.length)
  for (const [i, ours] of whole.messages.entries()) {
    const other = theirs.messages[i]
    // Node reads trailers as if they were headers. We look at nothing but their form, and drop them.
    if (other === undefined && framingInTrailer.test(bytes.toString('latin1'))) return undefined
    // Node drops the connection, and with it what came before, as soon as somebody begins to speak another protocol on it.
    if (other === undefined && theirs.problem === undefined && otherProtocol.test(bytes.toString('latin1')))
      return undefined
    if (other === undefined)
      return `message ${i} is refused by Node (${theirs.problem ?? 'without a word'}): ${JSON.stringify(ours)}`
    if (!isDeepStrictEqual(ours, other))
      return `message ${i} is ${JSON.stringify(ours)} to us, ${JSON.stringify(other)} to Node`
    // What stands behind such a request Node holds back for the protocol that it does not switch to. We read on.
    if (asksForUpgrade(ours)) return undefined
  }
  return undefined
}

const otherProtocol = /PRI |CONNECT /
const framingInTrailer = /\n0+(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*?(?:content-length|transfer-encoding|connection):/i

function asksForUpgrade({ fields }: Meaning): boolean {
  const has = (name: string) => fields.filter(([other]) => other.toLowerCase() === name)
  return has('upgrade').length > 0 && has('connection').some(([, value]) => /upgrade/i.test(value))
}

/** The shortest that still disagrees, found by leaving out ever smaller pieces. */
export async function shortest(bytes: Buffer, disagrees: (bytes: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = bytes
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at + size <= best.length;) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      if (await disagrees(shorter)) best = shorter
      else at += size
    }
  }
  return best
}
