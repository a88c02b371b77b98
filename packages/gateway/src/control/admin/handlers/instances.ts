import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'
import { instanceDetailView, instanceView } from '../views/instance.ts'
import { releaseOf } from './publish.ts'

export const instances = {
  listInstancesV2({ query, project }, { desk }) {
    const id = exactly(query.instance_id)
    const name = named(query.instance_name)
    const status = exactly(query.status)
    const found = belongingTo(desk.catalog(), 'instance', 'projectId', project.id).filter(
      instance => id(instance.id) && name(instance.name) && status('Running'),
    )
    return listed('instances', found, query, instanceView)
  },

  showDetailsOfInstanceV2({ instance }, { ingressAddress }) {
    return instanceDetailView(instance, ingressAddress)
  },
} satisfies Partial<Handlers>

export const resourceOutline = {
  listApiGroupsQuantitiesV2({ instance }, { desk }) {
    return { onsell_nums: 0, offsell_nums: belongingTo(desk.catalog(), 'api-group', 'instanceId', instance.id).length }
  },

  listApiQuantitiesV2({ instance }, { desk }) {
    const catalog = desk.catalog()
    const all = belongingTo(catalog, 'api', 'instanceId', instance.id).length
    const released = belongingTo(catalog, 'publication', 'environmentId', releaseOf(catalog, instance.id).id).length
    return { instance_num: all, nums_on_release: released, nums_off_release: all - released }
  },

  listAppQuantitiesV2({ instance }, { desk }) {
    const catalog = desk.catalog()
    const apps = belongingTo(catalog, 'app', 'instanceId', instance.id)
    const authorized = apps.filter(({ id }) => belongingTo(catalog, 'app-authorization', 'appId', id).length > 0).length
    return { authed_nums: authorized, unauthed_nums: apps.length - authorized }
  },
} satisfies Partial<Handlers>
