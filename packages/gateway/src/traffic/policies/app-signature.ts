import { hash } from 'node:crypto'
import { emptyPayloadHash, parseAuthorization, sha256Hex, verify, type Authorization } from '@pailou/signer'
import type { Apps, ReadyApp } from '../apps.ts'
import { Refusal, refuse, type Caller, type Routed } from '../exchange.ts'
import { fieldNumber } from '../http1/fields.ts'
import type { Policy } from '../policy.ts'

const authorizationField = fieldNumber('authorization')
const payloadField = fieldNumber('x-sdk-content-sha256')

/** APP认证（签名）: the caller signs the request with an app's key and secret. */
export const appSignature: Policy<'app-signature'> = (_settings, { apps }) => ({
  identify(visit) {
    const header = visit.head.value(authorizationField)
    if (header === undefined) return undefined
    const authorization = parseAuthorization(header)
    // `Bearer` or `Basic` may be meant for the backend, and the caller may be known by another credential.
    if ('problem' in authorization && authorization.check === 'algorithm' && !/^(?:SDK|V11)-/.test(header))
      return undefined
    if ('problem' in authorization) return refuse('0303', { ...authorization, header: 'Authorization' })
    return identify(visit, authorization, apps)
  },
})

function identify(
  visit: Routed,
  authorization: Authorization,
  apps: Apps,
): Caller | Refusal | Promise<Caller | Refusal> {
  const app = apps.withKey(authorization.access)
  if (app === undefined) return refuse('0303', { check: 'app key', key: authorization.access, found: 'no such app' })
  if (!visit.head.hasBody) return decide(visit, authorization, app, emptyPayloadHash)
  // UNSIGNED-PAYLOAD: the caller did not sign the body, so it need not be read before it travels on.
  const claimed = visit.head.value(payloadField)
  if (claimed !== undefined && !/^[0-9A-Fa-f]{64}$/.test(claimed)) return decide(visit, authorization, app, undefined)
  return visit.body.collect().then(body => {
    if (body instanceof Refusal) return body
    return decide(visit, authorization, app, hash('sha256', body, 'hex'))
  })
}

function decide(
  visit: Routed,
  authorization: Authorization,
  app: ReadyApp,
  bodyHash: string | undefined,
): Caller | Refusal {
  const { head, target } = visit
  const request = {
    method: head.method,
    path: target.rawPath,
    query: target.query,
    headers: (name: string) => head.field(name),
    ...(bodyHash === undefined ? {} : { bodyHash }),
  }
  const result = verify(request, authorization, app.key, { now: visit.at, sha256 })
  if (result.ok) return app.caller
  const { ok: _, ...evidence } = result
  return refuse('0303', { ...evidence, app: { id: app.id, name: app.name } })
}

/** OpenSSL's hash in one call is three times as fast, but takes text as UTF-8: the same for ASCII, which nearly all are. */
function sha256(text: string): string {
  return Buffer.byteLength(text) === text.length ? hash('sha256', text, 'hex') : sha256Hex(text)
}
