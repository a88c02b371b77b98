import type { Instance } from '../../documents/documents.ts'

/** An instance in a list. Its times are numbers, milliseconds since the epoch: here alone. */
export function instanceView(instance: Instance) {
  return {
    id: instance.id,
    project_id: instance.projectId,
    instance_name: instance.name,
    status: 'Running' as const,
    instance_status: 6 as const,
    type: 'apig' as const,
    spec: 'BASIC' as const,
    create_time: instance.createdAt,
    enterprise_project_id: '0',
    eip_address: '',
    charging_mode: 0 as const,
    cbc_metadata: '',
    loadbalancer_provider: 'lvs' as const,
    cbc_operation_locks: [],
    description: instance.description,
    vpc_id: '',
    subnet_id: '',
    security_group_id: '',
  }
}

/** An instance alone. What only a cloud has is there, and empty: clients read the keys. */
export function instanceDetailView(instance: Instance, ingressAddress: string) {
  return {
    ...instanceView(instance),
    maintain_begin: '22:00:00',
    maintain_end: '02:00:00',
    ingress_ip: ingressAddress,
    ingress_ip_v6: '',
    user_id: '',
    nat_eip_ipv6_cidr: '',
    nat_eip_address: '',
    bandwidth_size: 0,
    bandwidth_charging_mode: '',
    available_zone_ids: '[az1]',
    instance_version: '',
    supported_features: [],
    node_ips: { livedata: [ingressAddress], shubao: [ingressAddress] },
    publicips: [],
    privateips: [{ ip_address: ingressAddress, bandwidth_size: 0 }],
    endpoint_services: [],
    is_releasable: true,
  }
}
