import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Environment } from '../../documents/documents.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed, named } from '../lists.ts'
import { environmentOf } from '../lookup.ts'
import { environmentView } from '../views/environment.ts'
import { environmentBelongings, publicationBindings } from '../../documents/bindings.ts'

function refuseTaken(catalog: Catalog, instanceId: string, name: string, besides?: Environment): void {
  const taken = belongingTo(catalog, 'environment', 'instanceId', instanceId).some(
    other => other.name === name && other.id !== besides?.id,
  )
  if (taken) throw new AdminError('APIG.3205')
}

export const environments = {
  createEnvironmentV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      refuseTaken(catalog, instance.id, body.name)
      const environment: Environment = {
        id: hexId(),
        instanceId: instance.id,
        name: body.name,
        remark: body.remark ?? '',
        builtIn: false,
        createdAt: clock.now(),
      }
      return { edits: [{ put: 'environment', document: environment }], result: environmentView(environment) }
    })
  },

  listEnvironmentsV2({ query, instance }, { desk }) {
    const name = named(query.name)
    const found = belongingTo(desk.catalog(), 'environment', 'instanceId', instance.id).filter(environment =>
      name(environment.name),
    )
    return listed('envs', found, query, environmentView)
  },

  updateEnvironmentV2({ params, body, instance }, { desk }) {
    return desk.write(catalog => {
      const before = environmentOf(catalog, instance.id, params.env_id)
      if (before.builtIn && body.name !== before.name) throw new AdminError('APIG.1103')
      refuseTaken(catalog, instance.id, body.name, before)
      const environment: Environment = { ...before, name: body.name, remark: body.remark ?? '' }
      return { edits: [{ put: 'environment', document: environment }], result: environmentView(environment) }
    })
  },

  /** What is not published there any more but once was goes with it: versions, and authorisations without effect. */
  deleteEnvironmentV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id, builtIn } = environmentOf(catalog, instance.id, params.env_id)
      if (builtIn) throw new AdminError('APIG.1103')
      if (belongingTo(catalog, 'publication', 'environmentId', id).length > 0) throw new AdminError('APIG.3418')
      const left = (['api-version', ...publicationBindings, ...environmentBelongings] as const).flatMap(kind =>
        belongingTo(catalog, kind, 'environmentId', id).map((document): Edit => ({ remove: kind, id: document.id })),
      )
      return { edits: [...left, { remove: 'environment', id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
