import { readFileSync } from 'node:fs'

/** The lines of a tab-separated file beside this one, whose first line has to be exactly `columns`. */
export function readTable<C extends string>(file: string, columns: readonly C[]): Record<C, string>[] {
  const [head, ...lines] = readFileSync(new URL(file, import.meta.url), 'utf8').trimEnd().split(/\r?\n/)
  if (head !== columns.join('\t')) throw new Error(`${file}: the first line is not ${columns.join(', ')}`)
  return lines.map((line, index) => {
    const cells = line.split('\t')
    if (cells.length !== columns.length) throw new Error(`${file}:${index + 2}: ${cells.length} cells`)
    return Object.fromEntries(columns.map((column, at) => [column, cells[at]])) as Record<C, string>
  })
}
