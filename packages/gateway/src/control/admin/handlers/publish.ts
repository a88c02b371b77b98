import type { Catalog, Desk, Edit } from '../../catalog.ts'
import { RehearsalError } from '../../compile/rehearsal-error.ts'
import type { Api, Environment } from '../../documents/documents.ts'
import { deleteVersion, offline, online, publicationOf, switchVersion } from '../../publish.ts'
import { AdminError, missing, unsupported } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed } from '../lists.ts'
import { apiOf, environmentOf, groupOf, versionOf } from '../lookup.ts'
import { environmentName, runtimeView, versionDetailView } from '../views/api.ts'
import { publicationView, versionView } from '../views/publication.ts'

type Action = 'online' | 'offline'
type PublicationView = ReturnType<typeof publicationView>

const batchLimit = 1000

interface Done {
  readonly edits: readonly Edit[]
  readonly result: PublicationView
}

/** Puts an API online in an environment, or takes it offline. Throws AdminError 3015 when there is nothing to take offline. */
function perform(catalog: Catalog, action: Action, api: Api, environmentId: string, remark: string, at: number): Done {
  const { name } = api.definition
  if (action === 'online') {
    const { edits, publication } = online(catalog, { api, environmentId, remark, at })
    return { edits, result: publicationView(publication, name) }
  }
  const publication = publicationOf(catalog, api.id, environmentId)
  if (!publication) throw new AdminError('APIG.3015')
  return { edits: offline(catalog, publication), result: publicationView(publication, name) }
}

export const publish = {
  createOrDeletePublishRecordForApiV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const api = apiOf(catalog, instance.id, body.api_id)
      const environment = environmentOf(catalog, instance.id, body.env_id)
      return perform(catalog, body.action, api, environment.id, body.remark ?? '', clock.now())
    })
  },

  async batchPublishOrOfflineApiV2({ query, body, instance }, { desk, clock }) {
    const environment = environmentOf(desk.catalog(), instance.id, body.env_id)
    const apiIds = batchOf(desk.catalog(), instance.id, body.apis, body.group_id)
    const action = query.action ?? 'online'
    return batch(desk, apiIds, (catalog, apiId) => {
      const api = apiOf(catalog, instance.id, apiId)
      return perform(catalog, action, api, environment.id, body.remark ?? '', clock.now())
    })
  },

  listApiVersionsV2({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, params.api_id)
    const environment = exactly(query.env_id)
    const name = exactly(query.env_name)
    const versions = belongingTo(catalog, 'api-version', 'apiId', api.id).filter(
      ({ environmentId }) => environment(environmentId) && name(environmentName(catalog, environmentId)),
    )
    return listed('api_versions', versions, query, version => versionView(version, catalog))
  },

  changeApiVersionV2({ params, body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const api = apiOf(catalog, instance.id, params.api_id)
      const version = versionOf(catalog, instance.id, body.version_id)
      if (version.apiId !== api.id) throw new AdminError('APIG.3022')
      // The group may be gone, and its host names with it.
      if (version.groupId !== api.groupId) throw unsupported('version_id (published when the API was in another group)')
      const { edits, publication } = switchVersion(catalog, version, clock.now())
      return { edits, result: publicationView(publication, api.definition.name) }
    })
  },

  listApiRuntimeDefinitionV2({ params, query, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    const api = apiOf(catalog, instance.id, params.api_id)
    const environment = query.env_id
      ? environmentOf(catalog, instance.id, query.env_id)
      : releaseOf(catalog, instance.id)
    const publication = publicationOf(catalog, api.id, environment.id)
    if (!publication) throw new AdminError('APIG.3015')
    const version = versionOf(catalog, instance.id, publication.versionId)
    return runtimeView(version, publication, environment, catalog, domainSuffix)
  },

  listApiVersionDetailV2({ params, instance }, { desk, domainSuffix }) {
    const catalog = desk.catalog()
    return versionDetailView(versionOf(catalog, instance.id, params.version_id), catalog, domainSuffix)
  },

  deleteApiByVersionIdV2({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const version = versionOf(catalog, instance.id, params.version_id)
      return { edits: deleteVersion(catalog, version), result: undefined }
    })
  },
} satisfies Partial<Handlers>

/** The built-in environment of an instance, which is meant where none is named. */
export function releaseOf(catalog: Catalog, instanceId: string): Environment {
  const release = belongingTo(catalog, 'environment', 'instanceId', instanceId).find(({ builtIn }) => builtIn)
  if (!release) throw new AdminError('APIG.3003')
  return release
}

function batchOf(
  catalog: Catalog,
  instanceId: string,
  apis: readonly string[] | undefined,
  groupId: string | undefined,
): readonly string[] {
  if (groupId) {
    const group = groupOf(catalog, instanceId, groupId)
    return belongingTo(catalog, 'api', 'groupId', group.id).map(({ id }) => id)
  }
  if (!apis || apis.length === 0) throw missing('apis')
  if (apis.length > batchLimit) throw new AdminError('APIG.2003', `The parameter value is too large,parameterName:apis`)
  return [...new Set(apis)]
}

interface Failure {
  readonly api_id: string
  readonly api_name: string
  readonly error_code: string
  readonly error_msg: string
}

/**
 * Does the same for many APIs in one write, and reports on each. An API that cannot be compiled is taken out of the write,
 * and the others are tried again without it.
 */
async function batch(desk: Desk, apiIds: readonly string[], act: (catalog: Catalog, apiId: string) => Done) {
  const hopeless = new Map<string, RehearsalError>()
  for (;;) {
    try {
      return await desk.write(catalog => {
        const edits: Edit[] = []
        const success: PublicationView[] = []
        const failure: Failure[] = []
        const fails = (apiId: string, error_code: string, error_msg: string): void => {
          failure.push({
            api_id: apiId,
            api_name: catalog.get('api', apiId)?.definition.name ?? '',
            error_code,
            error_msg,
          })
        }
        for (const apiId of apiIds) {
          const rehearsal = hopeless.get(apiId)
          if (rehearsal) {
            fails(apiId, 'APIG.2000', rehearsal.message)
            continue
          }
          try {
            const done = act(catalog, apiId)
            edits.push(...done.edits)
            success.push(done.result)
          } catch (error) {
            if (!(error instanceof AdminError)) throw error
            fails(apiId, error.code, error.message)
          }
        }
        return { edits, result: { success, failure } }
      })
    } catch (error) {
      if (!(error instanceof RehearsalError) || hopeless.has(error.apiId) || !apiIds.includes(error.apiId)) throw error
      hopeless.set(error.apiId, error)
    }
  }
}
