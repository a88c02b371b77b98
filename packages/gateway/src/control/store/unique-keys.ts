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
  environment: ({ instanceId, name }) => [`${instanceId}/${name}`],
  api: ({ groupId, definition }) => [`${groupId}/${definition.name}`],
  'api-version': () => [],
  publication: ({ apiId, environmentId }) => [`${apiId}/${environmentId}`],
  // A call names the key and nothing else, so keys are unique over all instances.
  app: ({ instanceId, name, key }) => [`${instanceId}/${name}`, key],
  // An index is not sealed, so it holds a digest and never the code.
  'app-code': ({ code }) => [createHash('sha256').update(code.secret).digest('hex')],
  'app-authorization': ({ appId, apiId, environmentId }) => [`${appId}/${apiId}/${environmentId}`],
}

export const documentKinds = Object.keys(keysOf) as readonly DocumentKind[]
