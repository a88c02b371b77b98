import { createHash } from 'node:crypto'
import type { DocumentKind, Documents } from '../documents/documents.ts'

/** At most two keys, each of which no other document of the kind may hold. */
export type UniqueKeys = readonly [first?: string, second?: string]

/**
 * The keys of a document. Ids stand before names in them: an id never holds a slash, so no two different pairs
 * can make the same key.
 */
export function uniqueKeys<K extends DocumentKind>(kind: K, document: Documents[K]): UniqueKeys {
  return keysOf[kind](document)
}

const keysOf: { readonly [K in DocumentKind]: (document: Documents[K]) => UniqueKeys } = {
  account: ({ name }) => [name],
  user: ({ accountId, name }) => [`${accountId}/${name}`],
  'access-key': ({ id }) => [id],
  project: ({ accountId, name }) => [`${accountId}/${name}`],
  instance: ({ projectId, name }) => [`${projectId}/${name}`],
  'api-group': ({ instanceId, name }) => [`${instanceId}/${name}`],
  // A host name leads to one group of one instance, whoever asks.
  domain: ({ name }) => [name],
  certificate: () => [],
  environment: ({ instanceId, name }) => [`${instanceId}/${name}`],
  'gateway-response': ({ groupId, name }) => [`${groupId}/${name}`],
  'feature': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'ingress-port': ({ instanceId, port }) => [`${instanceId}/${port}`],
  'ai-api-key': ({ key }) => [createHash('sha256').update(key.secret).digest('hex')],
  'endpoint-permission': ({ instanceId, permission }) => [`${instanceId}/${permission}`],
  'environment-variable': ({ groupId, environmentId, name }) => [`${groupId}/${environmentId}/${name}`],
  api: ({ groupId, definition }) => [`${groupId}/${definition.name}`],
  'api-version': () => [],
  publication: ({ apiId, environmentId }) => [`${apiId}/${environmentId}`],
  // A call names the key and nothing else, so keys are unique over all instances.
  app: ({ instanceId, name, key }) => [`${instanceId}/${name}`, key],
  // An index is not sealed, so it holds a digest and never the code.
  'app-code': ({ code }) => [createHash('sha256').update(code.secret).digest('hex')],
  'app-authorization': ({ appId, apiId, environmentId }) => [`${appId}/${apiId}/${environmentId}`],
  'app-quota': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'app-quota-binding': ({ appId }) => [appId],
  'app-acl': () => [],
  throttle: ({ instanceId, name }) => [`${instanceId}/${name}`],
  'throttle-special': ({ throttleId, objectType, objectId }) => [`${throttleId}/${objectType}/${objectId}`],
  'throttle-binding': ({ publicationId }) => [publicationId],
  acl: ({ instanceId, name }) => [`${instanceId}/${name}`],
  'acl-binding': ({ publicationId, entityType }) => [`${publicationId}/${entityType}`],
  'signature-key': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'signature-binding': ({ publicationId }) => [publicationId],
  'authorizer': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'orchestration': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'plugin': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'plugin-binding': ({ apiId, environmentId, pluginType }) => [`${apiId}/${environmentId}/${pluginType}`],
  'vpc-channel': ({ instanceId, name }) => [`${instanceId}/${name}`],
  'server': () => [],
  'async-task': () => [],
}

export const documentKinds = Object.keys(keysOf) as readonly DocumentKind[]
