import { createHash } from 'node:crypto'

import { rfc3339 } from '../../../base/clock.ts'
import type { Instance } from '../../documents/documents.ts'
import type { Feature } from '../../documents/feature.ts'
import { featureOf } from '../rules/features.ts'

export function featureView(feature: Feature) {
  return {
    id: feature.id,
    name: feature.name,
    enable: feature.enabled,
    config: feature.config.secret,
    instance_id: feature.instanceId,
    update_time: rfc3339(feature.updatedAt),
  }
}

/** A feature that nobody has configured. It is stored nowhere, so its id follows from where it belongs. */
export function untouchedFeatureView(name: string, { id: instanceId, createdAt }: Instance) {
  const { enabled, config } = featureOf(name)
  return {
    id: createHash('sha256').update(`feature ${instanceId} ${name}`).digest('hex').slice(0, 32),
    name,
    enable: enabled,
    config,
    instance_id: instanceId,
    update_time: rfc3339(createdAt),
  }
}
