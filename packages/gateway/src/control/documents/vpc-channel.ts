/** Servers among which the gateway chooses for each call. Members and groups are parts of it: they have no life of their own. */
export interface VpcChannel {
  readonly id: string
  readonly instanceId: string
  readonly name: string
  /** reference: the groups stand for other channels, and there are no members. */
  readonly type: 'builtin' | 'reference'
  /** Whether members are named by their address or by the id of a server. */
  readonly memberType: 'ip' | 'ecs'
  /** Of every member that has none of its own. */
  readonly port: number
  /** 1 weighted round robin, 2 weighted least connections, 3 hash of the caller's address, 4 hash of the URI. */
  readonly balanceStrategy: 1 | 2 | 3 | 4
  readonly dictCode?: string
  readonly groups: readonly ChannelMemberGroup[]
  readonly members: readonly ChannelMember[]
  readonly health?: ChannelHealth
  readonly createdAt: number
}

export interface ChannelMember {
  readonly id: string
  /** Of an ip channel: a host name or an IP address. */
  readonly host?: string
  /** Of an ecs channel: the id of a {@link Server}, and what it is called. */
  readonly serverId?: string
  readonly serverName?: string
  /** Absent: the channel's. */
  readonly port?: number
  /**
   * 0–10000, as it was written; absent, it is 1. The weight of its group counts more. Terraform writes 0 for a weight
   * that nobody has set: members that all have 0 are equal.
   */
  readonly weight?: number
  /** Serves only while no other member can. */
  readonly isBackup: boolean
  readonly enabled: boolean
  readonly groupId?: string
  readonly createdAt: number
}

export interface ChannelMemberGroup {
  readonly id: string
  readonly name: string
  readonly remark: string
  /** 1–100: the weight of each of its members, whatever theirs is. Absent: they have their own. */
  readonly weight?: number
  readonly dictCode?: string
  /** Kept and shown; they mean something to registries of microservices only. */
  readonly microserviceVersion?: string
  readonly microservicePort?: number
  readonly microserviceLabels?: readonly { readonly label_name: string; readonly label_value: string }[]
  /** Of a reference channel: the channel it stands for. */
  readonly channelId?: string
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ChannelHealth {
  readonly id: string
  readonly protocol: 'TCP' | 'HTTP' | 'HTTPS'
  readonly thresholdNormal: number
  readonly thresholdAbnormal: number
  /** Seconds. */
  readonly interval: number
  /** Seconds. */
  readonly timeout?: number
  readonly path?: string
  readonly method?: 'GET' | 'HEAD'
  /** Absent: the member's. */
  readonly port?: number
  /** `200,201,210-299` */
  readonly statusCodes?: string
  readonly clientCertificate?: boolean
  readonly enabled: boolean
  readonly createdAt: number
}

/** Where a server is that members of ecs channels name by its id. */
export interface Server {
  readonly id: string
  /** A host name or an IP address. */
  readonly address: string
  readonly createdAt: number
}
