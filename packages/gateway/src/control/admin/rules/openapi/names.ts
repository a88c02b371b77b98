/** Characters that are looked at. */
const longest = 1000
const unfit = /[^-A-Za-z0-9_./()（）:：、\u4e00-\u9fff]+/g

/** A title or an operation id as a name of the contract: what a name may not hold becomes `_`. */
export function nameFrom(text: string): string {
  const name = text
    .slice(0, longest)
    .trim()
    .replaceAll(unfit, '_')
    .replace(/^[^A-Za-z0-9\u4e00-\u9fff]+/, '')
    .slice(0, 255)
  return name.length >= 3 ? name : `api_${name}`
}

/** A tag as the contract writes it, undefined when nothing is left of it. */
export function tagFrom(text: string): string | undefined {
  const tag = text
    .slice(0, longest)
    .trim()
    .replaceAll(/[^-A-Za-z0-9*#%.:_\u4e00-\u9fff]+/g, '_')
    .replace(/^[^A-Za-z\u4e00-\u9fff]+/, '')
    .slice(0, 128)
  return tag === '' ? undefined : tag
}

/** A description, which may be a whole page, as a remark: at most 255 characters, shortened when it is longer. */
export function remarkFrom(text: string | undefined): string {
  const characters = [...(text ?? '')]
  return characters.length <= 255 ? (text ?? '') : `${characters.slice(0, 254).join('')}…`
}
