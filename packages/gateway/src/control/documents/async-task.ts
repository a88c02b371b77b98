/** How a long operation has ended. */
export interface AsyncTask {
  readonly id: string
  readonly instanceId: string
  readonly type: 'import_api' | 'export_api'
  readonly status: 'succeed' | 'failed'
  /** JSON. */
  readonly result: string
  readonly createdAt: number
}
