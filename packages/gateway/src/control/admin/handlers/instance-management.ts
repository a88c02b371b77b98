import { hexId } from '../../../base/ids.ts'
import type { Catalog, Edit } from '../../catalog.ts'
import type { Instance } from '../../documents/documents.ts'
import { settingsByDefault, type InstanceSettings } from '../../documents/instance-settings.ts'
import { newInstance } from '../../new-instance.ts'
import { documentKinds } from '../../store/unique-keys.ts'
import { AdminError, unsupported } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { instanceView } from '../views/instance.ts'
import { distinctTags } from '../rules/instance-tags.ts'

function refuseTaken(catalog: Catalog, projectId: string, name: string, besides?: Instance): void {
  const taken = belongingTo(catalog, 'instance', 'projectId', projectId).some(
    other => other.name === name && other.id !== besides?.id,
  )
  if (taken) throw new AdminError('APIC.7500')
}

/** What a body may say of the settings; the fields have the settings' names. */
interface SettingsBody extends Partial<Omit<InstanceSettings, 'spec'>> {
  readonly eip_id?: string
}

function settingsOf(body: SettingsBody & { readonly spec_id?: string }, before: InstanceSettings): InstanceSettings {
  if (body.eip_id !== undefined) throw unsupported('eip_id')
  const begin = body.maintain_begin ?? before.maintain_begin
  const end = fourHoursAfter(begin)
  if (body.maintain_end !== undefined && body.maintain_end !== end) throw new AdminError('APIC.7230')
  return {
    spec: body.spec_id ?? before.spec,
    vpc_id: body.vpc_id ?? before.vpc_id,
    subnet_id: body.subnet_id ?? before.subnet_id,
    security_group_id: body.security_group_id ?? before.security_group_id,
    enterprise_project_id: body.enterprise_project_id ?? before.enterprise_project_id,
    loadbalancer_provider: body.loadbalancer_provider ?? before.loadbalancer_provider,
    available_zone_ids: body.available_zone_ids ?? before.available_zone_ids,
    maintain_begin: begin,
    maintain_end: end,
    ipv6_enable: body.ipv6_enable ?? before.ipv6_enable,
    vpcep_service_name: body.vpcep_service_name ?? before.vpcep_service_name,
    bandwidth_size: body.bandwidth_size ?? before.bandwidth_size,
    bandwidth_charging_mode: body.bandwidth_charging_mode ?? before.bandwidth_charging_mode,
  }
}

/** `22:00:00` → `02:00:00`. */
function fourHoursAfter(time: string): string {
  return `${String((Number(time.slice(0, 2)) + 4) % 24).padStart(2, '0')}:00:00`
}

/** Every document of an instance, and the instance. */
function everythingOf(catalog: Catalog, instance: Instance): readonly Edit[] {
  const inside = documentKinds.flatMap(kind =>
    catalog
      .all(kind)
      .filter(document => 'instanceId' in document && document.instanceId === instance.id)
      .map(({ id }) => ({ remove: kind, id }) as Edit),
  )
  return [...inside, { remove: 'instance', id: instance.id }]
}

export const instanceManagement = {
  createInstanceV2({ body, project }, { desk, clock }) {
    return desk.write(catalog => {
      refuseTaken(catalog, project.id, body.instance_name)
      const instance: Instance = {
        id: hexId(),
        projectId: project.id,
        name: body.instance_name,
        description: body.description ?? '',
        settings: settingsOf(body, settingsByDefault),
        tags: distinctTags(body.tags ?? []),
        createdAt: clock.now(),
      }
      const message = 'The instance is running'
      return { edits: newInstance(instance, hexId()), result: { instance_id: instance.id, message, job_id: hexId() } }
    })
  },

  updateInstanceV2({ body, instance, project }, { desk }) {
    return desk.write(catalog => {
      const before = catalog.get('instance', instance.id) ?? instance
      const name = body.instance_name ?? before.name
      refuseTaken(catalog, project.id, name, before)
      const document: Instance = {
        ...before,
        name,
        description: body.description ?? before.description,
        settings: settingsOf(body, before.settings ?? settingsByDefault),
      }
      return { edits: [{ put: 'instance', document }], result: instanceView(document) }
    })
  },

  deleteInstancesV2({ instance }, { desk }) {
    return desk.write(catalog => {
      const published = belongingTo(catalog, 'publication', 'instanceId', instance.id).length
      if (published > 0) {
        throw new AdminError('APIC.7701', `Instance status conflict: APIs are published in it, ${published} in all`)
      }
      return { edits: everythingOf(catalog, instance), result: undefined }
    })
  },

  showDetailsOfInstanceProgressV2({ instance: { createdAt } }) {
    const status = 'success' as const
    return { progress: 100, status, error_code: '', error_msg: '', start_time: createdAt, end_time: createdAt }
  },

  showRestrictionOfInstanceV2() {
    return { restrict_cidrs: [], resource_subnet_cidr: '' }
  },

  listAvailableZonesV2() {
    const specs = ['BASIC', 'PROFESSIONAL', 'ENTERPRISE', 'PLATINUM']
    return {
      available_zones: [
        {
          id: 'az1',
          name: 'az1',
          code: 'az1',
          port: '',
          local_name: { en_us: 'This gateway', zh_cn: '本网关' },
          specs: Object.fromEntries(specs.map(spec => [spec, true])),
        },
      ],
    }
  },
} satisfies Partial<Handlers>
