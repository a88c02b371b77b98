import { rfc3339 } from '../../../base/clock.ts'
import type { Environment } from '../../documents/documents.ts'

export function environmentView(environment: Environment) {
  return {
    id: environment.id,
    name: environment.name,
    remark: environment.remark,
    create_time: rfc3339(environment.createdAt),
  }
}
