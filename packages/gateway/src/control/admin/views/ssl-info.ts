import type { Certificate } from '../../documents/certificate.ts'

/** What a domain shows of its certificate. */
export function sslInfo(certificate: Certificate) {
  return {
    ssl_id: certificate.id,
    ssl_name: certificate.name,
    algorithm_type: certificate.algorithmType,
    /** 1 of the instance, 2 global. */
    type: certificate.instanceId === undefined ? (2 as const) : (1 as const),
    is_has_trusted_root_ca: certificate.trustedRootCa !== undefined,
  }
}
