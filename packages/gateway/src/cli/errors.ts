import { errors, rowsOf } from '@pailou/contract/errors'
import type { Command } from 'commander'

/** `pailou errors [code]`: what a code means and what to do, in 中文 or English. */
export function addErrors(program: Command): void {
  program
    .command('errors [code]')
    .description('explain an error code, or list them all')
    .option('--lang <zh|en>', 'the language; without it that of LANG')
    .option('--json', 'print JSON')
    .action((code: string | undefined, { lang, json }: { lang?: string; json?: true }) => {
      const language = (lang ?? process.env['LANG'] ?? '').startsWith('zh') ? 'zh' : 'en'
      const rows = code === undefined ? (Object.keys(errors) as (keyof typeof errors)[]) : rowsOf(normal(code))
      if (rows.length === 0) {
        console.error(`pailou: there is no error code ${code}. "pailou errors" lists them all.`)
        process.exitCode = 1
        return
      }
      if (json) {
        console.log(
          JSON.stringify(
            rows.map(row => ({ row, ...errors[row] })),
            null,
            2,
          ),
        )
        return
      }
      for (const row of rows) {
        const { code: name, status, message, meaning, solution, nextStep } = errors[row]
        console.log(`${name}  ${status}  ${message}`)
        if (code !== undefined)
          console.log(`\n  ${meaning[language]}\n  ${solution[language]}\n  ${nextStep[language]}\n`)
      }
    })
}

/** `303`, `0303`, `apig.0303` and `0201/413` all say what they mean. */
function normal(code: string): string {
  const text = code.toUpperCase().replace(/^APIG\./, '')
  const [number = '', status] = text.split('/')
  const padded = number.padStart(4, '0')
  return status === undefined ? `APIG.${padded}` : `${padded}/${status}`
}
