import { hexId } from '../../../base/ids.ts'
import { secret } from '../../../base/secret.ts'
import type { Feature } from '../../documents/feature.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { listed } from '../lists.ts'
import { configOf, featureNames, featureOf } from '../rules/features.ts'
import { featureView, untouchedFeatureView } from '../views/feature.ts'

export const instanceFeatures = {
  listFeaturesV2({ query, instance }, { desk }) {
    const configured = new Map(
      belongingTo(desk.catalog(), 'feature', 'instanceId', instance.id).map(feature => [feature.name, feature]),
    )
    return listed('features', featureNames, query, name => {
      const feature = configured.get(name)
      return feature ? featureView(feature) : untouchedFeatureView(name, instance)
    })
  },

  createFeatureV2({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const config = secret(configOf(featureOf(body.name), body.config))
      const before = belongingTo(catalog, 'feature', 'instanceId', instance.id).find(({ name }) => name === body.name)
      const now = clock.now()
      const feature: Feature = {
        id: before?.id ?? hexId(),
        instanceId: instance.id,
        name: body.name,
        enabled: body.enable,
        config,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      }
      return { edits: [{ put: 'feature', document: feature }], result: featureView(feature) }
    })
  },

  listInstanceFeatures({ query }) {
    return listed('features', featureNames, query, name => name)
  },
} satisfies Partial<Handlers>

export const apiTags = {
  listTagsV2({ query, instance }, { desk }) {
    const apis = belongingTo(desk.catalog(), 'api', 'instanceId', instance.id)
    const tags = [...new Set(apis.flatMap(({ definition }) => definition.tags))].toSorted()
    return listed('tags', tags, query, tag => tag)
  },
} satisfies Partial<Handlers>
