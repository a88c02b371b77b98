import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Time } from '../schema.ts'

const family = 'instance features'

const Feature = closed({
  id: Id,
  name: Type.String(),
  enable: Type.Boolean(),
  /** JSON in text, or `on` and `off`, as the feature has it. */
  config: Type.String(),
  instance_id: Id,
  update_time: Time,
})

export const instanceFeatures = [
  op({
    id: 'listFeaturesV2',
    method: 'GET',
    path: `${instancePath}/features`,
    family,
    tier: 1,
    summary: 'List all features with their configuration, those that nobody has configured too',
    status: 200,
    params: inInstance(),
    query: listQuery(),
    response: listOf('features', Feature),
  }),
  op({
    id: 'createFeatureV2',
    method: 'POST',
    path: `${instancePath}/features`,
    family,
    tier: 1,
    summary: 'Configure a feature',
    status: 201,
    params: inInstance(),
    body: Type.Object({
      name: Type.String({ minLength: 1 }),
      enable: Type.Boolean(),
      /** Left out, the feature has its default one. */
      config: Type.Optional(Type.String()),
    }),
    response: Feature,
  }),
  op({
    id: 'listInstanceFeatures',
    method: 'GET',
    path: `${instancePath}/instance-features`,
    family,
    tier: 1,
    summary: 'List the names of all features',
    status: 200,
    params: inInstance(),
    query: listQuery(),
    response: listOf('features', Type.String()),
  }),
] as const

export const apiTags = [
  op({
    id: 'listTagsV2',
    method: 'GET',
    path: `${instancePath}/tags`,
    family: 'API tags',
    tier: 1,
    summary: 'List the tags that APIs have',
    status: 200,
    params: inInstance(),
    query: listQuery(),
    response: listOf('tags', Type.String()),
  }),
] as const
