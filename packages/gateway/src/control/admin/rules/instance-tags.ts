import type { InstanceTag } from '../../documents/instance-settings.ts'
import { AdminError, invalid } from '../admin-error.ts'

const tagsPerInstance = 20
const unfitKey = /^\s|\s$|[=*<>\\,|/\u0000-\u001f\u007f]|^_sys_/
const unfitValue = /[=*<>\\,|\u0000-\u001f\u007f]/

/** The tags as they are kept: each key once, the last value counts. Throws AdminError. */
export function distinctTags(tags: readonly InstanceTag[]): readonly InstanceTag[] {
  for (const [index, { key, value }] of tags.entries()) {
    if (unfitKey.test(key)) throw invalid(`tags[${index}].key`)
    if (unfitValue.test(value)) throw invalid(`tags[${index}].value`)
  }
  const distinct = new Map(tags.map(({ key, value }) => [key, { key, value }]))
  if (distinct.size > tagsPerInstance) throw new AdminError('APIC.7402')
  return [...distinct.values()]
}
