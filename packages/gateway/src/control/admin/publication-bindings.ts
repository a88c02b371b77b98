import { adminErrors, type AdminErrorCode } from '@pailou/contract'

import { hexId } from '../../base/ids.ts'
import type { Catalog, Edit } from '../catalog.ts'
import type { Api, Documents, Publication } from '../documents/documents.ts'
import type { PublicationBinding } from '../documents/publication-binding.ts'
import { AdminError } from './admin-error.ts'
import { belongingTo } from './index-of.ts'
import { exactly, named } from './lists.ts'

/** What is alike wherever a policy is bound to publications of APIs: a new binding takes the place of the one before. */

export type BindingKind = {
  readonly [K in keyof Documents]: Documents[K] extends PublicationBinding ? K : never
}[keyof Documents]

/** A publication with the API that is published. */
export interface PublishedApi {
  readonly publication: Publication
  readonly api: Api
}

export interface BindRequest<K extends BindingKind> {
  readonly catalog: Catalog
  readonly instanceId: string
  readonly kind: K
  readonly publicationIds: readonly string[]
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Which of the bindings of a publication the new one replaces. */
  readonly replaces: (before: Documents[K]) => boolean
  /** Whether that one says already what is asked for: then it stays as it is. */
  readonly isSame: (before: Documents[K]) => boolean
  readonly make: (base: PublicationBinding) => Documents[K]
}

/** One binding for each publication, in the order of asking, and what has to be written. Throws 3015 for an unknown publication. */
export function bind<K extends BindingKind>(
  request: BindRequest<K>,
): {
  readonly edits: readonly Edit[]
  readonly bindings: readonly Documents[K][]
} {
  const { catalog, instanceId, kind, at, replaces, isSame, make } = request
  const edits: Edit[] = []
  const bindings = [...new Set(request.publicationIds)].map(publicationId => {
    const publication = catalog.get('publication', publicationId)
    if (publication?.instanceId !== instanceId) throw new AdminError('APIG.3015')
    const before = bindingsOf(catalog, kind, publicationId).find(replaces)
    if (before && isSame(before)) return before
    if (before) edits.push({ remove: kind, id: before.id })
    const { apiId, environmentId } = publication
    const binding = make({ id: hexId(), instanceId, publicationId, apiId, environmentId, createdAt: at })
    edits.push({ put: kind, document: binding } as Edit)
    return binding
  })
  return { edits, bindings }
}

/** The bindings of a kind at a publication. */
export function bindingsOf<K extends BindingKind>(
  catalog: Catalog,
  kind: K,
  publicationId: string,
): readonly Documents[K][] {
  return belongingTo(catalog, kind, 'publicationId' as keyof Documents[K] & string, publicationId)
}

/** A binding of an instance, or the error that `absent` names. */
export function bindingOf<K extends BindingKind>(
  catalog: Catalog,
  kind: K,
  instanceId: string,
  id: string,
  absent: AdminErrorCode,
): Documents[K] {
  const binding = catalog.get(kind, id)
  if (binding?.instanceId !== instanceId) throw new AdminError(absent)
  return binding
}

/** Removes many bindings. One that is not there is reported as a failure, and the others go all the same. */
export function unbindMany(
  catalog: Catalog,
  kind: BindingKind,
  instanceId: string,
  ids: readonly string[],
  absent: AdminErrorCode,
) {
  const wanted = [...new Set(ids)]
  const found = wanted.filter(id => catalog.get(kind, id)?.instanceId === instanceId)
  const failure = wanted
    .filter(id => !found.includes(id))
    .map(bind_id => ({ bind_id, error_code: absent, error_msg: adminErrors[absent].message }))
  return {
    edits: found.map((id): Edit => ({ remove: kind, id })),
    result: { success_count: found.length, failure },
  }
}

/** Where a binding is, with the API as it is now. */
export function placeOf(catalog: Catalog, binding: PublicationBinding): PublishedApi | undefined {
  const publication = catalog.get('publication', binding.publicationId)
  const api = catalog.get('api', binding.apiId)
  return publication && api && { publication, api }
}

/** Everything that is published in an instance, newest first. */
export function publishedApis(catalog: Catalog, instanceId: string): readonly PublishedApi[] {
  return belongingTo(catalog, 'publication', 'instanceId', instanceId).flatMap(publication => {
    const api = catalog.get('api', publication.apiId)
    return api ? [{ publication, api }] : []
  })
}

interface Filters {
  readonly env_id?: string
  readonly group_id?: string
  readonly api_id?: string
  readonly api_name?: string
  readonly tags?: string
}

/** Stands for "has no tag" among the tags of a filter. */
const untagged = '#no_tags#'

/** The filters that lists of published APIs have in common. */
export function publishedApiFilter(query: Filters): (published: PublishedApi) => boolean {
  const environment = exactly(query.env_id)
  const group = exactly(query.group_id)
  const id = exactly(query.api_id)
  const name = named(query.api_name)
  const wanted = query.tags?.split(',')
  return ({ publication, api }) => {
    const { tags } = api.definition
    return (
      environment(publication.environmentId) &&
      group(api.groupId) &&
      id(api.id) &&
      name(api.definition.name) &&
      (!wanted || wanted.some(tag => (tag === untagged ? tags.length === 0 : tags.includes(tag))))
    )
  }
}
