/** What a cloud asks of an instance, in the contract's words. It is kept and shown, and means nothing here. */
export interface InstanceSettings {
  readonly spec: string
  readonly vpc_id: string
  readonly subnet_id: string
  readonly security_group_id: string
  readonly enterprise_project_id: string
  readonly loadbalancer_provider: string
  readonly available_zone_ids: readonly string[]
  readonly maintain_begin: string
  readonly maintain_end: string
  readonly ipv6_enable: boolean
  readonly vpcep_service_name: string
  /** Mbit/s. */
  readonly bandwidth_size: number
  readonly bandwidth_charging_mode: string
}

/** What an instance has of which nobody has said anything. */
export const settingsByDefault: InstanceSettings = {
  spec: 'BASIC',
  vpc_id: '',
  subnet_id: '',
  security_group_id: '',
  enterprise_project_id: '0',
  loadbalancer_provider: 'lvs',
  available_zone_ids: ['az1'],
  maintain_begin: '22:00:00',
  maintain_end: '02:00:00',
  ipv6_enable: false,
  vpcep_service_name: '',
  bandwidth_size: 0,
  bandwidth_charging_mode: '',
}

/** What instances are found by. A key is there once. */
export interface InstanceTag {
  readonly key: string
  readonly value: string
}
