import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { Orchestration, OrchestrationMappedParam } from '../../documents/orchestration.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { orchestrationOf } from '../lookup.ts'
import { given } from '../rules/given.ts'
import { mapOf, mappedParamOf, type OrchestrationBody } from '../rules/orchestrations.ts'
import { apisWith } from '../rules/references.ts'
import { orchestratedApiView, orchestrationListView, orchestrationView } from '../views/orchestration.ts'

function refuseTaken(catalog: Catalog, orchestration: Orchestration): void {
  const taken = belongingTo(catalog, 'orchestration', 'instanceId', orchestration.instanceId).some(
    other => other.name === orchestration.name && other.id !== orchestration.id,
  )
  if (taken) throw new AdminError('APIG.3331')
}

/** All that a body says of a rule, in the place of what was said before. */
function said(body: OrchestrationBody, id: string, instanceId: string, createdAt: number, now: number): Orchestration {
  return {
    id,
    instanceId,
    name: body.orchestration_name,
    strategy: body.orchestration_strategy,
    isPreprocessing: body.is_preprocessing ?? false,
    ...given({ mappedParam: mappedParamOf(body) }),
    map: mapOf(body),
    createdAt,
    updatedAt: now,
  }
}

export const orchestrations = {
  createOrchestration({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const now = clock.now()
      const orchestration = said(body, hexId(), instance.id, now, now)
      refuseTaken(catalog, orchestration)
      return { edits: [{ put: 'orchestration', document: orchestration }], result: orchestrationView(orchestration) }
    })
  },

  listOrchestrations({ query, instance }, { desk }) {
    const id = exactly(query.orchestration_id)
    const name = named(query.orchestration_name, query.precise_search, 'orchestration_name')
    const found = belongingTo(desk.catalog(), 'orchestration', 'instanceId', instance.id).filter(
      orchestration => id(orchestration.id) && name(orchestration.name),
    )
    return listed('orchestrations', found, query, orchestrationListView)
  },

  showDetailsOfOrchestration({ params, instance }, { desk }) {
    return orchestrationView(orchestrationOf(desk.catalog(), instance.id, params.orchestration_id))
  },

  /** Backends and policies of the APIs that use it know its parameter by name, so that one stays. */
  updateOrchestration({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const before = orchestrationOf(catalog, instance.id, params.orchestration_id)
      const orchestration = said(body, before.id, instance.id, before.createdAt, clock.now())
      refuseTaken(catalog, orchestration)
      const changed =
        before.isPreprocessing !== orchestration.isPreprocessing ||
        !sameParam(before.mappedParam, orchestration.mappedParam)
      if (changed && apisWith(catalog, instance.id, 'orchestrations', before.id).length > 0)
        throw new AdminError('APIG.3713')
      return { edits: [{ put: 'orchestration', document: orchestration }], result: orchestrationView(orchestration) }
    })
  },

  deleteOrchestration({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const { id } = orchestrationOf(catalog, instance.id, params.orchestration_id)
      if (apisWith(catalog, instance.id, 'orchestrations', id).length > 0) throw new AdminError('APIG.3716')
      return { edits: [{ remove: 'orchestration', id }], result: undefined }
    })
  },

  listOrchestrationAttachedApis({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const orchestration = orchestrationOf(catalog, instance.id, params.orchestration_id)
    const id = exactly(query.api_id)
    const name = named(query.api_name)
    const found = apisWith(catalog, instance.id, 'orchestrations', orchestration.id).filter(
      api => id(api.id) && name(api.definition.name),
    )
    return listed('apis', found, query, api => orchestratedApiView(api, catalog))
  },
} satisfies Partial<Handlers>

function sameParam(one?: OrchestrationMappedParam, other?: OrchestrationMappedParam): boolean {
  return (
    one?.mapped_param_name === other?.mapped_param_name &&
    one?.mapped_param_type === other?.mapped_param_type &&
    one?.mapped_param_location === other?.mapped_param_location
  )
}
