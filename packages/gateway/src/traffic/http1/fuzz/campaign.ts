import { disagreement, shortest } from './compare.ts'
import { generate, mutate } from './generate.ts'
import { Oracle } from './oracle.ts'
import { read } from './ours.ts'
import { Random } from './random.ts'

export interface Counterexample {
  readonly bytes: Buffer
  readonly problem: string
}

export interface Outcome {
  readonly tried: number
  /** Of these at least one message was taken for good. */
  readonly accepted: number
  readonly found: readonly Counterexample[]
}

/** A well-formed request behind everything: if a message ends elsewhere than we think, this one is hurt. */
const sentinel = Buffer.from('GET /sentinel HTTP/1.1\r\nHost: s\r\n\r\n')
const atOnce = 50

/** Tries generated and mutated messages until `goOn` says no. @param most stop after so many counterexamples */
export async function campaign(
  seed: number,
  corpus: readonly Buffer[],
  goOn: (tried: number) => boolean,
  most = 1,
): Promise<Outcome> {
  const random = new Random(seed)
  const oracle = new Oracle()
  const found: Counterexample[] = []
  let tried = 0
  let accepted = 0
  const next = (): Buffer => {
    const kind = random.below(4)
    const bytes = kind < 2 || corpus.length === 0 ? generate(random) : random.pick(corpus)
    return kind === 0 ? bytes : mutate(bytes, random)
  }
  const one = async () => {
    const bytes = random.chance(0.7) ? Buffer.concat([next(), sentinel]) : next()
    const cut = random.below(bytes.length + 1)
    if (read(bytes).messages.length > 0) accepted++
    if ((await disagreement(bytes, cut, oracle)) === undefined) return
    const smallest = await shortest(bytes, async shorter => (await whatIsWrong(shorter, oracle)) !== undefined)
    found.push({ bytes: smallest, problem: (await whatIsWrong(smallest, oracle)) ?? 'it depends on the moment' })
  }
  while (found.length < most && goOn(tried)) {
    await Promise.all(Array.from({ length: atOnce }, one))
    tried += atOnce
  }
  return { tried, accepted, found }
}

/** At every cut, because a shorter one may need another. */
async function whatIsWrong(bytes: Buffer, oracle: Oracle): Promise<string | undefined> {
  for (let cut = 0; cut < bytes.length; cut++) {
    const problem = cut === 0 ? await disagreement(bytes, 0, oracle) : cutProblem(bytes, cut)
    if (problem !== undefined) return problem
  }
  return undefined
}

function cutProblem(bytes: Buffer, cut: number): string | undefined {
  const [whole, inTwo] = [JSON.stringify(read(bytes)), JSON.stringify(read(bytes, cut))]
  return whole === inTwo ? undefined : `cut at ${cut} it reads differently: ${whole} and ${inTwo}`
}
