import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Time } from '../schema.ts'

const family = 'AI API keys'
const path = `${instancePath}/apps/{app_id}/ai-api-keys` as const

const Key = closed({ id: Id, app_id: Id, ai_api_key: Type.String(), alias: Type.String(), create_time: Time })

export const aiApiKeys = [
  op({
    id: 'listAiApiKeys',
    method: 'GET',
    path,
    family,
    tier: 2,
    summary: 'List the AI API keys of an app',
    status: 200,
    params: inInstance('app_id'),
    query: listQuery(),
    response: listOf('ai_api_keys', Key),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'createAiApiKey',
    method: 'POST',
    path,
    family,
    tier: 2,
    summary: 'Give an app an AI API key; one is made up unless it is given',
    status: 201,
    params: inInstance('app_id'),
    body: Type.Object({
      ai_api_key: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+_/=-]+$', minLength: 8, maxLength: 128 })),
      alias: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    }),
    response: Key,
    errors: ['APIG.3004', 'APIG.3309'],
  }),
  op({
    id: 'showDetailsOfAiApiKey',
    method: 'GET',
    path: `${path}/{ai_api_key_id}`,
    family,
    tier: 2,
    summary: 'Show an AI API key',
    status: 200,
    params: inInstance('app_id', 'ai_api_key_id'),
    response: Key,
    errors: ['APIG.3004', 'APIG.3007'],
  }),
  op({
    id: 'deleteAiApiKey',
    method: 'DELETE',
    path: `${path}/{ai_api_key_id}`,
    family,
    tier: 2,
    summary: 'Take an AI API key from an app',
    status: 204,
    params: inInstance('app_id', 'ai_api_key_id'),
    errors: ['APIG.3004', 'APIG.3007'],
  }),
] as const
