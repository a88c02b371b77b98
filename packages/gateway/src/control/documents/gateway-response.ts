import type { GatewayResponseType } from '@pailou/contract'

/** How the APIs of a group that name it word their refusals. */
export interface GatewayResponse {
  readonly id: string
  readonly instanceId: string
  readonly groupId: string
  readonly name: string
  /** What somebody has worded; every other type has its default. */
  readonly rules: GatewayResponseRules
  readonly createdAt: number
  readonly updatedAt: number
}

export type GatewayResponseRules = { readonly [T in GatewayResponseType]?: GatewayResponseRule }

export interface GatewayResponseRule {
  /** Absent: the refusal's own. */
  readonly status?: number
  readonly body: string
  readonly headers: readonly { readonly key: string; readonly value: string }[]
}
