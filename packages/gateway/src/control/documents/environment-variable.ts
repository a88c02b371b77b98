/** A value that the backends of an API group name as `#name#` and that differs from one environment to the next. */
export interface EnvironmentVariable {
  readonly id: string
  readonly instanceId: string
  readonly groupId: string
  readonly environmentId: string
  /** Case-sensitive. */
  readonly name: string
  readonly value: string
  readonly createdAt: number
}
