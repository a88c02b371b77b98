import type { DocumentKind } from './documents.ts'

/**
 * The kinds of documents that hang on the publication of an API in an environment (`apiId`, `environmentId`). They survive
 * a re-publish, go when the API is taken offline there, and with the API.
 */
export const publicationBindings = [
  'app-authorization',
  'throttle-binding',
  'acl-binding',
  'signature-binding',
  'plugin-binding',
] as const satisfies readonly DocumentKind[]

/** The kinds of documents that belong to an app (`appId`) and go with it. */
export const appBelongings = [
  'app-code',
  'ai-api-key',
  'app-authorization',
  'throttle-special',
  'app-quota-binding',
  'app-acl',
] as const satisfies readonly DocumentKind[]

/** The kinds of documents that belong to an API group (`groupId`) and go with it. */
export const groupBelongings = [
  'domain',
  'environment-variable',
  'gateway-response',
] as const satisfies readonly DocumentKind[]

/** The kinds of documents that belong to an environment (`environmentId`) and go with it. */
export const environmentBelongings = ['environment-variable'] as const satisfies readonly DocumentKind[]
