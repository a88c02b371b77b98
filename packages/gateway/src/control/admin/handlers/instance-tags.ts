import { pageOf } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { Instance } from '../../documents/documents.ts'
import { unsupported } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { named } from '../lists.ts'
import { distinctTags } from '../rules/instance-tags.ts'

/** What is asked of instances: all of it has to be so. */
interface Question {
  readonly without_any_tag?: boolean
  readonly tags?: readonly { readonly key: string; readonly values?: readonly string[] }[]
  readonly sys_tags?: readonly unknown[]
  readonly matches?: readonly { readonly value: string }[]
}

function found(catalog: Catalog, projectId: string, question: Question): readonly Instance[] {
  if (question.sys_tags && question.sys_tags.length > 0) throw unsupported('sys_tags')
  const names = (question.matches ?? []).map(({ value }) => named(value))
  return belongingTo(catalog, 'instance', 'projectId', projectId).filter(
    instance => names.every(name => name(instance.name)) && hasTags(instance, question),
  )
}

function hasTags({ tags = [] }: Instance, question: Question): boolean {
  if (question.without_any_tag === true) return tags.length === 0
  return (question.tags ?? []).every(({ key, values = [] }) =>
    tags.some(tag => tag.key === key && (values.length === 0 || values.includes(tag.value))),
  )
}

export const instanceTags = {
  listProjectInstanceTags({ project }, { desk }) {
    const all = belongingTo(desk.catalog(), 'instance', 'projectId', project.id).flatMap(({ tags = [] }) => tags)
    const byKey = [...Map.groupBy(all, ({ key }) => key)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return {
      tags: byKey.map(([key, tags]) => ({ key, values: [...new Set(tags.map(({ value }) => value))].toSorted() })),
    }
  },

  listInstanceTags({ instance }) {
    return { tags: (instance.tags ?? []).map(({ key, value }) => ({ key, value })) }
  },

  /** A key that is there already gets the new value. What is to be taken away and is not there is no error. */
  batchCreateOrDeleteInstanceTags({ body, instance }, { desk }) {
    return desk.write(catalog => {
      const before = catalog.get('instance', instance.id) ?? instance
      const old = before.tags ?? []
      const given = body.tags.map(({ key, value = '' }) => ({ key, value }))
      const gone = new Set(given.map(({ key }) => key))
      const tags = body.action === 'create' ? distinctTags([...old, ...given]) : old.filter(({ key }) => !gone.has(key))
      return { edits: [{ put: 'instance', document: { ...before, tags } }], result: undefined }
    })
  },

  showInstancesNumByTags({ body, project }, { desk }) {
    return { total_count: found(desk.catalog(), project.id, body).length }
  },

  listInstancesByTags({ body, query, project }, { desk }) {
    const all = found(desk.catalog(), project.id, body)
    const { offset, limit } = pageOf(query)
    const resources = all.slice(offset, offset + limit).map(({ id, name, tags = [] }) => ({
      resource_id: id,
      resource_name: name,
      tags: tags.map(({ key, value }) => ({ key, value })),
    }))
    return { resources, total_count: all.length }
  },
} satisfies Partial<Handlers>
