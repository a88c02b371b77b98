import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { campaign } from './campaign.ts'
import { readCorpus } from './corpus.ts'

const usage = `Usage: npm run fuzz -- [--seconds N] [--seed S] [--most M] [--out DIR]

Reads generated and mutated messages with our parser and with Node's: what we take for good Node must take for good, and
in the same sense. The first M disagreements (default 1) are made as short as they can be and written into DIR
(default: the working directory). The seed (default: the time) is printed, so that a run can be had again.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    most: { type: 'string', default: '1' },
    out: { type: 'string', default: '.' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else process.exitCode = await main(Number(values.seconds), Number(values.seed), Number(values.most), values.out)

async function main(seconds: number, seed: number, most: number, out: string): Promise<number> {
  if (!(seconds > 0) || !Number.isInteger(seed) || !(most > 0)) {
    console.error(usage)
    return 2
  }
  const end = Date.now() + seconds * 1_000
  console.log(`seed ${seed}, ${seconds} s`)
  const { tried, accepted, found } = await campaign(seed, [...readCorpus().values()], () => Date.now() < end, most)
  console.log(`${tried} tried, of which we took ${accepted} for good; ${found.length} disagreements`)
  mkdirSync(out, { recursive: true })
  for (const [i, { bytes, problem }] of found.entries()) {
    const file = `${out}/found-${seed}-${i}.http`
    writeFileSync(file, bytes)
    console.log(`${file}: ${JSON.stringify(bytes.toString('latin1'))}\n  ${problem}`)
  }
  return found.length === 0 ? 0 : 1
}
