import type { DocumentKind } from './documents.ts'

/**
 * The kinds of documents that hang on the publication of an API in an environment (`apiId`, `environmentId`). They survive
 * a re-publish, go when the API is taken offline there, and with the API.
 */
export const publicationBindings = ['app-authorization'] as const satisfies readonly DocumentKind[]

/** The kinds of documents that belong to an app (`appId`) and go with it. */
export const appBelongings = ['app-code', 'app-authorization'] as const satisfies readonly DocumentKind[]
