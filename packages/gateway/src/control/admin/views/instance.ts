import type { Instance } from '../../documents/documents.ts'
import { settingsByDefault } from '../../documents/instance-settings.ts'
import { featureNames } from '../rules/features.ts'

/** An instance in a list. Its times are numbers, milliseconds since the epoch: here alone. */
export function instanceView(instance: Instance) {
  const settings = instance.settings ?? settingsByDefault
  return {
    id: instance.id,
    project_id: instance.projectId,
    instance_name: instance.name,
    status: 'Running' as const,
    instance_status: 6 as const,
    type: 'apig' as const,
    spec: settings.spec,
    create_time: instance.createdAt,
    enterprise_project_id: settings.enterprise_project_id,
    eip_address: '',
    charging_mode: 0 as const,
    cbc_metadata: '',
    loadbalancer_provider: settings.loadbalancer_provider,
    cbc_operation_locks: [],
    description: instance.description,
    vpc_id: settings.vpc_id,
    subnet_id: settings.subnet_id,
    security_group_id: settings.security_group_id,
  }
}

/** An instance alone. What only a cloud has is there, and empty: clients read the keys. */
export function instanceDetailView(instance: Instance, ingressAddress: string) {
  const settings = instance.settings ?? settingsByDefault
  return {
    ...instanceView(instance),
    maintain_begin: settings.maintain_begin,
    maintain_end: settings.maintain_end,
    ingress_ip: ingressAddress,
    ingress_ip_v6: '',
    user_id: '',
    nat_eip_ipv6_cidr: '',
    nat_eip_address: '',
    bandwidth_size: settings.bandwidth_size,
    bandwidth_charging_mode: settings.bandwidth_charging_mode,
    available_zone_ids: `[${settings.available_zone_ids.join(', ')}]`,
    instance_version: '',
    supported_features: featureNames,
    node_ips: { livedata: [ingressAddress], shubao: [ingressAddress] },
    publicips: [],
    privateips: [{ ip_address: ingressAddress, bandwidth_size: 0 }],
    endpoint_services: [],
    is_releasable: true,
  }
}
