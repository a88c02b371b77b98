import type { Catalog } from '../../catalog.ts'
import type { Domain, Instance } from '../../documents/documents.ts'
import { AdminError, unsupported } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'

type DomainPorts = NonNullable<Domain['ports']>

const standardPorts: DomainPorts = { http: 80, https: 443 }

interface PortsBody {
  readonly ingress_http_port?: number
  readonly ingress_https_port?: number
}

/**
 * The ports that a domain names, each the standard one or one that has been added to the instance. `before` are those
 * it has where the body names none. Throws AdminError.
 */
export function portsOf(catalog: Catalog, instance: Instance, body: PortsBody, before = standardPorts): DomainPorts {
  const { ingress_http_port: http = before.http, ingress_https_port: https = before.https } = body
  if (http === -1) throw unsupported('ingress_http_port')
  if (https === -1) throw unsupported('ingress_https_port')
  const known = belongingTo(catalog, 'ingress-port', 'instanceId', instance.id)
  const there = (protocol: 'HTTP' | 'HTTPS', port: number) =>
    known.some(one => one.protocol === protocol && one.port === port)
  if (http !== standardPorts.http && !there('HTTP', http)) throw new AdminError('APIG.2049')
  if (https !== standardPorts.https && !there('HTTPS', https)) throw new AdminError('APIG.2049')
  return { http, https }
}
