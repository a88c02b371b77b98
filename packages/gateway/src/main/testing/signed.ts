import { createRequire } from 'node:module'

const { AKSKSigner } = createRequire(import.meta.url)('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js') as {
  AKSKSigner: {
    sign(request: object, credential: { getAk(): string; getSk(): string }): Record<string, string>
  }
}

export interface Credential {
  readonly key: string
  readonly secret: string
}

export interface ToSign {
  readonly method: string
  /** Without the query. */
  readonly url: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Of a JSON body, its value: the official signer writes it out itself. */
  readonly data?: unknown
}

/** The headers that the official signer makes of a request: those that were given, `host`, date and signature. */
export function officiallySigned({ method, url, query = {}, headers = {}, data }: ToSign, { key, secret }: Credential) {
  return AKSKSigner.sign(
    { endpoint: url, method, headers: { 'content-type': 'application/json', ...headers }, queryParams: query, data },
    { getAk: () => key, getSk: () => secret },
  )
}
